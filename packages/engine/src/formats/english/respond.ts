/**
 * How standing instructions answer.
 *
 * After each command the instructions are asked in turn, the oldest first: one whose bid would not
 * win all it asks for goes, by its own steps, above the rival that leaves it too little. That may
 * bring up another, so they are asked again until none can answer. An instruction that cannot (its
 * limit, or the guard against typing errors, is in the way) is done for this command; its bid stays.
 *
 * Every answer raises a price by at least the increment and none passes its limit, so the asking
 * ends: an instruction answers at most AUTO_BID_STEPS_MAX times in all its life, and each answer
 * costs a pass over the bids.
 */
import type { Ticks } from '@seam/units';
import { takes } from '../../pricing/serve.ts';
import { steppedPrice } from '../../pricing/stepped.ts';
import type { Bid } from './allocate.ts';
import { type BiddingView, lineOf, mostPrice, raisedPrice } from './price.ts';
import { type Room, roomWithBid } from './room.ts';
import type { EnglishTerms, Raise, Standing } from './types.ts';

type Responded = { readonly room: Room; readonly raises: readonly Raise[] };

/**
 * The room once every instruction that can has answered, and where their bids went. Those of
 * `excluded` bidders are silent: their bids stand, but they bid no more.
 */
export function respond(terms: EnglishTerms, room: Room, excluded: readonly string[]): Responded {
  if (terms.proxy !== 'stepped') return { room, raises: [] };
  const raised = new Map<string, Ticks>();
  let asked = Object.entries(room.autoBids)
    .filter(([accountId]) => !excluded.includes(accountId))
    .sort(([, a], [, b]) => a.seq - b.seq);
  let current = room;
  for (let place = 0; place < asked.length;) {
    const [accountId] = asked[place] ?? [''];
    const answer = answerOf({ terms, ...current }, accountId);
    if (answer === 'content') {
      place += 1;
    } else if (answer === 'out') {
      asked = asked.filter(([holder]) => holder !== accountId);
    } else {
      current = roomWithBid(terms, current, answer);
      raised.set(accountId, answer.price);
      place = 0;
    }
  }
  const raises = [...raised].map(([accountId, price]) => ({ accountId, price }));
  return { room: current, raises: byAge(raises, room) };
}

function byAge(raises: readonly Raise[], { autoBids }: Room): readonly Raise[] {
  const seqOf = ({ accountId }: Raise): number => autoBids[accountId]?.seq ?? 0;
  return raises.toSorted((a, b) => seqOf(a) - seqOf(b));
}

function answerOf(view: BiddingView, accountId: string): Bid | 'content' | 'out' {
  const line = lineOf(view.standing, accountId);
  const autoBid = view.autoBids[accountId];
  // Its own answer has just reached the limit.
  if (line === undefined || autoBid === undefined) return 'out';
  if (line.allocated === line.quantity) return 'content';
  const above = priceInTheWay(view, line);
  const price = steppedPrice(line.price, autoBid, { above, atLeast: raisedPrice(view, line) });
  if (price === null || price > mostPrice(view)) return 'out';
  return raisedBid(line, price, autoBid.seq);
}

/** The raised bid's place in time is that of the instruction, or of a later bid of the same account. */
export function raisedBid(line: Standing, price: Ticks, instructedSeq: number): Bid {
  const { accountId, quantity, minimumAcceptable, seq } = line;
  return { accountId, price, quantity, minimumAcceptable, seq: Math.max(seq, instructedSeq) };
}

/** Of the first rival that leaves less than `line` asks for. */
function priceInTheWay({ terms, standing }: BiddingView, line: Standing): number {
  let rest: number = terms.quantity;
  for (const rival of standing) {
    if (rival.accountId === line.accountId) continue;
    rest -= takes(rival, rest);
    if (rest < line.quantity) return rival.price;
  }
  return 0;
}
