/**
 * Seeded histories for the property tests.
 *
 * An intent is a handful of small numbers that fast-check draws and shrinks; here it becomes a
 * command aimed at what the engine holds at that moment (prices around the margin, times around an
 * end), because numbers drawn blindly would nearly all be refused for the same two reasons.
 */
import { type Instant, type Lots, type Ticks, instant } from '@seam/units';
import * as fc from 'fast-check';
import { requiredSecurity } from '../auction/security.ts';
import { type Auction, type EngineState, createState } from '../state.ts';
import { step } from '../step.ts';
import { afterCloseOf, afterCommand, catalogueOf } from './awarding/workload.ts';
import { englishAct, englishFields } from './english/workload.ts';
import { dueTimers, nextDeadline } from '../timers.ts';
import type {
  AuctionCommand as Command,
  AuctionEvent as Event,
  BidSecurityRule,
  CommandBody,
  EnglishTerms,
} from '../types.ts';

export type Entry = { readonly command: Command; readonly events: readonly Event[] };

/**
 * `punctual`: due timers are applied before each command, as the host does. `afterClose`: there are
 * standstills, waiting bidders and catalogues.
 */
export type Plan = {
  readonly intents: readonly Intent[];
  readonly punctual: boolean;
  readonly afterClose?: boolean;
};

export type Intent = {
  readonly kind: number;
  readonly slot: number;
  readonly account: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly wait: number;
};

const SLOTS = 3;
const ACCOUNTS = 6;
/** Far from zero, so that times can be shifted both ways, and shortly before a full minute. */
const START = 1_000_019_900;

const intent: fc.Arbitrary<Intent> = fc.record({
  kind: fc.nat(99),
  slot: fc.nat(SLOTS - 1),
  account: fc.nat(ACCOUNTS - 1),
  x: fc.nat(999),
  y: fc.nat(999),
  z: fc.nat(999),
  wait: fc.nat(99),
});

export function plans(length: number, { afterClose = false } = {}): fc.Arbitrary<Plan> {
  const intents = fc.array(intent, { minLength: 1, maxLength: length, size: 'max' });
  return fc.record({
    intents,
    punctual: fc.nat(3).map((n) => n > 0),
    afterClose: fc.constant(afterClose),
  });
}

/** Plays a plan on the engine and returns every entry in order. `onEntry` sees each as it is made. */
export function play(
  { intents, punctual, afterClose = false }: Plan,
  onEntry?: (entry: Entry, state: EngineState) => void,
): Entry[] {
  const state = createState();
  const entries: Entry[] = [];
  const run = (body: CommandBody, at: Instant): void => {
    // Auctions only: no market is ever listed here.
    const command = { ...body, seq: state.seq + 1, at } as Command;
    const entry = { command, events: step(state, command) as readonly Event[] };
    entries.push(entry);
    onEntry?.(entry, state);
  };
  for (const wanted of intents) {
    const at = arrival(state, wanted);
    if (punctual) {
      for (let [timer] = dueTimers(state, at); timer; [timer] = dueTimers(state, at)) {
        run(timer, instant(Math.max(state.lastAt, timer.deadline)));
      }
    }
    run(bodyOf(state, { ...wanted, afterClose }, at), at);
  }
  return entries;
}

/** Mostly in the same millisecond or the next few, sometimes beside a deadline, seldom long after. */
function arrival(state: EngineState, { wait, z }: Intent): Instant {
  const now = Math.max(state.lastAt, START);
  const deadline = nextDeadline(state);
  if (wait < 55) return instant(now);
  if (wait < 92) return instant(now + 1 + (z % 6));
  if (wait < 94 || deadline === null) return instant(now + (z % 250));
  return instant(Math.max(now, deadline + (z % 3) - 1));
}

type English = Auction<'english'>;

type Wanted = Intent & { readonly afterClose: boolean };

