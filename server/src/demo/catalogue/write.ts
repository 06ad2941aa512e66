/** Short hand for the catalogue's tables: decimal text as a lot sheet has it, to the exchange's integers. */
import {
  type Assay,
  type Basis,
  type CoalRank,
  type Share,
  decimal,
  roundHalfEven,
  toJoulesPerGram,
} from '@seam/coal';
import { type Currency, kilograms, parseMoney, parseTonnes } from '@seam/units';
import type { DemoLot } from './types.ts';

type ShareText = `${number} ${Basis}`;
type HeatText = `${number} ${DemoLot['heatTyped']['unit']} ${'gross' | 'net'} ${Basis}`;

export type LotSheet = {
  readonly key: string;
  readonly from: { readonly producer: string; readonly mine: string; readonly load?: string };
  readonly rank: CoalRank;
  /** Total moisture as received, inherent moisture air dried, percent. */
  readonly moisture: readonly [total: `${number}`, inherent: `${number}`];
  readonly ash: ShareText;
  readonly volatile: ShareText;
  readonly sulphur: ShareText;
  readonly heat: HeatText;
  readonly hardgrove?: number;
  /** Ash softening temperature, °C, reducing. */
  readonly softening?: number;
  readonly size: readonly [minMm: number, maxMm: number];
  readonly tonnes: number;
  readonly term: DemoLot['deliveryTerm'];
  /** Named place of the term, when it is not where the coal is loaded. */
  readonly to?: string;
  readonly by: DemoLot['transport'];
  readonly days: readonly [from: number, to: number];
} & ({ readonly price: `${number} ${Currency}` } | { readonly start: `${number} ${Currency}` });

/** @throws RangeError when a number of the sheet cannot be read. */
export function lot(sheet: LotSheet): DemoLot {
  const [price = '', currency = ''] = ('price' in sheet ? sheet.price : sheet.start).split(' ');
  const [value = '', unit = ''] = sheet.heat.split(' ');
  return {
    key: sheet.key,
    producer: sheet.from.producer,
    mine: sheet.from.mine,
    loadPlace: sheet.from.load ?? null,
    deliveryPlace: sheet.to ?? null,
    deliveryTerm: sheet.term,
    transport: sheet.by,
    rank: sheet.rank,
    assay: assayOf(sheet),
    heatTyped: { value, unit: unit as DemoLot['heatTyped']['unit'] },
    quantity: kilograms(BigInt(sheet.tonnes) * 1000n),
    sale: 'price' in sheet ? 'fixed_price' : 'auction',
    price: read(parseMoney(price), price),
    currency: currency as Currency,
    windowDays: sheet.days,
  };
}

function assayOf(sheet: LotSheet): Assay {
  const [value = '', unit = '', kind = '', basis = ''] = sheet.heat.split(' ');
  const [minMm, maxMm] = sheet.size;
  return {
    totalMoisture: share(`${sheet.moisture[0]} ar`),
    inherentMoisture: share(`${sheet.moisture[1]} ad`),
    ash: share(sheet.ash),
    volatileMatter: share(sheet.volatile),
    sulphur: share(sheet.sulphur),
    calorificValue: {
      joulesPerGram: toJoulesPerGram(decimal(value), unit as DemoLot['heatTyped']['unit']),
      kind: kind as 'gross' | 'net',
      basis: basis as Basis,
    },
    ...(sheet.hardgrove !== undefined && { hardgroveIndex: sheet.hardgrove }),
    ...(sheet.softening !== undefined && {
      ashFusion: { softeningCelsius: sheet.softening, atmosphere: 'reducing' as const },
    }),
    size: { minMm, maxMm },
  };
}

function share(text: string): Share {
  const [value = '', basis = ''] = text.split(' ');
  return { basisPoints: Number(roundHalfEven(decimal(value), 2)), basis: basis as Basis };
}

export function tonnes(count: number): DemoLot['quantity'] {
  return read(parseTonnes(String(count)), String(count));
}

export function money(text: `${number}`): DemoLot['price'] {
  return read(parseMoney(text), text);
}

function read<T>(value: T | undefined, text: string): T {
  if (value === undefined) throw new RangeError(`not a number of the catalogue: ${text}`);
  return value;
}
