/** One recorded auction run to its award on an engine of its own: the English format, whatever its pricing. */
import { type Award, type Command, type EnglishTerms, createState, dueTimers, step } from '@seam/engine';
import { type Instant, instant, lots, ticks } from '@seam/units';

/** Any time: the records have dates and nothing that depends on them. */
const OPENS = 1_000_000;

export type RecordedBid = { readonly bidder: string; readonly price: number; readonly quantity: number };

export type Terms = {
  readonly quantity: number;
  readonly startingPrice: number;
} & Partial<Pick<EnglishTerms, 'margin' | 'proxy' | 'proxyLead' | 'bidIncrement' | 'incrementBands'>>;

/** @returns the awards, and the places in `bids` of those that the rules did not take. */
export function runEnglish(
  terms: Terms,
  bids: readonly RecordedBid[],
): { awards: readonly Award[]; refused: readonly number[] } {
  const state = createState();
  const refused: number[] = [];
  let awards: readonly Award[] = [];
  const send = (command: object, at: Instant): boolean => {
    const events = step(state, { ...command, seq: state.seq + 1, at } as Command);
    for (const event of events) if (event.type === 'auction_awarded') awards = event.awards;
    return events[0]?.type !== 'command_rejected';
  };
  const runTo = (at: Instant): void => {
    for (let [timer] = dueTimers(state, at); timer; [timer] = dueTimers(state, at))
      send(timer, timer.deadline);
  };
  const ends = instant(OPENS + bids.length + 2);
  if (!send({ type: 'schedule_auction', terms: termsOf(terms, ends) }, instant(OPENS - 1))) {
    throw new RangeError('the record asks for terms that no auction may have');
  }
  runTo(instant(OPENS));
  bids.forEach(({ bidder, price, quantity }, place) => {
    const bid = { price: ticks(price), quantity: lots(quantity), minimumAcceptable: lots(0) };
    const at = instant(OPENS + 1 + place);
    if (!send({ type: 'place_bid', auctionId: 'a', accountId: bidder, ...bid }, at)) refused.push(place);
  });
  runTo(ends);
  return { awards, refused };
}

function termsOf({ quantity, startingPrice, ...rules }: Terms, closesAt: Instant): EnglishTerms {
  return {
    auctionId: 'a',
    format: 'english',
    pricing: 'pay_as_bid',
    margin: 'time',
    proxy: 'none',
    proxyLead: 'least',
    ownerId: 'owner',
    currency: 'CNY',
    tickSize: '1',
    lotSize: '1',
    quantity: lots(quantity),
    minimumBidQuantity: lots(1),
    startingPrice: ticks(startingPrice),
    reservePrice: null,
    bidIncrement: ticks(1),
    incrementBands: null,
    maximumIncrement: null,
    quantityPerBidderMaximum: null,
    opensAt: instant(OPENS),
    closesAt,
    softClose: { mode: 'none' },
    bidSecurity: { mode: 'fixed', amount: '0' },
    rulesVersion: 1,
    ...rules,
  };
}
