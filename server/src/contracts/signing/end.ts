/**
 * How a contract comes to nothing before it binds: declined by a party, refused by the centre, or not signed
 * in time. Whatever it is, it says who stood in its way, and gives back what was held for it.
 *
 * A contract of an award with a waiting bidder has its own deadline, kept by the market: not this one.
 */
import type { ContractState } from '@seam/protocol';
import { and, eq } from 'drizzle-orm';
import { type Tx, first, orm } from '../../platform/db.ts';
import { enqueue } from '../../platform/outbox.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { moveContract } from '../lifecycle.ts';
import { type ContractRow, contract, signingSession } from '../tables.ts';
import { contractOf } from './parties.ts';

export type VoidCause = NonNullable<ContractRow['voidCause']>;
export type VoidBy = NonNullable<ContractRow['voidBy']>;

/** Under the lock of the contract's row. The caller has asked the lifecycle. */
export async function makeVoid(
  tx: Tx,
  contractId: string,
  of: { cause: VoidCause; by: VoidBy | null; reason: string },
): Promise<void> {
  await orm(tx)
    .update(contract)
    .set({ state: 'voided', voidedReason: of.reason, voidCause: of.cause, voidBy: of.by })
    .where(eq(contract.id, contractId));
  await orm(tx)
    .update(signingSession)
    .set({ state: 'dropped', droppedBecause: 'contract.not_open' })
    .where(and(eq(signingSession.contractId, contractId), eq(signingSession.state, 'signed_waiting')));
  await enqueue(tx, {
    effectKey: `contract:${contractId}:voided`,
    topic: 'contracts.voided',
    payload: { contractId },
  });
}

/**
 * Whether both parties have signed, though the last signature may still wait for its timestamp: from then on
 * neither side, and no deadline, undoes the contract.
 */
export async function bothHaveSigned(tx: Tx, row: ContractRow): Promise<boolean> {
  if (row.state === 'buyer_signed' || row.state === 'binding') return true;
  const waiting = await orm(tx)
    .select({ id: signingSession.id })
    .from(signingSession)
    .where(
      and(
        eq(signingSession.contractId, row.id),
        eq(signingSession.field, 'sig_buyer'),
        eq(signingSession.state, 'signed_waiting'),
      ),
    );
  return waiting.length > 0;
}

/** A party will not sign: the contract is void, with the reason for the other side to read. */
export async function declineSigning(
  tx: Tx,
  principal: Principal,
  input: { contractId: string; reason: string },
): Promise<{ contractId: string } | Refusal> {
  const mine = await contractOf(tx, input.contractId, principal);
  if (!mine?.field) return refuse('resource.not_found');
  const row = await lockContract(tx, mine.row.id);
  if (!moveContract(row.state as ContractState, 'void') || (await bothHaveSigned(tx, row)))
    return refuse('contract.not_open');
  // A draft has no terms yet and is not a document that could be declined.
  if (row.terms === null) return refuse('contract.not_ready');
  const by = mine.field === 'sig_seller' ? 'seller' : 'buyer';
  await makeVoid(tx, row.id, { cause: 'declined', by, reason: input.reason });
  await tellAward(tx, row, `${by}_declined`);
  return { contractId: row.id };
}

/** The time to sign is over: void, and the side whose turn it was is named. */
export async function lapseIfDue(tx: Tx, row: ContractRow, now: Date): Promise<void> {
  if (row.signBy === null || row.signBy > now) return;
  if (await isOfAward(tx, row)) return askMarketAgain(tx, row);
  await lapse(tx, row);
}

/** The work of the deadline itself. */
export async function lapseContract(tx: Tx, contractId: string, now: Date): Promise<void> {
  const row = await lockContract(tx, contractId);
  if (row.signBy !== null && row.signBy > now) {
    // It was moved since, or our clock is behind the database's: it is waited for.
    await enqueueDeadline(tx, row.id, row.signBy, now);
    return;
  }
  if (!(await isOfAward(tx, row))) await lapse(tx, row);
}

async function lapse(tx: Tx, row: ContractRow): Promise<void> {
  if (!moveContract(row.state as ContractState, 'void') || (await bothHaveSigned(tx, row))) return;
  // The seller's signature may wait for its timestamp: it is not the seller who is late.
  const [kept] = await tx`select 1 from signing_session
    where contract_id = ${row.id} and field = 'sig_seller' and state = 'signed_waiting'`;
  const by = row.state === 'drafted' ? null : row.state === 'issued' && !kept ? 'seller' : 'buyer';
  await makeVoid(tx, row.id, { cause: 'lapsed', by, reason: 'The time to sign is over.' });
}

/** @param again when it is asked for once more: each time is work of its own. */
export async function enqueueDeadline(tx: Tx, contractId: string, signBy: Date, again?: Date): Promise<void> {
  await enqueue(tx, {
    effectKey: `contract:${contractId}:sign_due:${signBy.getTime()}${again ? `:${again.getTime()}` : ''}`,
    topic: 'contracts.sign_due',
    payload: { contractId },
    notBefore: signBy,
  });
}

export async function lockContract(tx: Tx, id: string): Promise<ContractRow> {
  return first(await orm(tx).select().from(contract).where(eq(contract.id, id)).for('update'))!;
}

/** An award may be waiting for what its contract comes to. */
export async function tellAward(tx: Tx, row: ContractRow, what: string): Promise<void> {
  if (!(await isOfAward(tx, row))) return;
  await enqueue(tx, {
    effectKey: `contract:${row.id}:${what}`,
    topic: 'auctions.contract_ended',
    payload: { contractId: row.id, what },
  });
}

async function awardOf(tx: Tx, row: ContractRow): Promise<{ auctionId: string; number: number } | undefined> {
  // An amendment of it is nothing that the market waits for.
  if (row.kind !== 'contract') return undefined;
  const [sale] = await tx<{ key: string }[]>`select origin_key as key from sale
    where id = ${row.saleId} and origin_key like 'auction:%:award:%'`;
  const [, auctionId, , number] = sale?.key.split(':') ?? [];
  return auctionId === undefined ? undefined : { auctionId, number: Number(number) };
}

async function isOfAward(tx: Tx, row: ContractRow): Promise<boolean> {
  return (await awardOf(tx, row)) !== undefined;
}

/** The market found it signed when its deadline passed; that signature has come to nothing since. */
async function askMarketAgain(tx: Tx, row: ContractRow): Promise<void> {
  const award = await awardOf(tx, row);
  if (!award) return;
  await enqueue(tx, {
    effectKey: `contract:${row.id}:sign_due_again`,
    topic: 'auctions.sign_due',
    payload: award,
  });
}