function bodyOf(state: EngineState, wanted: Wanted, at: Instant): CommandBody {
  const { kind, x, y, slot } = wanted;
  const { auctionId, auction, youngest } = latestOf(state, slot, y % 25 === 24 ? 1 : 0);
  const after = y % 3 === 0 ? afterCommand(state, wanted, at) : undefined;
  if (after !== undefined) return after;
  if (auction === undefined) {
    const isEnded = state.ended.has(auctionId);
    if (kind < 50)
      return {
        type: 'schedule_auction',
        terms: termsOf(isEnded ? nextId(youngest) : auctionId, wanted, at),
      };
    if (kind < 54) return bidOf(auction, auctionId, wanted);
  }
  // A catalogue needs lots that wait.
  if (wanted.afterClose && slot === 2 && kind >= 82 && kind < 86) {
    return { type: 'schedule_auction', terms: termsOf(nextId(youngest), wanted, at) };
  }
  const isStopped = auction?.state === 'suspended';
  if (kind < (isStopped ? 20 : 84)) return fundedBid(auction, auctionId, wanted);
  if (kind < 88) return depositOf(auction, auctionId, wanted);
  if (kind < 93)
    return isStopped ? { type: 'resume_auction', auctionId } : timerOf(auction, auctionId, wanted);
  if (kind < 94) return { type: 'resume_auction', auctionId };
  if (kind < 96) return { type: 'suspend_auction', auctionId, reason: 'fault' };
  if (kind < 98) return { type: 'schedule_auction', terms: termsOf(auctionId, wanted, at) };
  if (x % 10 === 9) {
    return { type: 'exclude_bidder', auctionId, accountId: accountOf(wanted), reason: 'same owner' };
  }
  if (x % 3 === 1) return outageOf(auction, { auctionId, wanted, at });
  return x % 3 === 0
    ? { type: 'void_auction', auctionId, reason: 'collusion' }
    : foreignBid(auctionId, wanted);
}

/**
 * The auction of a slot that is on: the oldest that has not ended, seldom one behind it. When all have, the
 * youngest, and the next takes its place under a new id.
 */
function latestOf(state: EngineState, slot: number, among = 0) {
  let youngest = `auction-${slot}.0`;
  const live: string[] = [];
  for (let id = youngest; state.ended.has(id) || state.auctions.has(id); id = nextId(id)) {
    youngest = id;
    if (state.auctions.has(id)) live.push(id);
  }
  const auctionId = live[among] ?? live[0] ?? youngest;
  // This history schedules no other format.
  return { auctionId, auction: state.auctions.get(auctionId) as English | undefined, youngest };
}

function nextId(auctionId: string): string {
  const [name, number] = auctionId.split('.');
  return `${name}.${Number(number) + 1}`;
}

/** Whoever has no security yet deposits first, nearly always. */
function fundedBid(auction: English | undefined, auctionId: string, wanted: Intent): CommandBody {
  const isFunded = auction?.security.has(accountOf(wanted)) ?? true;
  const isFree = auction !== undefined && requiredSecurity(auction.terms, auction.terms.quantity) === 0n;
  return isFunded || isFree || wanted.z % 8 === 0
    ? bidOf(auction, auctionId, wanted)
    : depositOf(auction, auctionId, wanted);
}

function bidOf(auction: English | undefined, auctionId: string, wanted: Intent): CommandBody {
  return englishAct(auction, { auctionId, accountId: accountOf(wanted) }, wanted);
}

/** A bid of another format. */
function foreignBid(auctionId: string, wanted: Intent): CommandBody {
  const counts = { price: 1 as Ticks, quantity: 1 as Lots, minimumAcceptable: 0 as Lots };
  return { type: 'place_offer', auctionId, accountId: accountOf(wanted), ...counts, merit: null };
}

function depositOf(auction: English | undefined, auctionId: string, wanted: Intent): CommandBody {
  const { y } = wanted;
  const full = auction ? requiredSecurity(auction.terms, auction.terms.quantity) : 1000n;
  const odd = ['0', '007', '1000000000000000', String(full / 3n + 1n)][y % 4] ?? '';
  const amount = y % 15 === 0 ? odd : full.toString();
  return { type: 'allocate_bid_security', auctionId, accountId: accountOf(wanted), amount };
}

/** Now and then the seller tries on its own lot. */
function accountOf({ account, x }: Intent): string {
  return x % 40 === 7 ? 'seller' : `account-${account}`;
}

/** Around the ends that count: ten seconds, a quarter of an hour, the close, the last outage. */
function outageOf(
  auction: English | undefined,
  { auctionId, wanted, at }: { auctionId: string; wanted: Intent; at: Instant },
): CommandBody {
  const { y, z } = wanted;
  const length = [9_999, 10_000, 10_001, 60_000, 900_000, 900_001][y % 6] ?? 0;
  const near = auction ? [auction.closesAt, auction.countedUntil, at][z % 3] : at;
  const downUntil = Math.min(at, (near ?? at) + (z % 5) - 2) + (y % 50 === 0 ? 1 : 0);
  const downFrom = Math.max(0, z % 4 === 0 ? (near ?? at) + (y % 3) - 1 : downUntil - length);
  const times = { downFrom: instant(downFrom), downUntil: instant(Math.max(0, downUntil)) };
  return { type: 'extend_for_outage', auctionId, ...times };
}

