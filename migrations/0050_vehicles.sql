-- 0050_vehicles · What kind of truck a pass is for: its axles say what it may weigh.

alter table pickup_pass
  add column vehicle text check (vehicle in ('rigid_2', 'rigid_3', 'rigid_4', 'articulated_3', 'articulated_4',
                                             'articulated_5', 'articulated_6'));
