/**
 * What must hold of every English auction, read from its commands and events: whoever bids, wins and
 * pays does so by rules that anybody can check. Throws where one is broken.
 */
import type {
  AuctionCommand as Command,
  AuctionEvent as Event,
  EnglishEvent,
  EnglishTerms,
} from '../../types.ts';
import { must } from '../must.ts';
import { type NaiveBid, naiveAllocate } from './naive-allocate.ts';
import { naiveIncrement, naiveLatest, naiveMargin, naiveThreshold } from './naive-prices.ts';

export type Bidding = {
  readonly terms: EnglishTerms;
  /** All bids and raises so far, oldest first. */
  bids: readonly NaiveBid[];
  limits: ReadonlyMap<string, { readonly limit: number; readonly seq: number }>;
};

type BidEvent = Extract<EnglishEvent, { type: 'bid_accepted' | 'maximum_accepted' }>;

/** What `event` adds, once it is found to be allowed. */
export function take(bidding: Bidding, command: Command, event: EnglishEvent): void {
  switch (event.type) {
    case 'bid_accepted':
    case 'maximum_accepted':
      checkTaken(bidding, command, event);
      bidding.bids = [...bidding.bids, { ...event, price: offered(event), seq: command.seq }];
      return;
    case 'auto_bid_set': {
      const { accountId, limit } = event;
      must(bidding.terms.proxy === 'stepped', command, 'instructions are taken where they are offered');
      bidding.limits = new Map([...bidding.limits, [accountId, { limit, seq: command.seq }]]);
      return;
    }
    case 'bids_raised':
      for (const raise of event.raises) checkRaise(bidding, command, raise);
  }
}

const offered = (event: BidEvent): NaiveBid['price'] =>
  event.type === 'bid_accepted' ? event.price : event.maximum;

function checkTaken({ terms, bids }: Bidding, command: Command, event: BidEvent): void {
  const price = offered(event);
  must(price >= terms.startingPrice, command, 'no bid below the start');
  must(
    event.quantity <= (terms.quantityPerBidderMaximum ?? terms.quantity),
    command,
    'nobody takes too much',
  );
  const margin = naiveMargin({ terms, bids });
  const over = margin === null || terms.margin === 'pro_rata' ? 0 : naiveIncrement(terms, margin);
  must(margin === null || price >= margin + over, command, 'a full book is beaten by an increment');
  if (terms.maximumIncrement !== null) {
    const from = margin ?? terms.startingPrice;
    must(price <= from + terms.maximumIncrement, command, 'no raise past the guard');
  }
  const own = naiveLatest(bids).find((line) => line.accountId === event.accountId);
  if (own === undefined) return;
  const raise = price - own.price;
  const least = terms.proxy === 'threshold' ? 1 : naiveIncrement(terms, own.price);
  must(raise === 0 || raise >= least, command, 'own price rises by increments');
  must(event.quantity >= own.quantity, command, 'own quantity never falls');
  must(
    raise > 0 || event.quantity > own.quantity || command.type === 'set_auto_bid',
    command,
    'a revision improves',
  );
  must(event.minimumAcceptable <= own.minimumAcceptable, command, 'a revision binds no less');
}

function checkRaise(
  bidding: Bidding,
  command: Command,
  { accountId, price }: { accountId: string; price: NaiveBid['price'] },
): void {
  const own = naiveLatest(bidding.bids).find((line) => line.accountId === accountId);
  const instruction = bidding.limits.get(accountId);
  must(own !== undefined && instruction !== undefined, command, 'only who asked for it is raised');
  if (own === undefined || instruction === undefined) return;
  must(price > own.price && price <= instruction.limit, command, 'a raise goes up, and to the limit at most');
  bidding.bids = [...bidding.bids, { ...own, price, seq: Math.max(own.seq, instruction.seq) }];
}

