/** An award becomes final; what becomes of it and of those who wait. */
import { type Instant, instant } from '@seam/units';
import { assert } from '../../assert.ts';
import type { Event } from '../../types.ts';
import type { CapRoom } from '../catalogue/cap.ts';
import { type Draft, freeLots, isOpen, openAwards } from './draft.ts';

/** The standstill is over, or there was none. */
export function finalize(draft: Draft, at: Instant): void {
  const { terms, awards, reason, reserveMet } = draft.awarding;
  const { auctionId, waiting } = terms;
  if (awards.length === 0) {
    assert(reason !== null, `auction ${auctionId} has neither awards nor a reason`);
    draft.end({ type: 'auction_unsold', auctionId, reason });
    draft.dispose(() => true);
    return;
  }
  const lines = awards.map(({ accountId, price, quantity, bidSeq }) => {
    return { accountId, price, quantity, bidSeq };
  });
  const unsold = freeLots(draft.awarding);
  draft.tell({ type: 'auction_awarded', auctionId, awards: lines, unsold, reserveMet });
  if (waiting === undefined) {
    draft.dispose(() => true);
    return;
  }
  const dueAt = instant(at + waiting.confirmMs);
  for (const { number, accountId, price, quantity, bidSeq } of awards) {
    draft.tell({ type: 'award_pending', auctionId, number, accountId, price, quantity, bidSeq, dueAt });
  }
  draft.dispose((accountId) => !isOpen(draft.awarding, accountId));
}

/** What has fallen goes to those who wait, best first, as far as it suffices for them and their cap leaves. */
export function moveOn(draft: Draft, at: Instant, room: CapRoom): void {
  const { waiting, terms } = draft.awarding;
  assert(terms.waiting !== undefined, `auction ${terms.auctionId} has awards and no deadlines`);
  const { auctionId } = terms;
  const dueAt = instant(at + terms.waiting.confirmMs);
  for (const { accountId, price, quantity, minimumAcceptable, bidSeq } of waiting) {
    const most = [quantity, freeLots(draft.awarding), room.more(accountId)] as const;
    const taken = most.reduce((least, count) => (count < least ? count : least));
    if (taken === 0 || taken < minimumAcceptable) continue;
    room.give(accountId, taken);
    const number = draft.awarding.awards.length + 1;
    draft.tell({
      type: 'award_pending',
      auctionId,
      number,
      accountId,
      price,
      quantity: taken,
      bidSeq,
      dueAt,
    });
  }
}

/** Security of whoever is done leaves, and with the last award everything ends. */
export function settle(draft: Draft): readonly Event[] {
  const { auctionId } = draft.awarding.terms;
  const isOver = openAwards(draft.awarding.awards).length === 0;
  for (const { accountId } of isOver ? draft.awarding.waiting : []) {
    draft.tell({ type: 'waiting_released', auctionId, accountId, reason: 'not_needed' });
  }
  draft.dispose((accountId) => !isOpen(draft.awarding, accountId));
  if (isOver) draft.end({ type: 'auction_completed', auctionId });
  return draft.events;
}
