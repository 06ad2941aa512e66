/**
 * Holds every lot on the market against one request, over the columns of the search index: which fit, which
 * would if the buyer gave way a little, and what the others miss. Exact: where a column is not enough, the
 * lots in doubt are read.
 */
import { type RequestNeeds, compare, multiply, rational } from '@seam/coal';
import type { Currency } from '@seam/units';
import { type Freight, assayOf, listingsById } from '../../listings/public.ts';
import type { Connection } from '../../platform/db.ts';
import type { Search } from '../../search/public.ts';
import { NEAR_MISSES, READ_AT_ONCE } from '../limits.ts';
import type { RequestRow } from '../tables.ts';
import { type LimitColumn, LimitColumns, type Miss, limitColumn } from './limit-columns.ts';

type Index = Search['index'];
type Destination = ReturnType<Index['destination']>;

/** Why a lot does not fit. The first are in nobody's power to change; the others a buyer can give way on. */
export const BLOCKING = [
  'rank_not_wanted',
  'window_disjoint',
  'out_of_reach',
  'not_stated',
  'ceiling_not_comparable',
] as const;
type Code = (typeof BLOCKING)[number] | 'quantity_short' | 'price_above_ceiling' | Miss;

type Missing = { readonly code: Code; readonly limit?: LimitColumn; lots: number };

export type MarketPass = {
  readonly considered: number;
  /** Slots of the index, in no order. */
  readonly fitting: readonly number[];
  /** Slots that miss no more than NEAR_MISSES things, each of which a buyer can give way on. */
  readonly near: readonly { readonly slot: number; readonly misses: number }[];
  /** Slots that a blend could use: nothing stands in the way but limits that are about the mixture. */
  readonly mixable: readonly number[];
  /** Those of them that keep every limit by themselves. */
  readonly keeping: readonly number[];
  readonly missing: readonly Readonly<Missing>[];
  readonly destination: Destination;
};

const known = new WeakMap<Index, LimitColumns>();
/** A lot that changes while it is looked up is looked up again. */
const LOOKS_MAX = 4;

export async function passMarket(
  index: Index,
  connection: Connection,
  of: {
    readonly request: RequestRow;
    readonly needs: RequestNeeds;
    readonly freight: Freight | undefined;
    readonly now: Date;
  },
): Promise<MarketPass> {
  const { request, needs, freight, now } = of;
  const columns = known.get(index) ?? new LimitColumns(index.lots);
  known.set(index, columns);
  const limits = needs.limits.map(limitColumn);
  const destination = index.destination({ point: needs.place, currency: request.currency, freight });
  for (let looks = 1; ; looks += 1) {
    const slots = onOffer(index, request.buyerId, now);
    const unsure = slots.filter((slot) => limits.some((limit) => columns.missOf(limit, slot) === 'unsure'));
    if (unsure.length === 0 || looks === LOOKS_MAX)
      return judged(index, slots, { columns, limits, needs, destination });
    await settle(index, connection, unsure, columns, limits);
  }
}

/** Lots of certified sellers, of another company than the buyer's, whose time is not over. */
function onOffer({ lots }: Index, buyerId: string, now: Date): number[] {
  const { whole, real, words } = lots;
  const member = words.source.find('member');
  const buyer = lots.sellers.find(buyerId);
  const at = now.getTime();
  const slots: number[] = [];
  if (member === undefined) return slots;
  for (let slot = 0; slot < lots.top; slot += 1) {
    if (lots.ids[slot] === '' || whole.source[slot] !== member || whole.seller[slot] === buyer) continue;
    if (real.until[slot]! > at) slots.push(slot);
  }
  return slots;
}

async function settle(
  { lots }: Index,
  connection: Connection,
  unsure: readonly number[],
  columns: LimitColumns,
  limits: readonly LimitColumn[],
): Promise<void> {
  for (let from = 0; from < unsure.length; from += READ_AT_ONCE) {
    const some = unsure.slice(from, from + READ_AT_ONCE).map((slot) => ({ slot, id: lots.ids[slot]! }));
    const rows = await listingsById(
      connection,
      some.map(({ id }) => id),
    );
    for (const { slot, id } of some) {
      const row = rows.get(id);
      // Changed since it was taken in: the index will know soon.
      if (!row || lots.ids[slot] !== id || lots.whole.version[slot] !== row.version) continue;
      for (const limit of limits) {
        if (columns.missOf(limit, slot) === 'unsure') columns.learn(limit, slot, assayOf(row));
      }
    }
  }
}

type Judging = {
  readonly columns: LimitColumns;
  readonly limits: readonly LimitColumn[];
  readonly needs: RequestNeeds;
  readonly destination: Destination;
};

