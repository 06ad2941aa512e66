/** What both sides settle between them while the contract runs: quantity moved between months, force majeure. */
import { formatTonnes, parseTonnes } from '@seam/units';
import { eq } from 'drizzle-orm';
import { type Tx, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { advance } from './advance.ts';
import { type Who, actingOn, actingOnRow } from './commands.ts';
import { type Programme, claimsOf, hasEnded, monthsOf } from './programme.ts';
import { dayOf } from './rules/calendar.ts';
import { covers, withMoves } from './rules/remaining.ts';
import { forceMajeure, monthMove } from './tables.ts';

type Move = { readonly fromMonth: string; readonly toMonth: string; readonly quantityKg: bigint };

export async function proposeMove(
  tx: Tx,
  who: Who,
  input: { contractId: string; fromMonth: string; toMonth: string; quantity: string; reason: string },
): Promise<Refusal | undefined> {
  const acting = await actingOn(tx, input.contractId, who);
  if (isRefusal(acting)) return acting;
  const { programme, side } = acting;
  if (side === null) return refuse('resource.not_found');
  const quantityKg = parseTonnes(input.quantity) ?? 0n;
  if (quantityKg <= 0n) return refuse('request.invalid', { fields: { quantity: 'not_positive' } });
  const { fromMonth, toMonth, contractId, reason } = input;
  const impossible = moveRefused(programme, { fromMonth, toMonth, quantityKg }, who.now);
  if (impossible) return impossible;
  await orm(tx).insert(monthMove).values({
    id: newId(),
    contractId,
    side,
    fromMonth,
    toMonth,
    quantityKg,
    reason,
    state: 'proposed',
    proposedBy: who.principal.personId,
    proposedAt: who.now,
  });
  return undefined;
}

/** Both months are still to come or running, and no call-off loses what it rests on. */
function moveRefused(programme: Programme, move: Move, now: Date): Refusal | undefined {
  const months = monthsOf(programme);
  const today = dayOf(now);
  const wrong = (field: string, accepted?: Record<string, string>) =>
    refuse('month_move.impossible', { fields: { [field]: 'impossible' }, ...(accepted && { accepted }) });
  const from = months.find(({ month }) => month === move.fromMonth);
  if (!from || hasEnded(programme, move.fromMonth, today) || monthIsOver(move.fromMonth, today))
    return wrong('fromMonth');
  const to = months.find(({ month }) => month === move.toMonth);
  if (!to || to === from || monthIsOver(move.toMonth, today)) return wrong('toMonth');
  const moved = withMoves(months, [{ ...move, kg: move.quantityKg }]);
  if (covers(moved, claimsOf(programme), programme.terms.callOff.carryOver)) return undefined;
  return wrong('quantity', { quantity: formatTonnes(mostMovable(programme, move)) });
}

const monthIsOver = (month: string, today: string): boolean => today.slice(0, 7) > month;

/** The largest quantity that could move: the answer to "how much then?". */
function mostMovable(programme: Programme, move: Move): bigint {
  const months = monthsOf(programme);
  const claims = claimsOf(programme);
  let [low, high] = [0n, move.quantityKg];
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    const moved = withMoves(months, [{ ...move, kg: middle }]);
    if (covers(moved, claims, programme.terms.callOff.carryOver)) low = middle;
    else high = middle - 1n;
  }
  return low;
}

export async function answerMove(
  tx: Tx,
  who: Who,
  input: { id: string; answer: 'agreed' | 'rejected' | 'withdrawn' },
): Promise<{ contractId: string } | Refusal> {
  const acting = await actingOnRow(tx, 'month_move', input.id, who);
  if (isRefusal(acting)) return acting;
  const { programme, side } = acting;
  const row = programme.moves.find(({ id }) => id === input.id)!;
  // Nobody agrees with itself, and nobody takes back what the other proposed.
  if (side === null || (input.answer === 'withdrawn') !== (row.side === side))
    return refuse('resource.not_found');
  if (row.state !== 'proposed') return refuse('month_move.closed');
  const impossible = input.answer === 'agreed' ? moveRefused(programme, row, who.now) : undefined;
  if (impossible) return impossible;
  await orm(tx)
    .update(monthMove)
    .set({ state: input.answer, decidedBy: who.principal.personId, decidedAt: who.now })
    .where(eq(monthMove.id, row.id));
  return { contractId: row.contractId };
}

export async function declareForceMajeure(
  tx: Tx,
  who: Who,
  input: { contractId: string; month: string; quantity: string; reason: string },
): Promise<Refusal | undefined> {
  const acting = await actingOn(tx, input.contractId, who);
  if (isRefusal(acting)) return acting;
  const { programme, side } = acting;
  if (side === null) return refuse('resource.not_found');
  const { month, contractId, reason } = input;
  const contracted = monthsOf(programme).find((one) => one.month === month)?.kg;
  const assessed = programme.assessments.some(({ kind, period }) => kind === 'month' && period === month);
  if (contracted === undefined || assessed)
    return refuse('force_majeure.period', { fields: { month: 'out_of_range' } });
  const said = programme.majeures
    .filter((one) => one.month === month && one.state !== 'refused')
    .reduce((sum, one) => sum + one.quantityKg, 0n);
  const most = contracted > said ? contracted - said : 0n;
  const quantityKg = parseTonnes(input.quantity) ?? 0n;
  if (quantityKg <= 0n || quantityKg > most)
    return refuse('request.invalid', {
      fields: { quantity: 'out_of_range' },
      accepted: { quantity: formatTonnes(most) },
    });
  await orm(tx).insert(forceMajeure).values({
    id: newId(),
    contractId,
    side,
    month,
    quantityKg,
    reason,
    state: 'declared',
    declaredBy: who.principal.personId,
    declaredAt: who.now,
  });
  return undefined;
}

/** The other side's word; where it contests, the centre's. */
export async function answerForceMajeure(
  tx: Tx,
  who: Who,
  input: { id: string; answer: 'accepted' | 'contested' | 'refused'; reason?: string },
): Promise<{ contractId: string } | Refusal> {
  const acting = await actingOnRow(tx, 'force_majeure', input.id, who);
  if (isRefusal(acting)) return acting;
  const { programme, side } = acting;
  const row = programme.majeures.find(({ id }) => id === input.id)!;
  if (side === row.side) return refuse('resource.not_found');
  if (row.state !== (side === null ? 'contested' : 'declared')) return refuse('force_majeure.closed');
  await orm(tx)
    .update(forceMajeure)
    .set({ state: input.answer, decidedBy: who.principal.personId, decidedAt: who.now })
    .where(eq(forceMajeure.id, row.id));
  if (side === null)
    await tx`insert into audit_entry (person_id, action, subject, detail) values
      (${who.principal.personId}, 'long_term.decide_force_majeure', ${row.id},
       ${tx.json({ answer: input.answer, reason: input.reason ?? null })})`;
  await advance(tx, row.contractId, who.now);
  return { contractId: row.contractId };
}
