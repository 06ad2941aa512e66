/**
 * Lots out of the columns as the wire shows them, written as text at once: the schema is fixed, and what is
 * written is held against it, and against the page of listings, by tests. Numbers below 2^53 are written
 * without big integers; what was rounded from fractions is rounded by them.
 */
import { type LandedCost, roundHalfUp } from '@seam/coal';
import { formatMoney } from '@seam/units';
import { DAY_MS } from './conditions.ts';
import type { Destination, Distances } from './destination.ts';
import { landedUnknown } from './landed-unknown.ts';
import { type Lots, NOWHERE } from './lots.ts';
import { MISSING, qualityColumn } from './quality-columns.ts';
import { type Shown, shownText } from './shown.ts';

const MOISTURE = qualityColumn('totalMoisture', 'ar')!;
const ASH = qualityColumn('ash', 'ar')!;
const SULPHUR = qualityColumn('sulphur', 'ar')!;

export type Places = {
  /** The same name is the same text of a lot. */
  readonly name: string;
  readonly destination: Destination | undefined;
  readonly toPlaceId: string | null;
  readonly distances: Distances | undefined;
  readonly shown: readonly Shown[];
};

export function lotJson(lots: Lots, slot: number, places: Places): string {
  return ownJson(lots, slot).toString() + placedJson(lots, slot, places);
}

/** As it goes out: what is kept of each lot is copied, not written again. @param rest all of the page that is no lot. */
export function pageJson(lots: Lots, slots: readonly number[], places: Places, rest: object): Buffer {
  const parts: Buffer[] = [PAGE_BEGIN];
  slots.forEach((slot, at) => {
    if (at > 0) parts.push(COMMA);
    parts.push(ownJson(lots, slot), keptPlacedJson(lots, slot, places));
  });
  parts.push(Buffer.from(`],${JSON.stringify(rest).slice(1)}`));
  return joined(parts);
}

/** Many answers are cut from one piece of memory, each its own part of it: a piece for each is dear. */
const PIECE_BYTES = 1 << 20;
let piece = Buffer.alloc(0);
let used = 0;

