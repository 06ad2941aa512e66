/**
 * What the parties do with a long-term contract. Each command locks the contract, lets time do what is due,
 * and then decides on what is left: of two at once, the second sees what the first took.
 */
import { formatTonnes, parseTonnes } from '@seam/units';
import { eq } from 'drizzle-orm';
import { type Tx, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { advance } from './advance.ts';
import { type Programme, type Side, claimsOf, liftedKg, monthsOf, sideOf, whyNone } from './programme.ts';
import { addDays, dayOf, daysBetween, isDay, lastDayOf, monthOf } from './rules/calendar.ts';
import { remainingIn } from './rules/remaining.ts';
import { type CallOffRow, callOff } from './tables.ts';

const DAY_MS = 24 * 3600_000;
/** A rolling window is at most this long. */
const WINDOW_DAYS_MAX = 31;

export type Who = { readonly principal: Principal; readonly now: Date };
export type Acting = { readonly programme: Programme; readonly side: Side | null };

/** The contract, locked and brought up to date, for somebody who may act on it. */
export async function actingOn(
  tx: Tx,
  contractId: string,
  { principal, now }: Who,
): Promise<Acting | Refusal> {
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(contractId);
  const programme = uuid ? await advance(tx, contractId, now) : undefined;
  if (!programme) return whyNone(tx, contractId, principal);
  const side = sideOf(programme.row, principal);
  if (side === undefined) return refuse('resource.not_found');
  return programme.row.state === 'closed' ? refuse('long_term.closed') : { programme, side };
}

/** The contract a row of one of its tables belongs to. */
export async function actingOnRow(
  tx: Tx,
  table: 'call_off' | 'month_move' | 'force_majeure' | 'shortfall',
  id: string,
  who: Who,
): Promise<Acting | Refusal> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return refuse('resource.not_found');
  const [row] = await tx<{ contractId: string }[]>`
    select contract_id as "contractId" from ${tx(table)} where id = ${id}`;
  if (!row) return refuse('resource.not_found');
  return actingOn(tx, row.contractId, who);
}

/** The buyer asks for a quantity of the month in which the window begins. */
export async function requestCallOff(
  tx: Tx,
  who: Who,
  input: { contractId: string; windowFrom: string; windowTo: string; quantity: string },
): Promise<Refusal | undefined> {
  const acting = await actingOn(tx, input.contractId, who);
  if (isRefusal(acting)) return acting;
  const { programme, side } = acting;
  if (side !== 'buyer') return refuse('resource.not_found');
  const wrong = windowRefused(programme, input, who.now);
  if (wrong) return wrong;
  const quantityKg = parseTonnes(input.quantity) ?? 0n;
  if (quantityKg <= 0n) return refuse('request.invalid', { fields: { quantity: 'not_positive' } });
  const twin = programme.callOffs.find(
    (row) =>
      row.state === 'requested' &&
      row.windowFrom === input.windowFrom &&
      row.windowTo === input.windowTo &&
      row.quantityKg === quantityKg,
  );
  if (twin) return refuse('call_off.duplicate', { fields: { quantity: 'duplicate' } });
  const month = monthOf(input.windowFrom);
  const left = remainingIn(
    month,
    monthsOf(programme),
    claimsOf(programme),
    programme.terms.callOff.carryOver,
  )!;
  if (quantityKg > left)
    return refuse('call_off.exceeds_remaining', {
      fields: { quantity: 'exceeds_remaining' },
      accepted: { quantity: formatTonnes(left) },
    });
  const { answerDays } = programme.terms.callOff;
  await orm(tx)
    .insert(callOff)
    .values({
      id: newId(),
      contractId: input.contractId,
      n: (programme.callOffs.at(-1)?.n ?? 0) + 1,
      month,
      quantityKg,
      windowFrom: input.windowFrom,
      windowTo: input.windowTo,
      state: 'requested',
      requestedBy: who.principal.personId,
      requestedAt: who.now,
      answerBy: new Date(who.now.getTime() + answerDays * DAY_MS),
    });
  return undefined;
}

