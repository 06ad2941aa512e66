/** The demo's catalogue, whole. What it is made of and where the facts are from: types.ts. */
import { americasAndMongolia } from './americas-mongolia.ts';
import { australia } from './australia.ts';
import { buyerPlaces, buyers, requests } from './buyers.ts';
import { china } from './china.ts';
import { indonesia } from './indonesia.ts';
import { southAsiaAndAfrica } from './south-asia-africa.ts';
import type { DemoBuyer, DemoLot, DemoMine, DemoPlace, DemoProducer, DemoRequest } from './types.ts';

export type * from './types.ts';

export type Catalogue = {
  readonly producers: readonly DemoProducer[];
  readonly buyers: readonly DemoBuyer[];
  readonly mines: readonly DemoMine[];
  readonly places: readonly DemoPlace[];
  readonly lots: readonly DemoLot[];
  readonly requests: readonly DemoRequest[];
};

const regions = [china, indonesia, australia, southAsiaAndAfrica, americasAndMongolia];

export const catalogue: Catalogue = {
  producers: regions.flatMap((region) => region.producers),
  buyers,
  mines: regions.flatMap((region) => region.mines),
  places: [...regions.flatMap((region) => region.places), ...buyerPlaces],
  lots: regions.flatMap((region) => region.lots),
  requests,
};