function judged(index: Index, slots: readonly number[], judging: Judging): MarketPass {
  const { columns, limits, destination } = judging;
  const fitting: number[] = [];
  const near: { slot: number; misses: number }[] = [];
  const mixable: number[] = [];
  const keeping: number[] = [];
  const plain = new Map<Code, Missing>();
  const ofLimit = limits.map(() => new Map<Code, Missing>());
  const rest = otherwise(index, judging);
  for (const slot of slots) {
    const others = rest(slot);
    let misses = others.length;
    let blocked = false;
    let mixes = true;
    for (const code of others) {
      count(plain, code);
      blocked ||= BLOCKS.has(code);
      mixes &&= !UNMIXABLE.has(code);
    }
    if (mixes) mixable.push(slot);
    const before = misses;
    for (let at = 0; at < limits.length; at += 1) {
      const limit = limits[at]!;
      const miss = columns.missOf(limit, slot);
      if (miss === undefined) continue;
      // Still in doubt after all looks: it keeps changing, and is not promised.
      const code = miss === 'unsure' ? 'not_stated' : miss;
      misses += 1;
      blocked ||= code === 'not_stated';
      count(ofLimit[at]!, code, limit);
    }
    if (misses === before && mixes) keeping.push(slot);
    if (misses === 0) fitting.push(slot);
    else if (!blocked && misses <= NEAR_MISSES) near.push({ slot, misses });
  }
  const missing = [plain, ...ofLimit].flatMap((counts) => [...counts.values()]);
  return { considered: slots.length, fitting, near, mixable, keeping, missing, destination };
}

function count(counts: Map<Code, Missing>, code: Code, limit?: LimitColumn): void {
  const known = counts.get(code);
  if (known) known.lots += 1;
  else counts.set(code, { code, ...(limit && { limit }), lots: 1 });
}

const BLOCKS: ReadonlySet<Code> = new Set(BLOCKING);
/** What keeps a lot out of any mixture. */
const UNMIXABLE: ReadonlySet<Code> = new Set<Code>(['rank_not_wanted', 'window_disjoint', 'out_of_reach']);

/** What a lot misses beside its quality. */
function otherwise({ lots }: Index, { needs, destination }: Judging): (slot: number) => readonly Code[] {
  const { whole, real, words } = lots;
  const ranks = needs.ranks && new Set(needs.ranks.map((rank) => words.rank.find(rank)));
  const [from, to] = [dayOf(needs.window.from), dayOf(needs.window.to)];
  const least = Number(needs.minimumQuantity ?? needs.quantity);
  const over = ceilingTest({ lots } as Index, needs, destination);
  // One list for all lots, each read before the next.
  const codes: Code[] = [];
  return (slot) => {
    codes.length = 0;
    if (ranks && !ranks.has(whole.rank[slot])) codes.push('rank_not_wanted');
    if (whole.windowFrom[slot]! > to || whole.windowTo[slot]! < from) codes.push('window_disjoint');
    if (!destination.leads(slot)) codes.push('out_of_reach');
    if (real.remaining[slot]! < least) codes.push('quantity_short');
    const price = over(slot);
    if (price) codes.push(price);
    return codes;
  };
}

/** Doubles decide where they can; exact fractions where the price is the ceiling to the last digits. */
function ceilingTest(
  { lots }: Index,
  { ceiling }: RequestNeeds,
  destination: Destination,
): (slot: number) => 'price_above_ceiling' | 'ceiling_not_comparable' | undefined {
  if (!ceiling) return () => undefined;
  const { real, whole, words } = lots;
  const limit = rational(ceiling.perTonne);
  const near = Number(ceiling.perTonne);
  const { rates } = destination.market;
  return (slot) => {
    const price = real.price[slot]!;
    if (Number.isNaN(price)) return undefined;
    if (ceiling.at === 'delivered') {
      if (!Number.isFinite(destination.perGigajoule(slot))) return 'ceiling_not_comparable';
      const cost = destination.perTonne(slot);
      if (Math.abs(cost - near) > near * DOUBT) return cost > near ? 'price_above_ceiling' : undefined;
      const exact = destination.exact(slot);
      return exact && compare(exact.perTonne, limit) <= 0 ? undefined : 'price_above_ceiling';
    }
    const rate = rates[words.currency.values[whole.currency[slot]!] as Currency];
    if (!rate) return 'ceiling_not_comparable';
    const asked = price * (Number(rate.numerator) / Number(rate.denominator));
    if (Math.abs(asked - near) > near * DOUBT) return asked > near ? 'price_above_ceiling' : undefined;
    return compare(multiply(rational(price), rate), limit) <= 0 ? undefined : 'price_above_ceiling';
  };
}

/** Far beyond the error of doubles. */
const DOUBT = 1e-9;

/** A window ends with the last millisecond of its last day. */
function dayOf(instant: number): number {
  return Math.floor(instant / 86_400_000);
}
