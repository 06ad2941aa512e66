/**
 * All that is known of one long-term contract, read at once: what both signed, what was called off, how far it
 * is lifted. With the row locked nothing of it moves but by the hand that holds the lock.
 */
import { and, asc, eq, inArray } from 'drizzle-orm';
import { type LibraryTerms, bindingContract } from '../contracts/public.ts';
import { type DeliveryProgress, deliveryProgress } from '../logistics/public.ts';
import { type Connection, first, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { type Day, type Month, lastDayOf } from './rules/calendar.ts';
import type { MonthFacts } from './rules/fulfilment.ts';
import { type Claim, type MonthQuantity, withMoves } from './rules/remaining.ts';
import {
  type AssessmentRow,
  type CallOffRow,
  type ForceMajeureRow,
  type IndexValueRow,
  type LongTermRow,
  type MonthMoveRow,
  type PriceInputRow,
  type ShortfallRow,
  type TrueUpRow,
  assessment,
  callOff,
  forceMajeure,
  indexValue,
  longTerm,
  monthMove,
  priceInput,
  shortfall,
  trueUp,
} from './tables.ts';

export type ProgrammeTerms = LibraryTerms & {
  readonly callOff: Required<NonNullable<LibraryTerms['callOff']>>;
};

export type Programme = {
  readonly row: LongTermRow;
  readonly terms: ProgrammeTerms;
  readonly callOffs: readonly CallOffRow[];
  readonly inputs: readonly PriceInputRow[];
  readonly progress: ReadonlyMap<string, DeliveryProgress>;
  readonly moves: readonly MonthMoveRow[];
  readonly majeures: readonly ForceMajeureRow[];
  readonly assessments: readonly AssessmentRow[];
  readonly shortfalls: readonly ShortfallRow[];
  readonly trueUps: readonly TrueUpRow[];
  /** Every version of every month of the series that its price follows. */
  readonly values: readonly IndexValueRow[];
};

export async function loadProgramme(
  connection: Connection,
  contractId: string,
  lock = false,
): Promise<Programme | undefined> {
  const db = orm(connection);
  const query = db.select().from(longTerm).where(eq(longTerm.contractId, contractId));
  const row = first(await (lock ? query.for('update') : query));
  if (!row) return undefined;
  const contract = await bindingContract(connection, contractId);
  const terms = contract?.terms;
  assert(
    terms?.schema === 'seam.contract.2' && terms.callOff?.window !== undefined,
    `contract ${contractId} is not called off by the exchange`,
  );
  const callOffs = await db
    .select()
    .from(callOff)
    .where(eq(callOff.contractId, contractId))
    .orderBy(asc(callOff.n));
  const ids = callOffs.map(({ id }) => id);
  const series = terms.priceLater?.series.map(({ seriesId }) => seriesId) ?? [];
  const mine = { contractId };
  return {
    row,
    terms: terms as ProgrammeTerms,
    callOffs,
    progress: await deliveryProgress(connection, ids),
    ...(await paperOf(connection, mine.contractId)),
    inputs:
      ids.length === 0 || series.length === 0
        ? []
        : await db.select().from(priceInput).where(inArray(priceInput.callOffId, ids)),
    trueUps:
      ids.length === 0 || series.length === 0
        ? []
        : await db
            .select()
            .from(trueUp)
            .where(inArray(trueUp.callOffId, ids))
            .orderBy(asc(trueUp.createdAt), asc(trueUp.version)),
    values:
      series.length === 0
        ? []
        : await db
            .select()
            .from(indexValue)
            .where(inArray(indexValue.seriesId, series))
            .orderBy(asc(indexValue.month), asc(indexValue.version)),
  };
}

async function paperOf(connection: Connection, contractId: string) {
  const db = orm(connection);
  return {
    moves: await db
      .select()
      .from(monthMove)
      .where(eq(monthMove.contractId, contractId))
      .orderBy(asc(monthMove.proposedAt), asc(monthMove.id)),
    majeures: await db
      .select()
      .from(forceMajeure)
      .where(eq(forceMajeure.contractId, contractId))
      .orderBy(asc(forceMajeure.declaredAt), asc(forceMajeure.id)),
    assessments: await db.select().from(assessment).where(eq(assessment.contractId, contractId)),
    shortfalls: await db
      .select()
      .from(shortfall)
      .where(eq(shortfall.contractId, contractId))
      .orderBy(asc(shortfall.noticedAt), asc(shortfall.period), asc(shortfall.side)),
  };
}

export type Side = 'seller' | 'buyer';

/** Whose side a person is on; undefined for everybody to whom the contract does not exist. */
export function sideOf(
  row: Pick<LongTermRow, 'sellerId' | 'buyerId'>,
  principal: Principal,
): Side | null | undefined {
  if (principal.staff) return null;
  if (row.sellerId === principal.organisationId) return 'seller';
  return row.buyerId === principal.organisationId ? 'buyer' : undefined;
}

/** Why there is no long-term contract under this id, for somebody who may see the contract. */
export async function whyNone(
  connection: Connection,
  contractId: string,
  principal: Principal,
): Promise<Refusal> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(contractId)) return refuse('resource.not_found');
  const [row] = await connection<{ sellerId: string; buyerId: string; state: string; kind: string }[]>`
    select seller_id as "sellerId", buyer_id as "buyerId", state, kind from contract where id = ${contractId}`;
  if (!row || sideOf(row, principal) === undefined) return refuse('resource.not_found');
  return refuse(row.state === 'binding' ? 'long_term.not_called_off' : 'long_term.not_binding');
}