/** Compares an entry's words with what all bids make of it; whether anything changed for the others. */
export function checkEntry(
  before: Bidding,
  after: Bidding,
  { command, events }: { readonly command: Command; readonly events: readonly Event[] },
): boolean {
  const { terms } = after;
  const past = picture(before);
  const now = picture(after);
  const changed =
    past.margin !== now.margin ||
    [...now.won].some(([accountId, lots]) => lots !== (past.won.get(accountId) ?? 0));
  for (const event of events) {
    if (event.type !== 'bid_accepted' && event.type !== 'maximum_accepted') continue;
    must(now.won.get(event.accountId) === event.allocated, command, 'the bidder is told its part');
    must(now.margin === event.marginalPrice, command, 'the margin is what the bids make it');
    must(event.standingChanged === changed, command, 'a change is called a change');
    if (event.type === 'maximum_accepted') {
      const paid = naiveThreshold(terms, after.bids, event.accountId);
      must(event.shownPrice === (paid ?? terms.startingPrice), command, 'what is shown is what is paid');
    }
  }
  const best = now.order[0];
  if (terms.margin === 'time')
    must(best?.allocated === best?.quantity, command, 'the first is served in full');
  if (terms.proxy === 'threshold') checkThresholds(before, after, command);
  return changed;
}

/**
 * A6, X5, X6, X7: maxima hold, and nobody raises a price against itself. Where somebody insists on a
 * least quantity a price may fall: a rival who no longer gets enough stops pressing from behind.
 */
function checkThresholds(before: Bidding, after: Bidding, command: Command): void {
  const { terms } = after;
  const past = picture(before);
  const now = picture(after);
  for (const line of now.order) {
    if (line.allocated === 0) continue;
    const price = naiveThreshold(terms, after.bids, line.accountId) ?? 0;
    must(price <= line.price, command, 'nobody pays more than its maximum');
    const earlier = past.order.find((one) => one.accountId === line.accountId);
    if (earlier?.allocated !== line.allocated || earlier.quantity !== line.quantity) continue;
    const paid = naiveThreshold(terms, before.bids, line.accountId) ?? 0;
    const insists = now.order.some((one) => one.minimumAcceptable > 1);
    must(insists || price >= paid, command, 'a price for the same quantity never falls');
    const isOwn = 'accountId' in command && command.accountId === line.accountId;
    must(
      !isOwn || price === paid || terms.proxyLead === 'increment',
      command,
      'a raised maximum costs nothing',
    );
  }
}

function picture({ terms, bids }: Bidding) {
  const { standing } = naiveAllocate(naiveLatest(bids), terms.quantity, terms.margin);
  const won = new Map(standing.map((line) => [line.accountId, line.allocated as number]));
  return { order: standing, won, margin: naiveMargin({ terms, bids }) };
}

/** What the award says against what was bid. */
export function checkAward(
  { terms, bids }: Bidding,
  command: Command,
  event: Extract<Event, { type: 'auction_awarded' | 'auction_unsold' }>,
): void {
  const reserve = terms.reservePrice ?? terms.startingPrice;
  const { standing } = naiveAllocate(naiveLatest(bids), terms.quantity, terms.margin);
  const competed = standing.length >= (terms.minimumBidders ?? 1);
  const winners = standing.filter((line) => competed && line.price >= reserve && line.allocated > 0);
  if (event.type === 'auction_unsold') {
    must(winners.length === 0, command, 'what met the reserve is sold');
    must((event.reason === 'no_bid') === (standing.length === 0), command, 'the reason is true');
    return;
  }
  must(winners.length > 0, command, 'an award has a winner');
  must(event.awards.length === winners.length, command, 'every winner is awarded');
  const sold = event.awards.reduce((sum, award) => sum + award.quantity, 0);
  must(sold + event.unsold === terms.quantity, command, 'sold and unsold are what was offered');
  for (const [index, award] of event.awards.entries()) {
    const line = winners[index];
    must(line?.accountId === award.accountId, command, 'awards follow the standing');
    must(line?.allocated === award.quantity && line.seq === award.bidSeq, command, 'an award names its bid');
    must(
      award.price >= reserve && award.price <= (line?.price ?? 0),
      command,
      'between the reserve and the bid',
    );
    if (terms.proxy !== 'threshold' && terms.pricing === 'pay_as_bid') {
      must(award.price === line?.price, command, 'pay as bid');
    }
    if (terms.pricing !== 'pay_as_bid') {
      must(award.price === event.awards[0]?.price, command, 'one price for all');
    }
  }
}