function windowRefused(
  { terms }: Programme,
  { windowFrom: from, windowTo: to }: { windowFrom: string; windowTo: string },
  now: Date,
): Refusal | undefined {
  const { months, window, nominationDays } = terms.callOff;
  if (!isDay(from)) return refuse('request.invalid', { fields: { windowFrom: 'out_of_range' } });
  if (!isDay(to) || to < from) return refuse('request.invalid', { fields: { windowTo: 'out_of_range' } });
  const outside = (field: string, accepted: Record<string, string>) =>
    refuse('call_off.outside_window', { fields: { [field]: 'outside_window' }, accepted });
  const month = months.find((one) => one.month === monthOf(from))?.month;
  const last = months.at(-1)!.month;
  if (month === undefined)
    return outside('windowFrom', { earliest: `${months[0]!.month}-01`, latest: lastDayOf(last) });
  const latest = window === 'month' ? lastDayOf(month) : lastDayOf(last);
  if (to > latest) return outside('windowTo', { latest });
  if (daysBetween(from, to) > WINDOW_DAYS_MAX)
    return outside('windowTo', { latest: addDays(from, WINDOW_DAYS_MAX - 1) });
  const earliest = addDays(dayOf(now), nominationDays);
  return from < earliest
    ? refuse('call_off.too_late', { fields: { windowFrom: 'too_late' }, accepted: { earliest } })
    : undefined;
}

/** The seller's word, or the buyer's second thoughts: once. */
export async function answerCallOff(
  tx: Tx,
  who: Who,
  input: { id: string; answer: 'confirmed' | 'declined' | 'withdrawn'; reason?: string },
): Promise<{ contractId: string } | Refusal> {
  const acting = await actingOnRow(tx, 'call_off', input.id, who);
  if (isRefusal(acting)) return acting;
  const { programme, side } = acting;
  if (side !== (input.answer === 'withdrawn' ? 'buyer' : 'seller')) return refuse('resource.not_found');
  const row = programme.callOffs.find(({ id }) => id === input.id)!;
  if (row.state !== 'requested') return refuse('call_off.answered');
  await orm(tx)
    .update(callOff)
    .set({
      state: input.answer,
      answeredBy: who.principal.personId,
      answeredAt: who.now,
      reason: input.reason ?? null,
    })
    .where(eq(callOff.id, row.id));
  // A confirmed one is priced and opened at once where that is possible.
  await advance(tx, row.contractId, who.now);
  return { contractId: row.contractId };
}

/** The buyer says what it came for and did not get. Counts against the seller, who may object to what it owes. */
export async function reportNotSupplied(
  tx: Tx,
  who: Who,
  input: { id: string; quantity: string; reason: string },
): Promise<{ contractId: string } | Refusal> {
  const acting = await actingOnRow(tx, 'call_off', input.id, who);
  if (isRefusal(acting)) return acting;
  const { programme, side } = acting;
  if (side !== 'buyer') return refuse('resource.not_found');
  const row = programme.callOffs.find(({ id }) => id === input.id)!;
  if (!mayReport(programme, row)) return refuse('call_off.not_open');
  const quantityKg = parseTonnes(input.quantity) ?? 0n;
  const most = row.quantityKg - liftedKg(row, programme.progress);
  if (quantityKg <= 0n || quantityKg > most)
    return refuse('request.invalid', {
      fields: { quantity: 'out_of_range' },
      accepted: { quantity: formatTonnes(most) },
    });
  await orm(tx)
    .update(callOff)
    .set({ notSuppliedKg: quantityKg, notSuppliedReason: input.reason })
    .where(eq(callOff.id, row.id));
  return { contractId: row.contractId };
}

/** While its month is not assessed, of a delivery that the buyer has paid for or that has ended. */
export function mayReport(programme: Programme, row: CallOffRow): boolean {
  const assessed = programme.assessments.some(({ kind, period }) => kind === 'month' && period === row.month);
  const paid = row.state === 'closed' || programme.progress.has(row.id);
  return (row.state === 'open' || row.state === 'closed') && paid && !assessed;
}
