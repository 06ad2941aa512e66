/**
 * What the journal's events become for people who read. Derived and repeatable: the projector calls
 * this once per entry, in order, together with its checkpoint.
 *
 * The end of an auction also asks for its consequences (money, contracts): by an outbox row with one
 * key, so that rebuilding the projection asks for nothing twice.
 */
import type { Event, Offer } from '@seam/engine';
import {
  called,
  closed,
  completed,
  forfeitProposed,
  insertAward,
  ofAwards,
  settled,
} from './awarding-projection.ts';
import type { JournalEntry } from '../exchange/types.ts';
import type { Tx } from '../platform/db.ts';
import { enqueue } from '../platform/outbox.ts';

export const auctionProjection = {
  name: 'auctions',
  async apply(tx: Tx, entry: JournalEntry): Promise<void> {
    for (const event of entry.events) await applyEvent(tx, entry, event);
  },
};

async function applyEvent(tx: Tx, entry: JournalEntry, event: Event): Promise<void> {
  const { seq } = entry;
  const at = new Date(entry.at);
  switch (event.type) {
    case 'auction_scheduled':
      await setState(tx, event.terms.auctionId, 'scheduled', seq);
      return;
    case 'auction_called':
      await called(tx, entry, event);
      return;
    case 'auction_opened':
      await setState(tx, event.auctionId, 'open', seq);
      return;
    case 'bid_accepted':
    case 'maximum_accepted': {
      // A hidden maximum is not for readers: what is kept of it is the price it showed.
      const price = event.type === 'bid_accepted' ? event.price : event.shownPrice;
      await tx`insert into auction_bid (auction_id, seq, at, account_id, price_ticks, quantity_lots, minimum_lots)
        values (${event.auctionId}, ${seq}, ${at}, ${event.accountId}, ${price}, ${event.quantity}, ${event.minimumAcceptable})`;
      await tx`update auction set bid_count = bid_count + 1, last_seq = ${seq},
          bidder_count = (select count(distinct account_id) from auction_bid where auction_id = ${event.auctionId}),
          marginal_ticks = ${event.marginalPrice}, best_ticks = greatest(best_ticks, ${price})
        where id = ${event.auctionId}`;
      return;
    }
    case 'bids_raised':
      await tx`update auction set last_seq = ${seq}, marginal_ticks = ${event.marginalPrice},
          best_ticks = greatest(best_ticks, ${Math.max(...event.raises.map(({ price }) => price))})
        where id = ${event.auctionId}`;
      return;
    case 'price_accepted':
      await publish(tx, entry, event.auctionId, [{ ...event, quantity: event.allocated, seq }]);
      return;
    case 'hybrid_phase_started':
      await publish(tx, entry, event.auctionId, await wholeLot(tx, event.auctionId, event.opened ?? []));
      return;
    // Secret while the round or the phase runs; what of it counts stands in the award.
    case 'quantity_stated':
    case 'offer_taken':
    case 'clock_round_ended':
    case 'price_lowered':
      await touch(tx, event.auctionId, seq);
      return;
    case 'auction_extended':
      await tx`update auction set closes_at = ${new Date(event.closesAt)}, extensions = ${event.extensions}, last_seq = ${seq}
        where id = ${event.auctionId}`;
      return;
    case 'auction_shortened':
    case 'auction_extended_for_outage':
      await tx`update auction set closes_at = ${new Date(event.closesAt)}, last_seq = ${seq} where id = ${event.auctionId}`;
      return;
    case 'auction_suspended':
      await setState(tx, event.auctionId, 'suspended', seq, event.reason);
      return;
    case 'auction_resumed':
      await tx`update auction set state = 'open', reason = null, closes_at = ${new Date(event.closesAt)}, last_seq = ${seq}
        where id = ${event.auctionId}`;
      return;
    case 'auction_closed':
      await closed(tx, entry, event);
      return;
    case 'auction_awarded':
      if (!(await ofAwards(tx, entry, event))) {
        for (const [index, award] of event.awards.entries())
          await insertAward(tx, event.auctionId, { ...award, number: index + 1 });
      }
      await end(tx, entry, event.auctionId, 'awarded', null);
      return;
    case 'standstill_extended':
    case 'complaint_upheld':
    case 'reserve_waived':
    case 'award_pending':
    case 'award_confirmed':
    case 'award_concluded':
    case 'award_declined':
    case 'award_lapsed':
    case 'award_released':
    case 'waiting_released':
      await ofAwards(tx, entry, event);
      return;
    case 'auction_completed':
      await completed(tx, entry, event.auctionId);
      return;
    case 'bid_security_forfeit_proposed':
      await forfeitProposed(tx, event);
      return;
    case 'auction_unsold':
      await end(tx, entry, event.auctionId, 'unsold', event.reason);
      return;
    case 'auction_voided':
      await end(tx, entry, event.auctionId, 'voided', event.reason);
      return;
    case 'bid_security_released':
      await tx`insert into auction_security_outcome (auction_id, account_id, released)
        values (${event.auctionId}, ${event.accountId}, ${event.amount})
        on conflict (auction_id, account_id) do update set released = auction_security_outcome.released + excluded.released`;
      await settled(tx, event.auctionId, event.accountId);
      return;
    case 'bid_security_retained':
      await tx`insert into auction_security_outcome (auction_id, account_id, retained)
        values (${event.auctionId}, ${event.accountId}, ${event.amount})
        on conflict (auction_id, account_id) do update set retained = auction_security_outcome.retained + excluded.retained`;
      await settled(tx, event.auctionId, event.accountId);
      return;
    case 'offer_accepted':
      await publish(tx, entry, event.auctionId, [{ ...event, seq }]);
      return;
    // Secret while the bids are sealed or the turn runs: counted at most, shown when it is opened.
    case 'entry_offer_accepted':
    case 'turn_offer_made':
    case 'turn_offer_withdrawn':
    case 'sealed_bid_accepted':
      await touch(tx, event.auctionId, seq);
      return;
    case 'sealed_bid_opened':
      // What is out of its limits may not fit its column; the journal has it, with its fault.
      await publish(
        tx,
        entry,
        event.auctionId,
        event.fault === null ? [{ ...event, seq: event.bidSeq }] : [],
      );
      return;
    case 'rounds_started':
    case 'rounds_skipped':
      await publish(tx, entry, event.auctionId, event.offers);
      return;
    case 'turn_ended':
      await publish(tx, entry, event.auctionId, event.offer ? [event.offer] : []);
      return;
    case 'rounds_moved':
    case 'sealed_submission_ended':
    case 'opening_share_given':
    case 'sealed_bids_decrypted':
    case 'sealed_bid_disqualified':
    case 'bidder_excluded':
      await touch(tx, event.auctionId, seq);
      return;
    // An instruction is its bidder's secret; the bids it leads to are told as they are made.
    case 'auto_bid_set':
    case 'bid_security_allocated':
    case 'command_rejected':
      return;
  }
}

