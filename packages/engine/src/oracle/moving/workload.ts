/**
 * Seeded histories of auctions that move by themselves. As in `oracle/workload.ts` an intent is a
 * handful of small numbers, made into a command aimed at what the engine holds at that moment; what a
 * format takes is its own `Aim`.
 */
import { type Instant, instant } from '@seam/units';
import { requiredSecurity } from '../../auction/security.ts';
import { formatOf } from '../../formats/index.ts';
import { type Auction, type EngineState, createState } from '../../state.ts';
import { step } from '../../step.ts';
import { dueTimers, nextDeadline } from '../../timers.ts';
import type {
  AuctionCommand,
  AuctionEvent,
  AuctionTerms,
  BidSecurityRule,
  CommandBody,
} from '../../types.ts';
import type { Entry, Intent, Plan } from '../workload.ts';

export type Aim = {
  /** Terms beside the common ones, now and then out of their limits. */
  terms(common: ReturnType<typeof commonOf>, wanted: Intent): AuctionTerms;
  bid(auction: Auction | undefined, auctionId: string, wanted: Intent): CommandBody;
};

/** Far from zero, so that times can be shifted both ways. */
const START = 1_000_000_000;

/** Plays a plan on the engine and returns every entry in order. `onEntry` sees each as it is made. */
export function play(
  { intents, punctual }: Plan,
  aim: Aim,
  onEntry?: (entry: Entry, state: EngineState) => void,
  /** What else is done now and then, besides the auctions' own commands. */
  otherwise?: (state: EngineState, wanted: Intent, at: Instant) => CommandBody | undefined,
): Entry[] {
  const state = createState();
  const entries: Entry[] = [];
  const run = (body: CommandBody, at: Instant): void => {
    // Auctions only: no market is ever listed here.
    const command = { ...body, seq: state.seq + 1, at } as AuctionCommand;
    const entry = { command, events: step(state, command) as readonly AuctionEvent[] };
    entries.push(entry);
    onEntry?.(entry, state);
  };
  for (const wanted of intents) {
    const at = arrival(state, wanted);
    // A suspension gives minutes back: a plan of milliseconds would never see the next step.
    for (let [timer] = dueTimers(state, at); punctual && timer; [timer] = dueTimers(state, at)) {
      run(timer, instant(Math.max(state.lastAt, timer.deadline)));
    }
    const other = wanted.y % 3 === 0 ? otherwise?.(state, wanted, at) : undefined;
    run(other ?? bodyOf(state, aim, wanted, at), at);
  }
  return entries;
}

/** Mostly in the same millisecond or the next few, often beside a deadline. */
function arrival(state: EngineState, { wait, z }: Intent): Instant {
  const now = Math.max(state.lastAt, START);
  const deadline = nextDeadline(state);
  if (wait < 55) return instant(now);
  if (wait < 80 || deadline === null) return instant(now + 1 + (z % 6));
  return instant(Math.max(now, deadline + (z % 4) - 2));
}

function bodyOf(state: EngineState, aim: Aim, wanted: Intent, at: Instant): CommandBody {
  const { kind, x, slot } = wanted;
  const { auctionId, auction } = latestOf(state, slot);
  if (auction === undefined && kind < 50) {
    const id = state.ended.has(auctionId) ? nextId(auctionId) : auctionId;
    return { type: 'schedule_auction', terms: aim.terms(commonOf(id, wanted, at), wanted) };
  }
  const isStopped = auction?.state === 'suspended';
  if (kind < (isStopped ? 20 : 86)) return fundedBid(auction, auctionId, aim, wanted);
  if (kind < 89) return depositOf(auction, auctionId, wanted);
  if (kind < 94)
    return isStopped ? { type: 'resume_auction', auctionId } : timerOf(auction, auctionId, wanted);
  if (kind < 95) return { type: 'suspend_auction', auctionId, reason: 'fault' };
  if (kind < 96) return outageOf(auctionId, wanted, at);
  if (kind < 97) return { type: 'resume_auction', auctionId };
  if (kind < 98)
    return { type: 'schedule_auction', terms: aim.terms(commonOf(auctionId, wanted, at), wanted) };
  if (x % 9 === 0) return { type: 'void_auction', auctionId, reason: 'collusion' };
  const accountId = accountOf(wanted);
  // A kind of bid that none of these formats takes.
  return {
    type: 'place_bid',
    auctionId,
    accountId,
    price: 1,
    quantity: 1,
    minimumAcceptable: 0,
  } as CommandBody;
}

