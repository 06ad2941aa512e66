/**
 * What time does to a long-term contract. Run before every command and whenever something is due: silence
 * answers, published indices fix prices, windows end, ended periods are assessed, what nobody objected to is
 * owed. Each step writes what it finds once; repeating it changes nothing.
 */
import { and, eq } from 'drizzle-orm';
import { openDelivery } from '../contracts/public.ts';
import { endDelivery } from '../logistics/public.ts';
import { type Tx, orm } from '../platform/db.ts';
import { enqueue } from '../platform/outbox.ts';
import { cancelSettlement, returnContractSecurity, settlementStates } from '../settlement/public.ts';
import { assessEnded } from './assess.ts';
import { type Programme, loadProgramme } from './programme.ts';
import { type Day, dayOf, addDays, lastDayOf, startOf } from './rules/calendar.ts';
import { priceOf } from './rules/price.ts';
import { settleShortfalls } from './shortfalls.ts';
import { type CallOffRow, callOff, forceMajeure, longTerm, monthMove, priceInput } from './tables.ts';
import { settleTrueUps } from './true-ups.ts';

const DAY_MS = 24 * 3600_000;

/** Locks the contract and brings it to `now`. @returns undefined where there is none. */
export async function advance(tx: Tx, contractId: string, now: Date): Promise<Programme | undefined> {
  const found = await loadProgramme(tx, contractId, true);
  if (!found || found.row.state === 'closed') return found;
  const today = dayOf(now);
  await answerBySilence(tx, found, now);
  await endProposals(tx, found, { now, today });
  await openPriced(tx, (await loadProgramme(tx, contractId))!, { now, today });
  await endWindows(tx, (await loadProgramme(tx, contractId))!, { now, today });
  await assessEnded(tx, (await loadProgramme(tx, contractId))!, { now, today });
  await settleShortfalls(tx, (await loadProgramme(tx, contractId))!, now);
  await settleTrueUps(tx, (await loadProgramme(tx, contractId))!, now);
  const after = (await loadProgramme(tx, contractId))!;
  await closeDone(tx, after, { now, today });
  await wakeLater(tx, after, now);
  return loadProgramme(tx, contractId);
}

type Moment = { readonly now: Date; readonly today: Day };

async function setCallOff(tx: Tx, row: CallOffRow, to: Partial<CallOffRow>): Promise<void> {
  await orm(tx).update(callOff).set(to).where(eq(callOff.id, row.id));
}

/** The contract says what silence means. */
async function answerBySilence(tx: Tx, { callOffs, terms }: Programme, now: Date): Promise<void> {
  const state = terms.callOff.silence === 'confirms' ? 'confirmed' : 'declined';
  for (const row of callOffs)
    if (row.state === 'requested' && row.answerBy <= now)
      await setCallOff(tx, row, { state, answeredAt: row.answerBy });
}

/** A move between months that has begun to be history, and a declaration that nobody answered. */
async function endProposals(
  tx: Tx,
  { moves, majeures, terms }: Programme,
  { now, today }: Moment,
): Promise<void> {
  for (const move of moves) {
    const ended = [move.fromMonth, move.toMonth].some((month) => lastDayOf(month) < today);
    if (move.state === 'proposed' && ended)
      await orm(tx)
        .update(monthMove)
        .set({ state: 'lapsed', decidedAt: now })
        .where(eq(monthMove.id, move.id));
  }
  for (const one of majeures)
    if (one.state === 'declared' && contestedAt(one.declaredAt, terms.callOff.objectionDays) <= now)
      await orm(tx).update(forceMajeure).set({ state: 'contested' }).where(eq(forceMajeure.id, one.id));
}

const contestedAt = (declaredAt: Date, days: number): Date => new Date(declaredAt.getTime() + days * DAY_MS);

