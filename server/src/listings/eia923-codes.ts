/** Code lists of EIA Form 923, Page 5 (fuel receipts), and what they mean here. */
import type { CoalRank, TransportMode } from '@seam/coal';

/** Refined and synthetic coal (RC, SC, SGC) are products, not mined coal: they are not listed. */
export const RANKS: Readonly<Record<string, CoalRank>> = {
  ANT: 'anthracite',
  BIT: 'bituminous',
  SUB: 'sub_bituminous',
  LIG: 'lignite',
  WC: 'waste',
};

/** What else power plants receive and report on this form. */
export const OTHER_FUELS: ReadonlySet<string> = new Set(
  'NG OG BFG PG LFG OBG SGP DFO RFO KER JF WO PC AB MSW MSB MSN OBS OBL WDS WDL BLQ SLW TDF PUR WH SUN WND WAT GEO NUC OTH'.split(
    ' ',
  ),
);

/** Slurry pipelines (SP) and pipelines (PL) have no mode here. */
export const TRANSPORT: Readonly<Record<string, TransportMode>> = {
  RR: 'rail',
  RV: 'river',
  TR: 'road',
  TC: 'conveyor',
  CV: 'conveyor',
  TP: 'sea',
  WT: 'sea',
  GL: 'sea',
};

export const PURCHASE = { C: 'contract', NC: 'new_contract', S: 'spot' } as const;
export const MINE_TYPES = {
  S: 'surface',
  U: 'underground',
  P: 'preparation_plant',
  SU: 'surface_and_underground',
  US: 'surface_and_underground',
} as const;
export type Purchase = (typeof PURCHASE)[keyof typeof PURCHASE];
export type MineType = (typeof MINE_TYPES)[keyof typeof MINE_TYPES];

/** The form's own codes for the country of imported coal, in place of a state (ISO 3166-1 on the right). */
export const FOREIGN: Readonly<Record<string, string>> = {
  AU: 'AU',
  CL: 'CO',
  CN: 'CA',
  IS: 'ID',
  PL: 'PL',
  RS: 'RU',
  UK: 'GB',
  VZ: 'VE',
};

export const STATES: ReadonlySet<string> = new Set(
  (
    'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY ' +
    'NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY'
  ).split(' '),
);
