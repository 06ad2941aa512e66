/**
 * Mistakes planted on order, for measuring reconciliation: each is made once, by what the bank tells or by its next
 * statement, and written down with the case that the exchange must open for it. The bank's own books stay right.
 *
 *   await plant(bank, { kind: 'wrong_closing', currency: 'CNY', amount: minor(100n) });
 *   … days end …
 *   const all = await plantedSoFar(bank);   // each: kind, amount, subject, cases
 *   await mend(bank, found);                // the bank says these right, where a bank can
 *
 * What strikes at the close of a day takes a day each, and the next one waits until the last was mended. The two about
 * payments strike the next payment that is ordered; `debit_unordered` needs money on our account.
 */
import { type Currency, type Minor, minor } from '@seam/units';
import { newId } from '../platform/id.ts';
import type { WrittenEntry } from '../settlement/bank/iso20022/camt-write.ts';
import { type BankAccount, accountBy, book, entriesOf, newRef } from './books.ts';
import { returnDeposit } from './customers.ts';
import type { BankSimulatorDeps, Tx } from './deps.ts';
import { tellEntries } from './events.ts';
import { type PlantKind, type Planted, keep, plantedSoFar } from './plants-kept.ts';
import { tellStatementAgain } from './statements.ts';

export type PlantWish = {
  readonly kind: PlantKind;
  readonly currency: Currency;
  readonly amount: Minor;
  /** A member's deposit reference, for kinds that pay in; without it the money is nobody's. */
  readonly reference?: string | undefined;
};

/** Plants one mistake; what pays in or out happens at once. @returns the ISO reason where the bank refuses. */
export async function plant(
  deps: BankSimulatorDeps,
  wish: PlantWish,
): Promise<Planted | { readonly refused: string }> {
  const at = deps.clock.now();
  const made = await deps.sql.begin(async (tx): Promise<{ id: number } | { refused: string }> => {
    const account = (await accountBy(tx, { kind: 'exchange', currency: wish.currency }))!;
    const outside = (await accountBy(tx, { kind: 'outside', currency: wish.currency }))!;
    return seed(deps, tx, at, { ...wish, account, outside });
  });
  if ('refused' in made) return made;
  if (wish.kind === 'returned_credit') await takeBack(deps, made.id);
  deps.wake();
  return (await plantedSoFar(deps, made.id))[0]!;
}

type Ground = PlantWish & { readonly account: BankAccount; readonly outside: BankAccount };

async function seed(
  deps: BankSimulatorDeps,
  tx: Tx,
  at: Date,
  ground: Ground,
): Promise<{ id: number } | { refused: string }> {
  const { kind, account, amount } = ground;
  const waiting = { kind, account: account.number, amount };
  switch (kind) {
    case 'sequence_gap':
    case 'duplicate_line':
    case 'other_currency':
    case 'wrong_sum':
    case 'wrong_opening':
    case 'wrong_closing':
    case 'settled_without_line':
    case 'line_after_failure':
      return { id: await keep(tx, { ...waiting, reference: ground.reference }) };
    case 'missing_line': {
      const ref = newRef();
      await tellEntries(deps, tx, at, { account, entries: [ghost(ground, ref, at)] });
      return { id: await keep(tx, { ...waiting, ref, reference: ground.reference, struckAt: at }) };
    }
    case 'debit_unordered': {
      const booked = await book(tx, at, {
        key: `planted.${newId()}`,
        debit: account.number,
        credit: ground.outside.number,
        amount,
        remittance: 'DIRECT DEBIT',
      });
      if ('refused' in booked) return booked;
      await tellEntries(deps, tx, at, { account, entries: await entriesOf(tx, account, booked) });
      return { id: await keep(tx, { ...waiting, ref: booked.ref, struckAt: at }) };
    }
    default:
      return { id: await payIn(deps, tx, at, ground) };
  }
}

/** Money that really comes, and what the bank says about it. */
async function payIn(deps: BankSimulatorDeps, tx: Tx, at: Date, ground: Ground): Promise<number> {
  const { kind, account, outside, amount, reference } = ground;
  const isNamed = reference !== undefined && kind !== 'wrong_reference' && kind !== 'extra_line';
  const booked = await book(tx, at, {
    key: `planted.${newId()}`,
    debit: outside.number,
    credit: account.number,
    amount,
    remittance: 'PAYMENT',
    ...(isNamed && { reference }),
  });
  if ('refused' in booked) throw new Error(`the outside cannot pay: ${booked.refused}`);
  const entries = (await entriesOf(tx, account, booked)).map((entry) => ({
    ...entry,
    ...(kind === 'wrong_amount' && { amount: minor(entry.amount + 1n) }),
    ...(kind === 'wrong_reference' && { reference: reference ?? null }),
  }));
  if (kind !== 'extra_line') await tellEntries(deps, tx, at, { account, entries });
  const about = { kind, account: account.number, amount, ref: booked.ref };
  return keep(tx, kind === 'returned_credit' ? about : { ...about, struckAt: at });
}