/** A confirmed call-off has its delivery as soon as its price is known. */
async function openPriced(tx: Tx, programme: Programme, { now, today }: Moment): Promise<void> {
  for (const row of programme.callOffs) {
    if (row.state !== 'confirmed') continue;
    const price = priceOf(programme.terms, row, programme.values);
    if (price.state !== 'fixed' || row.windowTo < today) continue;
    for (const { name, value } of price.inputs) {
      const { seriesId, month, version } = value;
      await orm(tx).insert(priceInput).values({ callOffId: row.id, name, seriesId, month, version });
    }
    await setCallOff(tx, row, { state: 'open', pricePerTonne: price.perTonne, pricedAt: now });
    await openDelivery(tx, {
      id: row.id,
      contractId: row.contractId,
      n: row.n,
      quantityKg: row.quantityKg,
      pricePerTonne: price.perTonne,
      windowFrom: row.windowFrom,
      windowTo: row.windowTo,
      createdAt: now,
    });
    await enqueue(tx, {
      effectKey: `settlement:${row.id}:open`,
      topic: 'settlement.open',
      payload: { contractId: row.id },
    });
  }
}

/** The last day has passed: what was not lifted lapses, and a delivery of nothing is called off its settlement. */
async function endWindows(tx: Tx, { callOffs }: Programme, { now, today }: Moment): Promise<void> {
  const over = callOffs.filter((row) => row.windowTo < today);
  for (const row of over.filter(({ state }) => state === 'confirmed'))
    await setCallOff(tx, row, { state: 'lapsed', closedAt: now });
  const open = over.filter(({ state }) => state === 'open');
  const states = await settlementStates(
    tx,
    open.map(({ id }) => id),
  );
  for (const row of open) {
    const settlement = states.get(row.id);
    if (settlement === undefined) continue;
    const lifted = await endDelivery(tx, row.id, now);
    // Paid this moment: its order is on its way, and ends by the next round.
    if (lifted === undefined && settlement === 'funded') continue;
    if ((lifted ?? 0n) === 0n)
      await cancelSettlement(tx, row.id, 'Nothing was lifted by the last day of the window.');
    await setCallOff(tx, row, { state: 'closed', liftedKg: lifted ?? 0n, closedAt: now });
  }
}

/** Every month is assessed, nothing is disputed and no money of a delivery is under way: the security goes back. */
async function closeDone(tx: Tx, programme: Programme, { now }: Moment): Promise<void> {
  const { row, terms, callOffs, assessments, shortfalls, trueUps } = programme;
  const assessed = terms.callOff.months.every(({ month }) =>
    assessments.some((one) => one.kind === 'month' && one.period === month),
  );
  const decided = shortfalls.every(({ state }) => state === 'owed' || state === 'waived');
  if (!assessed || !decided || trueUps.some(({ amount }) => amount === null)) return;
  const states = await settlementStates(
    tx,
    callOffs.map(({ id }) => id),
  );
  if ([...states.values()].some((state) => state !== 'closed' && state !== 'cancelled')) return;
  const { contractId: id, sellerId, buyerId } = row;
  await returnContractSecurity(tx, { id, sellerId, buyerId });
  await orm(tx)
    .update(longTerm)
    .set({ state: 'closed', closedAt: now })
    .where(and(eq(longTerm.contractId, id), eq(longTerm.state, 'running')));
}

/** The next moment at which time alone changes something. */
async function wakeLater(tx: Tx, programme: Programme, now: Date): Promise<void> {
  const { row, terms, callOffs, majeures, shortfalls } = programme;
  const moments = [
    ...callOffs.filter(({ state }) => state === 'requested').map(({ answerBy }) => answerBy),
    ...callOffs
      .filter(({ state }) => state === 'confirmed' || state === 'open')
      .map(({ windowTo }) => startOf(addDays(windowTo, 1))),
    ...terms.callOff.months.map(({ month }) => startOf(addDays(lastDayOf(month), 1))),
    ...majeures
      .filter(({ state }) => state === 'declared')
      .map(({ declaredAt }) => contestedAt(declaredAt, terms.callOff.objectionDays)),
    ...shortfalls.filter(({ state }) => state === 'noticed').map(({ objectBy }) => objectBy),
    // What waits for others (a settlement to close, a price to be published) is looked at once a day.
    startOf(addDays(dayOf(now), 1)),
  ].filter((at) => at > now);
  const next = moments.reduce((least, at) => (at < least ? at : least));
  await enqueue(tx, {
    effectKey: `long_term:${row.contractId}:${next.toISOString()}`,
    topic: 'long_term.advance',
    payload: { contractId: row.contractId },
    notBefore: next,
  });
}
