/**
 * Money behind orders. The limit in the engine is never above what the ledger holds (L10): money is held
 * before the engine may count it, and comes back only for what the journal says the engine has let go.
 * Each step can be repeated, so a crash between two of them leaves work that is taken up again.
 */
import { LEG_AMOUNT_MAX, holdExposure, returnExposure } from '@seam/ledger';
import { type Currency, type Minor, minor, parseMoney } from '@seam/units';
import { eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import { memberActor } from '../exchange/types.ts';
import { type Tx, first, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { inTransaction } from '../platform/http.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { post } from '../settlement/public.ts';
import { ownerGroupOf } from '../members/public.ts';
import { admissionId } from './member-stops.ts';
import { type Accepted, EXCHANGE_ACTOR, type Market, mayBeTriedAgain, submit } from './market.ts';
import { type ExposureRow, exposure } from './tables.ts';

type Deps = { readonly sql: Sql; readonly market: Market };
type Input = { readonly instrumentId: string; readonly amount: string };

/** Also the id of the engine's command: one hold is counted once. */
const holdKeyOf = (exposureId: string): string => `exposure:${exposureId}`;

/** Holds money in the ledger and has the market count it. A refusal by the market gives it back. */
export async function hold(
  deps: Deps,
  principal: Principal,
  { instrumentId, amount: text }: Input,
): Promise<Accepted | Refusal> {
  const live = deps.market.market(instrumentId);
  if (!live) return refuse('market.unknown');
  const amount = positive(text);
  if (amount === undefined) return refuse('exposure.invalid', { fields: { amount: 'out_of_range' } });
  const id = newId();
  const currency = live.terms.currency as Currency;
  const orgId = principal.organisationId;
  const held = await inTransaction(deps.sql, async (tx) => {
    const posting = holdExposure({ holdKey: holdKeyOf(id), orgId, currency, instrumentId, amount });
    const outcome = await post(tx, posting);
    if (!outcome.ok) return refuse('ledger.insufficient_funds', { fields: { amount: 'insufficient_funds' } });
    const row = { id, instrumentId, accountId: orgId, personId: principal.personId, currency, amount };
    await orm(tx)
      .insert(exposure)
      .values({ ...row, state: 'held' });
    await enqueue(tx, {
      effectKey: `exposure-allocate:${id}`,
      topic: 'trading.allocate_exposure',
      payload: { exposureId: id },
    });
    return { id };
  });
  if (isRefusal(held)) return held;
  // Tried at once so that the member can trade; the outbox row repeats it with the same id if we die here.
  return allocate(deps, id);
}

/** Tells the market of held money, once. @returns its refusal, after giving the money back for good. */
export async function allocate(deps: Deps, exposureId: string): Promise<Accepted | Refusal> {
  const row = first(await orm(deps.sql).select().from(exposure).where(eq(exposure.id, exposureId)));
  assert(row, `exposure ${exposureId} without a row`);
  const { instrumentId, accountId } = row;
  const terms = deps.market.market(instrumentId)?.terms;
  const admitted = await admit(deps, { instrumentId, accountId });
  if (isRefusal(admitted)) return mayBeTriedAgain(admitted) ? admitted : refused(deps.sql, row, admitted);
  const answer = await submit(
    deps.market,
    {
      actor: EXCHANGE_ACTOR,
      cmdId: holdKeyOf(row.id),
      body: { type: 'allocate_exposure', instrumentId, accountId, amount: String(row.amount) },
    },
    terms,
  );
  return isRefusal(answer) && !mayBeTriedAgain(answer) ? refused(deps.sql, row, answer) : answer;
}

/** In the owner group that the centre has confirmed: orders of one group never meet. */
async function admit(
  { sql, market }: Deps,
  { instrumentId, accountId }: { instrumentId: string; accountId: string },
): Promise<Accepted | Refusal | undefined> {
  const live = market.market(instrumentId);
  if (live?.own.get(accountId)?.admitted) return undefined;
  const ownerGroup = await ownerGroupOf(sql, accountId);
  return submit(
    market,
    {
      actor: EXCHANGE_ACTOR,
      cmdId: admissionId(instrumentId, accountId, ownerGroup),
      body: {
        type: 'admit_account',
        instrumentId,
        accountId,
        ownerGroup,
        settlementClass: 'escrow',
      },
    },
    live?.terms,
  );
}

/** The engine has journaled that it never counts this hold. */
async function refused(sql: Sql, row: ExposureRow, refusal: Refusal): Promise<Refusal> {
  await sql.begin(async (tx) => {
    const moved = await tx`update exposure set state = 'returned', reason = ${refusal.refused}
      where id = ${row.id} and state = 'held'`;
    if (moved.count === 1)
      await giveBack(tx, { returnKey: `exposure-refused:${row.id}`, rows: [row], rest: 0n });
  });
  return refusal;
}

/** Takes back what no order and no trade needs: first the engine lets it go, then the ledger. */
export async function release(
  deps: Deps & { readonly caughtUp: (place: Accepted) => Promise<void> },
  principal: Principal,
  { instrumentId, amount: text, commandId }: Input & { readonly commandId: string },
): Promise<Accepted | Refusal> {
  const live = deps.market.market(instrumentId);
  if (!live) return refuse('market.unknown');
  const amount = positive(text);
  if (amount === undefined) return refuse('exposure.invalid', { fields: { amount: 'out_of_range' } });
  const accountId = principal.organisationId;
  const answer = await submit(
    deps.market,
    {
      actor: memberActor(accountId),
      cmdId: commandId,
      body: { type: 'release_exposure', instrumentId, accountId, amount: String(amount) },
    },
    live.terms,
  );
  if (isRefusal(answer)) return answer;
  // By now the projection has asked for the money; it is given at once rather than at the next sweep.
  await deps.caughtUp(answer);
  await deps.sql.begin(async (tx) => returnReleased(tx, { instrumentId, seq: answer.seq }));
  return answer;
}

/** Gives back what the engine let go in one entry, once. */
export async function returnReleased(
  tx: Tx,
  { instrumentId, seq }: { readonly instrumentId: string; readonly seq: number },
): Promise<void> {
  const [asked] = await tx<{ accountId: string; amount: string }[]>`
    update exposure_return set returned_at = now()
     where instrument_id = ${instrumentId} and seq = ${seq} and returned_at is null
    returning account_id as "accountId", amount::text`;
  if (!asked) return;
  const { accountId } = asked;
  // One at a time for one company in one market, in whichever order its releases come here.
  await tx`select pg_advisory_xact_lock(hashtextextended(${`exposure:${instrumentId}:${accountId}`}, 0))`;
  const rows = await counted(tx, { instrumentId, accountId, amount: BigInt(asked.amount) });
  const total = rows.reduce((sum, row) => sum + row.amount, 0n);
  const rest = total - BigInt(asked.amount);
  assert(rest >= 0n, `${accountId} in ${instrumentId}: ${asked.amount} let go, ${total} held`);
  await tx`update exposure set state = 'returned' where id in ${tx(rows.map(({ id }) => id))}`;
  await giveBack(tx, { returnKey: `exposure-return:${instrumentId}:${seq}`, rows, rest });
}

/** The oldest holds that the engine counted, as many as make up `amount`. */
async function counted(
  tx: Tx,
  of: { instrumentId: string; accountId: string; amount: bigint },
): Promise<ExposureRow[]> {
  const all = await tx<(Omit<ExposureRow, 'amount'> & { amount: string })[]>`
    select id, instrument_id as "instrumentId", account_id as "accountId", person_id as "personId", currency,
           amount::text, state, reason, created_at as "createdAt"
      from exposure where instrument_id = ${of.instrumentId} and account_id = ${of.accountId} and state = 'allocated'
     order by created_at, id for update`;
  const rows: ExposureRow[] = [];
  let sum = 0n;
  for (const row of all) {
    if (sum >= of.amount) break;
    rows.push({ ...row, amount: BigInt(row.amount) });
    sum += BigInt(row.amount);
  }
  return rows;
}

/** Ends the holds of `rows`; `rest` of them is held anew, still counted by the engine. */
async function giveBack(
  tx: Tx,
  { returnKey, rows, rest }: { returnKey: string; rows: readonly ExposureRow[]; rest: bigint },
): Promise<void> {
  const [row] = rows;
  assert(row, `${returnKey} ends no hold`);
  const { instrumentId, accountId, personId } = row;
  const currency = row.currency as Currency;
  const id = newId();
  if (rest > 0n) {
    const again = { id, instrumentId, accountId, personId, currency, amount: rest };
    await orm(tx)
      .insert(exposure)
      .values({ ...again, state: 'allocated', createdAt: row.createdAt });
  }
  const outcome = await post(
    tx,
    returnExposure({
      orgId: accountId,
      currency,
      instrumentId,
      returnKey,
      holds: rows.map(({ id: one, amount }) => ({ holdKey: holdKeyOf(one), amount: minor(amount) })),
      rest: rest === 0n ? null : { holdKey: holdKeyOf(id), amount: minor(rest) },
    }),
  );
  assert(outcome.ok, `${returnKey}: the ledger does not give back what it holds`);
}

/** What one posting can move. */
function positive(text: string): Minor | undefined {
  const amount = parseMoney(text);
  return amount !== undefined && amount > 0n && amount <= LEG_AMOUNT_MAX ? amount : undefined;
}