/** The months as they stand: as signed, with the moves that both agreed to. */
export function monthsOf({ terms, moves }: Pick<Programme, 'terms' | 'moves'>): MonthQuantity[] {
  const signed = terms.callOff.months.map(({ month, kg }) => ({ month, kg: BigInt(kg) }));
  const agreed = moves.filter(({ state }) => state === 'agreed');
  return withMoves(
    signed,
    agreed.map(({ fromMonth, toMonth, quantityKg }) => ({ fromMonth, toMonth, kg: quantityKg })),
  );
}

/** What a call-off takes of its month: all of it while it stands, what was lifted once its delivery has ended. */
export function claimedKg(row: CallOffRow, progress: Programme['progress']): bigint {
  if (row.state === 'declined' || row.state === 'withdrawn' || row.state === 'lapsed') return 0n;
  if (row.liftedKg !== null) return row.liftedKg;
  const delivery = progress.get(row.id);
  return delivery?.completed ? delivery.liftedKg : row.quantityKg;
}

export function claimsOf({ callOffs, progress }: Pick<Programme, 'callOffs' | 'progress'>): Claim[] {
  return callOffs.map((row) => ({ month: row.month, kg: claimedKg(row, progress) }));
}

export const liftedKg = (row: CallOffRow, progress: Programme['progress']): bigint =>
  row.liftedKg ?? progress.get(row.id)?.liftedKg ?? 0n;

/** What happened in a month so far. */
export function factsOf(programme: Programme, month: Month): MonthFacts {
  const { callOffs, progress, majeures } = programme;
  const own = callOffs.filter((row) => row.month === month);
  const sum = (rows: readonly CallOffRow[], of: (row: CallOffRow) => bigint) =>
    rows.reduce((total, row) => total + of(row), 0n);
  const excused = (side: Side) =>
    majeures
      .filter((one) => one.month === month && one.side === side && one.state === 'accepted')
      .reduce((total, one) => total + one.quantityKg, 0n);
  return {
    contracted: monthsOf(programme).find((one) => one.month === month)?.kg ?? 0n,
    delivered: sum(own, (row) => liftedKg(row, progress)),
    declined: sum(
      own.filter(({ state }) => state === 'declined'),
      ({ quantityKg }) => quantityKg,
    ),
    notSupplied: sum(own, ({ notSuppliedKg }) => notSuppliedKg),
    excusedSeller: excused('seller'),
    excusedBuyer: excused('buyer'),
  };
}

/** A month is over when its last day is, and no call-off of it is still under way. */
export function hasEnded({ callOffs }: Programme, month: Month, today: Day): boolean {
  const open = callOffs.some(
    (row) =>
      row.month === month && (row.state === 'requested' || row.state === 'confirmed' || row.state === 'open'),
  );
  return lastDayOf(month) < today && !open;
}

export async function runningProgrammes(connection: Connection): Promise<string[]> {
  const rows = await orm(connection)
    .select({ id: longTerm.contractId })
    .from(longTerm)
    .where(and(eq(longTerm.state, 'running')));
  return rows.map(({ id }) => id);
}