/** The youngest auction of a slot: when one ends, the next takes its place under a new id. */
function latestOf(state: EngineState, slot: number): { auctionId: string; auction: Auction | undefined } {
  let auctionId = `auction-${slot}.0`;
  for (let id = auctionId; state.ended.has(id) || state.auctions.has(id); id = nextId(id)) auctionId = id;
  return { auctionId, auction: state.auctions.get(auctionId) };
}

function nextId(auctionId: string): string {
  const [name, number] = auctionId.split('.');
  return `${name}.${Number(number) + 1}`;
}

/** Whoever has no security yet deposits first, nearly always. */
function fundedBid(auction: Auction | undefined, auctionId: string, aim: Aim, wanted: Intent): CommandBody {
  const isFunded = auction?.security.has(accountOf(wanted)) ?? true;
  const isFree = auction !== undefined && requiredSecurity(auction.terms, auction.terms.quantity) === 0n;
  return isFunded || isFree || wanted.z % 8 === 0
    ? aim.bid(auction, auctionId, wanted)
    : depositOf(auction, auctionId, wanted);
}

function depositOf(auction: Auction | undefined, auctionId: string, wanted: Intent): CommandBody {
  const { y } = wanted;
  const full = auction ? requiredSecurity(auction.terms, auction.terms.quantity) : 1000n;
  const odd = ['0', '007', '1000000000000000', String(full / 3n + 1n)][y % 4] ?? '';
  const amount = y % 7 === 0 ? odd : full === 0n ? '1' : full.toString();
  return { type: 'allocate_bid_security', auctionId, accountId: accountOf(wanted), amount };
}

/** Now and then the seller tries on its own lot. */
export function accountOf({ account, x }: Intent): string {
  return x % 40 === 7 ? 'seller' : `account-${account}`;
}

function outageOf(auctionId: string, { x, y, z }: Intent, at: Instant): CommandBody {
  const downUntil = at - (y % 5 === 0 ? -1 : x % 7);
  const downFrom = downUntil - 9_999 - [0, 1, 2, 30, 900_000][z % 5]!;
  return {
    type: 'extend_for_outage',
    auctionId,
    downFrom: instant(downFrom),
    downUntil: instant(downUntil),
  };
}

function timerOf(auction: Auction | undefined, auctionId: string, { x }: Intent): CommandBody {
  const turnsAt = auction?.state === 'open' ? formatOf(auction).turnsAt(auction) : null;
  const due = auction?.state === 'scheduled' ? auction.terms.opensAt : auction?.closesAt;
  const types = ['open_auction', 'close_auction', 'turn_auction'] as const;
  const usual = auction?.state === 'scheduled' ? 'open_auction' : 'close_auction';
  const type = types[x % 8] ?? (turnsAt === null ? usual : 'turn_auction');
  const deadline = type === 'turn_auction' ? (turnsAt ?? due) : due;
  return { type, auctionId, deadline: instant((deadline ?? START) + (x % 5 === 0 ? 1 : 0)) };
}

/** Plain numbers on purpose: some of them are terms no brand would let through. */
function commonOf(auctionId: string, { x, y, z }: Intent, at: Instant) {
  const quantity = 4 + (x % 21);
  return {
    auctionId,
    ownerId: 'seller',
    currency: 'CNY',
    tickSize: '50',
    lotSize: x % 2 === 0 ? '50000' : '333',
    quantity: x % 61 === 0 ? 0 : quantity,
    minimumBidQuantity: 1 + (y % Math.min(4, quantity)),
    startingPrice: 100 + (z % 7),
    opensAt: at + (y % 3) * 5,
    softClose: { mode: 'none' },
    bidSecurity: securityOf(x),
    rulesVersion: 1,
  };
}

function securityOf(x: number): BidSecurityRule {
  if (x % 3 === 0) return { mode: 'fixed', amount: x % 9 === 0 ? '0' : '80000' };
  if (x % 3 === 1) return { mode: 'per_tonne', amountPerTonne: '15000' };
  return { mode: 'percent_of_start', basisPoints: 1 + (x % 1500) };
}