function joined(parts: readonly Buffer[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length > PIECE_BYTES / 4) return Buffer.concat(parts, length);
  if (used + length > piece.length) {
    piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    used = 0;
  }
  const whole = piece.subarray(used, used + length);
  used += length;
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const PAGE_BEGIN = Buffer.from('{"items":[');
const COMMA = Buffer.from(',');

/** What depends on the places of the search, to the last bracket. */
function placedJson(lots: Lots, slot: number, places: Places): string {
  const km = places.distances?.ofLot(slot) ?? Number.NaN;
  return (
    `,${landed(lots, slot, places)}` +
    `,"shown":[${shownJson(lots, slot, places.shown)}],"distanceKm":${Number.isNaN(km) ? null : km}}`
  );
}

function shownJson(lots: Lots, slot: number, shown: readonly Shown[]): string {
  return shown
    .map((each) => {
      const text = shownText(each, lots.quality[each.column]![slot]!);
      return text === undefined ? 'null' : `"${text}"`;
    })
    .join(',');
}

/** Texts kept, most of a kilobyte each. What is cheap is on many pages. */
const TEXTS_MAX = 50_000;
/** Texts kept of what depends on a search's places, a fifth of a kilobyte each. */
const PLACED_MAX = 100_000;

/** What was written of a lot, until it changes. */
type Text = { readonly step: number; readonly edition: number; readonly text: Buffer };
type Kept = {
  readonly own: Map<number, Text>;
  readonly placed: Map<string, Map<number, Text>>;
  count: number;
};
const kept = new WeakMap<Lots, Kept>();

function keptOf(lots: Lots): Kept {
  const known = kept.get(lots);
  if (known) return known;
  const made = { own: new Map(), placed: new Map(), count: 0 };
  kept.set(lots, made);
  return made;
}

/** What is the same wherever the coal is burnt, without the last bracket. */
function ownJson(lots: Lots, slot: number): Buffer {
  const { own } = keptOf(lots);
  const known = own.get(slot);
  const step = lots.changed[slot]!;
  // A company may change its name without its lots.
  const { edition } = lots.sellers;
  if (known?.step === step && known.edition === edition) return known.text;
  if (own.size >= TEXTS_MAX) own.clear();
  const text = Buffer.from(writeLot(lots, slot));
  own.set(slot, { step, edition, text });
  return text;
}

/** A cost at a place changes with the lot, and with the tariff, which is in the name of the places. */
function keptPlacedJson(lots: Lots, slot: number, places: Places): Buffer {
  const all = keptOf(lots);
  let here = all.placed.get(places.name);
  const known = here?.get(slot);
  const step = lots.changed[slot]!;
  if (known?.step === step) return known.text;
  if (all.count >= PLACED_MAX || !here) {
    if (all.count >= PLACED_MAX) {
      all.placed.clear();
      all.count = 0;
    }
    here = new Map();
    all.placed.set(places.name, here);
  }
  if (!known) all.count += 1;
  const text = Buffer.from(placedJson(lots, slot, places));
  here.set(slot, { step, edition: 0, text });
  return text;
}

function writeLot(lots: Lots, slot: number): string {
  const { whole, real, words, quality } = lots;
  const word = (name: 'currency' | 'saleMethod' | 'deliveryTerm'): string =>
    quoted(words[name].values[whole[name][slot]!]!);
  const heat = whole.heat[slot]!;
  const delivery = whole.delivery[slot]!;
  return (
    `{"id":${JSON.stringify(lots.ids[slot])},"state":"${words.state.values[whole.state[slot]!]}"` +
    `,"version":${whole.version[slot]},"source":"${words.source.values[whole.source[slot]!]}"` +
    `,"seller":${JSON.stringify(lots.sellers.items[whole.seller[slot]!])}` +
    `,"mine":${lots.sites.items[whole.mine[slot]!]!.json}` +
    `,"coalRank":"${words.rank.values[whole.rank[slot]!]}"` +
    `,"totalMoistureAr":${percent(quality[MOISTURE]![slot]!)}` +
    `,"ashAr":${percent(quality[ASH]![slot]!)},"sulphurAr":${percent(quality[SULPHUR]![slot]!)}` +
    `,"netCalorificValue":${heat > 0 ? heat : null}` +
    `,"quantity":"${tonnes(real.quantity[slot]!)}","remaining":"${tonnes(real.remaining[slot]!)}"` +
    `,"currency":${word('currency')},"price":${money(real.price[slot]!)}` +
    `,"startPrice":${money(real.startPrice[slot]!)},"saleMethod":${word('saleMethod')}` +
    `,"deliveryTerm":${word('deliveryTerm')}` +
    `,"deliveryPlace":${delivery === NOWHERE ? null : lots.sites.items[delivery]!.json}` +
    `,"windowFrom":"${day(whole.windowFrom[slot]!)}","windowTo":"${day(whole.windowTo[slot]!)}"` +
    `,"transport":"${words.transport.values[whole.transport[slot]!]}","flagCount":${whole.flags[slot]}` +
    `,"expiresAt":"${new Date(real.until[slot]!).toISOString()}"`
  );
}

function landed(lots: Lots, slot: number, { destination, toPlaceId }: Places): string {
  const near = destination?.near(slot);
  if (!destination || !near)
    return `"landed":null,"landedUnknown":"${landedUnknown(lots, slot, destination)}"`;
  let exact: LandedCost | undefined;
  const amount = (value: number, name: 'freightPerTonne' | 'perTonne' | 'perGigajoule'): string => {
    const beyond = value - Math.floor(value) - 0.5;
    if (Math.abs(beyond) > 1e-4 && value < 1e10) return money(Math.round(value));
    exact ??= destination.exact(slot)!;
    return `"${formatMoney(roundHalfUp(exact[name]))}"`;
  };
  return (
    `"landed":{"placeId":${toPlaceId === null ? null : JSON.stringify(toPlaceId)},"currency":"${destination.currency}"` +
    `,"distanceKm":${destination.distances.all()[lots.whole.delivery[slot]!]}` +
    `,"freightBasis":"${near.freightBasis}"` +
    `,"freightPerTonne":${amount(near.freightPerTonne, 'freightPerTonne')}` +
    `,"landedPerTonne":${amount(near.perTonne, 'perTonne')}` +
    `,"perGigajoule":${amount(near.perGigajoule, 'perGigajoule')}},"landedUnknown":null`
  );
}

function quoted(text: string): string {
  return text === '' ? 'null' : `"${text}"`;
}

/** Basis points as percent with two digits. */
function percent(basisPoints: number): string {
  return basisPoints === MISSING ? 'null' : `"${scaled(basisPoints, 100, 2)}"`;
}

function money(minor: number): string {
  return Number.isNaN(minor) ? 'null' : `"${scaled(minor, 100, 2)}"`;
}

function tonnes(kilograms: number): string {
  return scaled(kilograms, 1_000, 3);
}

/** Of a whole number not below zero. */
function scaled(value: number, unit: number, digits: number): string {
  const rest = value % unit;
  return `${(value - rest) / unit}.${String(rest).padStart(digits, '0')}`;
}

/** Lots share their days: each is written once. */
const days = new Map<number, string>();
function day(days1970: number): string {
  const known = days.get(days1970);
  if (known !== undefined) return known;
  if (days.size > 10_000) days.clear();
  const text = new Date(days1970 * DAY_MS).toISOString().slice(0, 10);
  days.set(days1970, text);
  return text;
}
