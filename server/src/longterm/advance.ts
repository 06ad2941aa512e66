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
  let programme = await loadProgramme(tx, contractId, true);
  if (!programme || programme.row.state === 'closed') return programme;
  const moment = { now, today: dayOf(now) };
  for (const step of STEPS) {
    // Read again only when something was written: most of the time nothing is due.
    if (await step(tx, programme, moment)) programme = (await loadProgramme(tx, contractId))!;
  }
  await wakeLater(tx, programme, now);
  return programme;
}

/** Each writes what is due by its own rule. @returns whether it wrote anything. */
type Step = (tx: Tx, programme: Programme, moment: Moment) => Promise<boolean>;

const STEPS: readonly Step[] = [
  answerBySilence,
  endProposals,
  openPriced,
  endWindows,
  assessEnded,
  settleShortfalls,
  settleTrueUps,
  closeDone,
];

type Moment = { readonly now: Date; readonly today: Day };

async function setCallOff(tx: Tx, row: CallOffRow, to: Partial<CallOffRow>): Promise<void> {
  await orm(tx).update(callOff).set(to).where(eq(callOff.id, row.id));
}

/** The contract says what silence means. */
async function answerBySilence(tx: Tx, { callOffs, terms }: Programme, { now }: Moment): Promise<boolean> {
  const state = terms.callOff.silence === 'confirms' ? 'confirmed' : 'declined';
  const silent = callOffs.filter((row) => row.state === 'requested' && row.answerBy <= now);
  for (const row of silent) await setCallOff(tx, row, { state, answeredAt: row.answerBy });
  return silent.length > 0;
}

/** A move between months that has begun to be history, and a declaration that nobody answered. */
async function endProposals(
  tx: Tx,
  { moves, majeures, terms }: Programme,
  { now, today }: Moment,
): Promise<boolean> {
  const lapsed = moves.filter(
    (move) =>
      move.state === 'proposed' && [move.fromMonth, move.toMonth].some((month) => lastDayOf(month) < today),
  );
  for (const move of lapsed)
    await orm(tx).update(monthMove).set({ state: 'lapsed', decidedAt: now }).where(eq(monthMove.id, move.id));
  const unanswered = majeures.filter(
    (one) => one.state === 'declared' && contestedAt(one.declaredAt, terms.callOff.objectionDays) <= now,
  );
  for (const one of unanswered)
    await orm(tx).update(forceMajeure).set({ state: 'contested' }).where(eq(forceMajeure.id, one.id));
  return lapsed.length + unanswered.length > 0;
}

const contestedAt = (declaredAt: Date, days: number): Date => new Date(declaredAt.getTime() + days * DAY_MS);

/** A confirmed call-off has its delivery as soon as its price is known. */
async function openPriced(tx: Tx, programme: Programme, { now, today }: Moment): Promise<boolean> {
  let opened = false;
  for (const row of programme.callOffs) {
    if (row.state !== 'confirmed') continue;
    const price = priceOf(programme.terms, row, programme.values);
    if (price.state !== 'fixed' || row.windowTo < today) continue;
    for (const { name, value } of price.inputs) {
      const { seriesId, month, version } = value;
      await orm(tx).insert(priceInput).values({ callOffId: row.id, name, seriesId, month, version });
    }
    opened = true;
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
  return opened;
}

/** The last day has passed: what was not lifted lapses, and a delivery of nothing is called off its settlement. */
async function endWindows(tx: Tx, { callOffs }: Programme, { now, today }: Moment): Promise<boolean> {
  const over = callOffs.filter((row) => row.windowTo < today);
  const unpriced = over.filter(({ state }) => state === 'confirmed');
  for (const row of unpriced) await setCallOff(tx, row, { state: 'lapsed', closedAt: now });
  const open = over.filter(({ state }) => state === 'open');
  let ended = unpriced.length > 0;
  const states = await settlementStates(
    tx,
    open.map(({ id }) => id),
  );
  for (const row of open) {
    const settlement = states.get(row.id);
    if (settlement === undefined) continue;
    const lifted = await endDelivery(tx, row.id, now);
    // Paid this moment: its order is on its way, and ends by the next round.
    if (lifted === 'waiting' || (lifted === undefined && settlement === 'funded')) continue;
    if ((lifted ?? 0n) === 0n)
      await cancelSettlement(tx, row.id, 'Nothing was lifted by the last day of the window.');
    ended = true;
    await setCallOff(tx, row, { state: 'closed', liftedKg: lifted ?? 0n, closedAt: now });
  }
  return ended;
}

/** Every month is assessed, nothing is disputed and no money of a delivery is under way: the security goes back. */
async function closeDone(tx: Tx, programme: Programme, { now }: Moment): Promise<boolean> {
  const { row, terms, callOffs, assessments, shortfalls, trueUps } = programme;
  const assessed = terms.callOff.months.every(({ month }) =>
    assessments.some((one) => one.kind === 'month' && one.period === month),
  );
  const decided = shortfalls.every(({ state }) => state === 'owed' || state === 'waived');
  if (!assessed || !decided || trueUps.some(({ amount }) => amount === null)) return false;
  const states = await settlementStates(
    tx,
    callOffs.map(({ id }) => id),
  );
  if ([...states.values()].some((state) => state !== 'closed' && state !== 'cancelled')) return false;
  const { contractId: id, sellerId, buyerId } = row;
  await returnContractSecurity(tx, { id, sellerId, buyerId });
  await orm(tx)
    .update(longTerm)
    .set({ state: 'closed', closedAt: now })
    .where(and(eq(longTerm.contractId, id), eq(longTerm.state, 'running')));
  return true;
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
