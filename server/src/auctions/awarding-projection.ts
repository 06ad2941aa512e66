/**
 * What follows the close, for people who read: folded by the engine's own rule and kept with the auction,
 * and the awards that stand as rows. Every step that has a consequence outside the market asks for it by an
 * outbox row with one key.
 */
import {
  type AuctionEvent,
  type AuctionTerms,
  type Awarding,
  awardingAfter,
  awardingFrom,
  standingAwards,
} from '@seam/engine';
import { instant } from '@seam/units';
import type { JournalEntry } from '../exchange/types.ts';
import type { Tx } from '../platform/db.ts';
import { enqueue } from '../platform/outbox.ts';

type Told<Type extends AuctionEvent['type']> = Extract<AuctionEvent, { type: Type }>;
type OfAwards = Told<
  | 'standstill_extended'
  | 'complaint_upheld'
  | 'reserve_waived'
  | 'auction_awarded'
  | 'award_pending'
  | 'award_confirmed'
  | 'award_concluded'
  | 'award_declined'
  | 'award_lapsed'
  | 'award_released'
  | 'waiting_released'
>;
type Row = { terms: AuctionTerms; closesAt: Date; awarding: Awarding | null };

/** The turn of a lot has come: from now on its times are no plan any more. */
export async function called(tx: Tx, { seq }: JournalEntry, event: Told<'auction_called'>): Promise<void> {
  const { auctionId, opensAt, closesAt } = event;
  await tx`update auction set opens_at = ${new Date(opensAt)}, closes_at = ${new Date(closesAt)}, last_seq = ${seq}
    where id = ${auctionId}`;
}

/** Bidding is over; what it led to is provisional, or is to be confirmed. */
export async function closed(tx: Tx, entry: JournalEntry, event: Told<'auction_closed'>): Promise<void> {
  const { auctionId } = event;
  const { terms, closesAt } = await rowOf(tx, auctionId);
  const closing = { terms, closesAt: instant(closesAt.getTime()), security: new Map<string, bigint>() };
  await tx`update auction set state = 'standstill', closed_seq = ${entry.seq},
      closed_hash = (select hash from journal_entry(${entry.shard}, ${entry.seq})) where id = ${auctionId}`;
  await put(tx, entry, awardingFrom(closing, event));
}

/** @returns false when nothing follows the close of this auction. */
export async function ofAwards(tx: Tx, entry: JournalEntry, event: OfAwards): Promise<boolean> {
  const { awarding } = await rowOf(tx, event.auctionId);
  if (awarding === null) return false;
  const after = awardingAfter(awarding, event);
  await put(tx, entry, after);
  await ask(tx, event);
  return true;
}

export async function forfeitProposed(
  tx: Tx,
  { auctionId, accountId, amount }: Told<'bid_security_forfeit_proposed'>,
): Promise<void> {
  await tx`insert into auction_security_outcome (auction_id, account_id, forfeit_proposed)
    values (${auctionId}, ${accountId}, ${amount})
    on conflict (auction_id, account_id) do update
      set forfeit_proposed = auction_security_outcome.forfeit_proposed + excluded.forfeit_proposed`;
  await settled(tx, auctionId, accountId);
}

/** Security of an auction with something after its close leaves account by account, not all at the end. */
export async function settled(tx: Tx, auctionId: string, accountId: string): Promise<void> {
  const { awarding } = await rowOf(tx, auctionId);
  if (awarding === null) return;
  await enqueue(tx, {
    effectKey: `auction:${auctionId}:security:${accountId}`,
    topic: 'auctions.settle_security',
    payload: { auctionId, accountId },
  });
}

export async function completed(tx: Tx, { seq }: JournalEntry, auctionId: string): Promise<void> {
  await tx`update auction set last_seq = ${seq} where id = ${auctionId}`;
  await enqueue(tx, {
    effectKey: `auction:${auctionId}:conclude`,
    topic: 'auctions.conclude',
    payload: { auctionId },
  });
}

/** What the market's word on one award leads to outside of it. */
async function ask(tx: Tx, event: OfAwards): Promise<void> {
  const { auctionId } = event;
  switch (event.type) {
    case 'standstill_extended':
      await tx`update auction set standstill_reason = ${event.reason} where id = ${auctionId}`;
      return;
    case 'complaint_upheld':
      await tx`update auction set held_again = ${event.remedy === 'hold_again'} where id = ${auctionId}`;
      return;
    case 'award_confirmed': {
      const { number, dueAt } = event;
      const key = `auction:${auctionId}:award:${number}`;
      await enqueue(tx, {
        effectKey: `${key}:contract`,
        topic: 'auctions.contract',
        payload: { auctionId, number },
      });
      await enqueue(tx, {
        effectKey: `${key}:sign_due`,
        topic: 'auctions.sign_due',
        payload: { auctionId, number },
        notBefore: new Date(dueAt),
      });
      return;
    }
    case 'award_declined':
    case 'award_lapsed':
    case 'award_released':
      await enqueue(tx, {
        effectKey: `auction:${auctionId}:award:${event.number}:fallen`,
        topic: 'auctions.void_contract',
        payload: { auctionId, number: event.number },
      });
      return;
    default:
      return;
  }
}

async function rowOf(tx: Tx, auctionId: string): Promise<Row> {
  const [row] = await tx<
    Row[]
  >`select terms, closes_at as "closesAt", awarding from auction where id = ${auctionId}`;
  if (!row) throw new Error(`the view does not know auction ${auctionId}`);
  return row;
}

async function put(tx: Tx, { seq }: JournalEntry, awarding: Awarding): Promise<void> {
  const { auctionId } = awarding.terms;
  await tx`update auction set awarding = ${tx.json(awarding)}, last_seq = ${seq} where id = ${auctionId}`;
  await tx`delete from auction_award where auction_id = ${auctionId}`;
  for (const award of standingAwards(awarding.awards)) await insertAward(tx, auctionId, award);
}

type Award = {
  readonly accountId: string;
  readonly price: number;
  readonly quantity: number;
  readonly bidSeq: number;
  readonly number: number;
};

export async function insertAward(tx: Tx, auctionId: string, award: Award): Promise<void> {
  const { accountId, price, quantity, bidSeq, number } = award;
  await tx`insert into auction_award (auction_id, account_id, price_ticks, quantity_lots, bid_seq, number)
    values (${auctionId}, ${accountId}, ${price}, ${quantity}, ${bidSeq}, ${number})`;
}