/** What was never booked. */
function ghost({ account, outside, amount, reference }: Ground, ref: string, at: Date): WrittenEntry {
  const day = at.toISOString().slice(0, 10);
  return {
    ref,
    direction: 'credit',
    amount,
    currency: account.currency,
    bookingDay: day,
    valueDay: day,
    endToEndId: null,
    reference: reference ?? null,
    remittance: 'PAYMENT',
    counterpartyName: outside.holderName,
    counterpartyAccount: outside.number,
    returnReason: null,
  };
}

/** The return is a movement of its own: the case is about that line. */
async function takeBack(deps: BankSimulatorDeps, id: number): Promise<void> {
  const [row] = await deps.sql<{ ref: string; account: string }[]>`
    select ref, account from planted where id = ${id}`;
  const back = await returnDeposit(deps, { ref: row!.ref, reason: 'AC04' });
  if ('refused' in back) throw new Error(`the deposit could not be taken back: ${back.refused}`);
  await deps.sql`update planted set subject = ${`${row!.account}.${back.ref}`},
    struck_at = ${deps.clock.now().toISOString()}::text::timestamptz where id = ${id}`;
}

type Struck = {
  readonly id: string;
  readonly kind: PlantKind;
  readonly account: string;
  readonly amount: string;
  readonly ref: string | null;
  readonly reference: string | null;
  readonly sequence: string | null;
  readonly subject: string;
};

/**
 * The bank says right what it said wrong, or does what it said.
 * @param ids of those to mend; absent: all that have been made. One that is mended before it is found never will be.
 * @returns how many it mended.
 */
export async function mend(deps: BankSimulatorDeps, ids?: readonly number[]): Promise<number> {
  const at = deps.clock.now();
  const count = await deps.sql.begin(async (tx) => {
    const rows = await tx<Struck[]>`
      select id::text, kind, account, amount::text, ref, reference, sequence::text, subject from planted
       where struck_at is not null and mended_at is null
         and ${ids === undefined ? tx`true` : tx`id = any (${ids.map(String)}::text[]::bigint[])`}
       order by planted.id for update`;
    let mended = 0;
    for (const row of rows) {
      if (!(await mendOne(deps, tx, at, row))) continue;
      await tx`update planted set mended_at = ${at.toISOString()}::text::timestamptz where id = ${row.id}`;
      mended += 1;
    }
    return mended;
  });
  deps.wake();
  return count;
}

async function mendOne(deps: BankSimulatorDeps, tx: Tx, at: Date, row: Struck): Promise<boolean> {
  const account = (await accountBy(tx, { number: row.account }))!;
  if (row.sequence !== null) {
    // One that was kept back is missed when the one after it has come.
    if (row.kind === 'sequence_gap' && !(await isFollowed(tx, row))) return false;
    await tellStatementAgain(deps, tx, { account: row.account, sequence: Number(row.sequence) });
    return true;
  }
  if (row.kind === 'settled_without_line') return carryOut(deps, tx, at, account, row.subject);
  if (row.kind !== 'missing_line') return false;
  const outside = (await accountBy(tx, { kind: 'outside', currency: account.currency }))!;
  const booked = await book(tx, at, {
    key: `planted.${row.id}`,
    ref: row.ref!,
    debit: outside.number,
    credit: account.number,
    amount: minor(BigInt(row.amount)),
    remittance: 'PAYMENT',
    ...(row.reference !== null && { reference: row.reference }),
  });
  return 'ref' in booked;
}

async function isFollowed(tx: Tx, { account, sequence }: Struck): Promise<boolean> {
  const [row] = await tx`select from account where number = ${account}
    and statement_sequence > ${sequence}::text::bigint`;
  return row !== undefined;
}

/** The order that was only said to be settled. */
async function carryOut(
  deps: BankSimulatorDeps,
  tx: Tx,
  at: Date,
  account: BankAccount,
  endToEndId: string,
): Promise<boolean> {
  const [order] = await tx<{ creditor: string; amount: string }[]>`
    select unpaid_creditor as creditor, unpaid_amount::text as amount from payment_order
     where end_to_end_id = ${endToEndId} and movement_ref is null and unpaid_creditor is not null`;
  if (!order) return false;
  const booked = await book(tx, at, {
    key: `order.${endToEndId}`,
    debit: account.number,
    credit: order.creditor,
    amount: minor(BigInt(order.amount)),
    endToEndId,
  });
  if ('refused' in booked) return false;
  await tx`update payment_order set movement_ref = ${booked.ref} where end_to_end_id = ${endToEndId}`;
  await tellEntries(deps, tx, at, { account, entries: await entriesOf(tx, account, booked) });
  return true;
}
