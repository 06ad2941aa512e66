/**
 * Trucks by their axles, and the highest gross that a road bears of each: GB 1589-2016 as it is known in the trade,
 * kilograms. A rigid truck carries less than a tractor with its trailer on as many axles.
 */
export const VEHICLES = [
  'rigid_2',
  'rigid_3',
  'rigid_4',
  'articulated_3',
  'articulated_4',
  'articulated_5',
  'articulated_6',
] as const;
export type Vehicle = (typeof VEHICLES)[number];

export const LEGAL_GROSS_KG: Readonly<Record<Vehicle, number>> = {
  rigid_2: 18_000,
  rigid_3: 25_000,
  rigid_4: 31_000,
  articulated_3: 27_000,
  articulated_4: 36_000,
  articulated_5: 43_000,
  articulated_6: 49_000,
};

export const axlesOf = (vehicle: Vehicle): number => Number(vehicle.slice(-1));
