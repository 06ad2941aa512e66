/**
 * Lanes of the demo: invented, rounded charges of the right order, and no quotation of anybody. A place is
 * named by its key, the mouth of a mine by `mine:` and the key of the mine.
 */
import type { Currency } from '@seam/units';

export type DemoLane = {
  readonly from: string;
  readonly to: string;
  readonly mode: 'rail' | 'road' | 'river' | 'sea' | 'conveyor';
  readonly currency: Currency;
  /** Charge of a tonne, or of a tonne-kilometre with the terminal charge. */
  readonly charge: string | { readonly perTonneKm: string; readonly terminal: string };
  readonly handling: readonly [loading: string, unloading: string];
  readonly lossPermille: number;
  readonly km: number;
  readonly hours: number;
  readonly tonnesAMonth?: number;
  /** Key of the carrier whose lane it is; left out: a public tariff. */
  readonly carrier?: string;
};

type Sheet = readonly [
  from: string,
  to: string,
  charge: string,
  km: number,
  hours: number,
  tonnesAMonth?: number,
  carrier?: string,
];
type Common = Pick<DemoLane, 'mode' | 'currency' | 'handling' | 'lossPermille'>;

const lanes =
  (common: Common) =>
  (...sheets: readonly Sheet[]): DemoLane[] =>
    sheets.map(([from, to, charge, km, hours, tonnesAMonth, carrier]) => ({
      ...common,
      from,
      to,
      charge: charge.includes('+')
        ? { terminal: charge.split('+')[0]!, perTonneKm: charge.split('+')[1]! }
        : charge,
      km,
      hours,
      ...(tonnesAMonth !== undefined && { tonnesAMonth }),
      ...(carrier !== undefined && { carrier }),
    }));

const road = lanes({ mode: 'road', currency: 'CNY', handling: ['2.00', '2.00'], lossPermille: 2 });
const rail = lanes({ mode: 'rail', currency: 'CNY', handling: ['4.00', '6.00'], lossPermille: 8 });
const coastal = lanes({ mode: 'sea', currency: 'CNY', handling: ['22.00', '18.00'], lossPermille: 3 });
const river = lanes({ mode: 'river', currency: 'CNY', handling: ['6.00', '6.00'], lossPermille: 2 });
const ocean = lanes({ mode: 'sea', currency: 'USD', handling: ['2.50', '3.00'], lossPermille: 3 });
const indianRail = lanes({ mode: 'rail', currency: 'INR', handling: ['20.00', '20.00'], lossPermille: 8 });
const americanRail = lanes({ mode: 'rail', currency: 'USD', handling: ['0.50', '0.80'], lossPermille: 4 });
const barge = lanes({ mode: 'river', currency: 'USD', handling: ['1.00', '1.00'], lossPermille: 2 });

export const demoLanes: readonly DemoLane[] = [
  ...road(
    ['mine:daliuta', 'daliuta_station', '12.00', 14, 2],
    ['mine:hongliulin', 'daliuta_station', '26.00', 52, 3],
    ['mine:tashan', 'hudong', '18.00', 45, 3],
    ['mine:heidaigou', 'xuejiawan', '9.00', 12, 2],
    ['mine:haerwusu', 'xuejiawan', '10.00', 22, 2],
  ),
  ...rail(
    ['daliuta_station', 'huanghua', '16.00+0.155', 815, 30, 900_000],
    ['xuejiawan', 'qinhuangdao', '16.00+0.160', 860, 34, 700_000],
    ['xuejiawan', 'caofeidian', '16.00+0.158', 840, 33, 500_000],
    ['hudong', 'qinhuangdao', '16.00+0.150', 653, 24, 1_500_000],
    ['hudong', 'qinhuangdao', '14.00+0.148', 653, 26, 60_000, 'carrier_1'],
    ['hudong', 'jingtang', '16.00+0.152', 620, 24, 400_000],
    ['xuejiawan', 'tuoketuo', '8.00+0.200', 65, 6, 300_000],
    ['xilinhot', 'caofeidian', '16.00+0.165', 980, 40, 250_000],
  ),
  ...coastal(
    ['qinhuangdao', 'beilun', '34.00', 1_230, 72, 400_000],
    ['qinhuangdao', 'waigaoqiao', '30.00', 1_180, 68, 500_000],
    ['qinhuangdao', 'guangzhou', '46.00', 2_330, 130, 450_000],
    ['huanghua', 'beilun', '33.00', 1_190, 70, 350_000],
    ['huanghua', 'waigaoqiao', '29.50', 1_150, 66, 350_000],
    ['huanghua', 'guangzhou', '45.00', 2_300, 128, 300_000],
    ['caofeidian', 'waigaoqiao', '29.00', 1_120, 65, 300_000],
    ['caofeidian', 'guangzhou', '45.50', 2_290, 128, 250_000],
    ['jingtang', 'waigaoqiao', '29.50', 1_140, 66, 250_000],
    ['jingtang', 'guangzhou', '45.50', 2_310, 129, 200_000],
    ['rizhao', 'beilun', '24.00', 760, 44, 200_000],
    ['rizhao', 'waigaoqiao', '21.00', 620, 38, 200_000],
    ['qinhuangdao', 'waigaoqiao', '28.50', 1_180, 70, 90_000, 'carrier_2'],
    ['qinhuangdao', 'guangzhou', '44.00', 2_330, 134, 90_000, 'carrier_2'],
  ),
  ...river(['guangzhou', 'shajiao', '7.50', 45, 8, 300_000]),
  ...ocean(
    ['newcastle', 'beilun', '13.50', 8_600, 340],
    ['newcastle', 'guangzhou', '13.80', 8_300, 330],
    ['newcastle', 'mundra', '17.50', 12_600, 480],
    ['gladstone', 'beilun', '13.00', 7_900, 310],
    ['tanjung_bara', 'guangzhou', '8.20', 3_000, 130],
    ['tanjung_bara', 'beilun', '9.00', 3_700, 160],
    ['taboneo', 'guangzhou', '8.40', 3_300, 140],
    ['taboneo', 'mundra', '12.00', 6_900, 280],
    ['adang_bay', 'mundra', '12.20', 7_100, 290],
    ['richards_bay', 'mundra', '12.50', 7_600, 310],
    ['richards_bay', 'maasvlakte', '12.00', 13_000, 500],
    ['puerto_bolivar', 'maasvlakte', '11.00', 8_300, 330],
    ['puerto_drummond', 'maasvlakte', '11.20', 8_400, 335],
    ['baltimore', 'maasvlakte', '13.50', 6_600, 270],
    ['newcastle', 'maasvlakte', '24.00', 21_500, 820],
  ),
  ...indianRail(['korba', 'korba_plant', '60.00+1.400', 25, 5, 400_000]),
  ...americanRail(
    ['mine:black_thunder', 'mount_vernon', '2.50+0.0145', 2_050, 80, 300_000],
    ['mine:spring_creek', 'mount_vernon', '2.50+0.0150', 2_300, 90, 200_000],
  ),
  ...barge(['mount_vernon', 'gibson', '2.60', 75, 14, 200_000]),
];