async function setState(
  tx: Tx,
  id: string,
  state: string,
  seq: number,
  reason: string | null = null,
): Promise<void> {
  await tx`update auction set state = ${state}, reason = ${reason}, last_seq = ${seq} where id = ${id}`;
}

type Published = Pick<Offer, 'accountId' | 'price' | 'quantity' | 'minimumAcceptable' | 'seq'> &
  Partial<Pick<Offer, 'merit'>>;

/** Offers that everybody may see from now on. Less is better in buying, more in selling. */
async function publish(tx: Tx, entry: JournalEntry, id: string, offers: readonly Published[]): Promise<void> {
  for (const { accountId, price, quantity, minimumAcceptable, seq, merit = null } of offers) {
    await tx`insert into auction_bid (auction_id, seq, at, account_id, price_ticks, quantity_lots, minimum_lots, merit)
      values (${id}, ${seq}, ${new Date(entry.at)}, ${accountId}, ${price}, ${quantity}, ${minimumAcceptable},
        ${merit && tx.json(merit)})`;
  }
  await tx`update auction set last_seq = ${entry.seq}, bid_count = counted.bids, bidder_count = counted.bidders,
      best_ticks = case when terms ->> 'format' in ('dutch', 'dutch_hybrid')
          or (terms ->> 'format' = 'sealed_bid' and terms ->> 'direction' = 'sell')
        then counted.highest else counted.lowest end
    from (select count(*) as bids, count(distinct account_id) as bidders, max(price_ticks) as highest,
        min(price_ticks) as lowest from auction_bid where auction_id = ${id}) as counted
    where id = ${id}`;
}

/** An offer for an indivisible lot names no quantity. */
async function wholeLot(
  tx: Tx,
  id: string,
  offers: readonly Pick<Published, 'accountId' | 'price' | 'seq'>[],
): Promise<readonly Published[]> {
  const rows = await tx<{ quantity: Published['quantity'] }[]>`
    select (terms ->> 'quantity')::integer as quantity from auction where id = ${id}`;
  return rows.flatMap(({ quantity }) =>
    offers.map((offer) => ({ ...offer, quantity, minimumAcceptable: quantity })),
  );
}

async function touch(tx: Tx, id: string, seq: number): Promise<void> {
  await tx`update auction set last_seq = ${seq} where id = ${id}`;
}

async function end(
  tx: Tx,
  entry: JournalEntry,
  id: string,
  state: string,
  reason: string | null,
): Promise<void> {
  const [row] = await tx<{ goesOn: boolean }[]>`update auction set state = ${state}, reason = ${reason},
      last_seq = ${entry.seq}, closed_seq = coalesce(closed_seq, ${entry.seq}),
      closed_hash = coalesce(closed_hash, (select hash from journal_entry(${entry.shard}, ${entry.seq})))
    where id = ${id}
    returning awarding is not null and terms ? 'waiting' and ${state}::text = 'awarded' as "goesOn"`;
  // What was provisional came to nothing.
  if (state !== 'awarded') await tx`delete from auction_award where auction_id = ${id}`;
  // Its awards are still to be confirmed and signed: it is concluded when they are.
  if (row?.goesOn) return;
  await enqueue(tx, {
    effectKey: `auction:${id}:conclude`,
    topic: 'auctions.conclude',
    payload: { auctionId: id },
  });
}