function timerOf(auction: English | undefined, auctionId: string, { x }: Intent): CommandBody {
  const type = auction?.state === 'scheduled' ? 'open_auction' : 'close_auction';
  const due = type === 'open_auction' ? auction?.terms.opensAt : auction?.closesAt;
  return {
    type: x % 8 === 0 ? 'open_auction' : type,
    auctionId,
    deadline: instant((due ?? START) + (x % 5 === 0 ? 1 : 0)),
  };
}

function termsOf(
  auctionId: string,
  { afterClose, slot, account, x, y, z }: Wanted,
  at: Instant,
): EnglishTerms {
  const quantity = 4 + (x % 21);
  const opensAt = at + (y % 3) * 5;
  const closesAt = opensAt + 60 + (z % 5) * 40;
  const startingPrice = 100 + (z % 7);
  const terms = {
    auctionId,
    format: 'english',
    ...englishFields({ x: x + account, y, z }, { start: startingPrice, quantity }),
    ownerId: 'seller',
    currency: 'CNY',
    tickSize: '50',
    lotSize: x % 2 === 0 ? '50000' : '333',
    quantity: x % 31 === 0 ? 0 : quantity,
    minimumBidQuantity: 1 + (y % Math.min(4, quantity)),
    startingPrice,
    opensAt,
    closesAt,
    softClose: softCloseOf({ account, x, y, z }, { at, closesAt }),
    bidSecurity: securityOf(x),
    rulesVersion: 1,
    ...(afterClose && {
      ...afterCloseOf({ account, x, y, z }),
      ...catalogueOf(auctionId, { slot, y }),
    }),
    ...(y % 7 === 0 ? { excludedIds: [`account-${z % ACCOUNTS}`, 'affiliate'] } : {}),
    ...(x % 5 === 0 ? { minimumBidders: 1 + (z % 4) } : {}),
    ...(z % 3 === 0 ? { visibility: 'blind', reserveVisibility: 'open' } : {}),
  };
  // Plain numbers on purpose: some of them are terms no brand would let through.
  return terms as unknown as EnglishTerms;
}

type Numbers = Pick<Intent, 'account' | 'x' | 'y' | 'z'>;

function softCloseOf({ account, x, y, z }: Numbers, of: { at: number; closesAt: number }): unknown {
  const limits = { hardEndAt: of.closesAt + (y % 4) * 90, extensionsMax: z % 6 };
  const extensionMs = 30 + (x % 4) * 30;
  switch (account) {
    case 3:
      return { mode: 'phase', extensionMs, ...limits };
    case 4:
      return { mode: 'cooloff', quietMs: extensionMs, dailyStop: dailyStopOf(of.at, { x, y }), ...limits };
    case 5:
      return x % 2 === 0 ? { mode: 'none' } : { mode: 'cooloff', quietMs: 0, dailyStop: null, ...limits };
    default:
      return { mode: 'window', windowMs: account * 50, extensionMs, ...limits };
  }
}

/** The next full minute is where it stops; the night is a minute, two, all day but one, or for good. */
function dailyStopOf(at: number, { x, y }: Pick<Intent, 'x' | 'y'>): unknown {
  if (y % 3 === 0) return null;
  const utcOffsetMinutes = [0, 480, -330][x % 3] ?? 0;
  const stopMinute = (Math.floor(at / 60_000) + 1 + utcOffsetMinutes + 1440) % 1440;
  const night = [1, 2, 1439, null][x % 4] ?? null;
  return { stopMinute, resumeMinute: night === null ? null : (stopMinute + night) % 1440, utcOffsetMinutes };
}

function securityOf(x: number): BidSecurityRule {
  if (x % 3 === 0) return { mode: 'fixed', amount: x % 9 === 0 ? '0' : '80000' };
  if (x % 3 === 1) return { mode: 'per_tonne', amountPerTonne: '15000' };
  return { mode: 'percent_of_start', basisPoints: 1 + (x % 1500) };
}
