/**
 * What must hold in every history, read from commands and events alone: no engine state, no engine
 * code. Throws with the seq of the first entry that breaks a promise.
 */
import type {
  AuctionCommand as Command,
  AuctionEvent as Event,
  Award,
  EnglishEvent,
  EnglishTerms,
} from '../types.ts';
import {
  type AfterClose,
  afterClose,
  checkAfter,
  checkStanding,
  owed,
  standingLines,
} from './awarding/invariants.ts';
import { type Lot, checkCaps, checkOpening } from './awarding/catalogue-invariants.ts';
import { type Bidding, checkAward, checkEntry, take } from './english/invariants.ts';
import { must } from './must.ts';
import { naiveSecurity } from './naive-auction.ts';
import { naiveBetween, naiveExtended, naiveHardEnd, naiveIsNight, naiveNights } from './naive-soft-close.ts';
import type { Entry } from './workload.ts';

type Life = {
  terms: EnglishTerms;
  state: 'scheduled' | 'open' | 'suspended' | 'ended';
  /** What follows the close, where the terms ask for it. */
  after: AfterClose | null;
  lot: Lot | null;
  end: number;
  hardEnd: number;
  frozenAt: number;
  extensions: number;
  outageUntil: number;
  excluded: string[];
  bidding: Bidding;
  allocated: Map<string, bigint>;
  returned: Map<string, bigint>;
  kept: Map<string, bigint>;
  proposed: Map<string, bigint>;
  awards: readonly Award[];
};

type Place = { life: Life; lots: readonly Lot[]; command: Command; events: readonly Event[] };

export function checkHistory(entries: readonly Entry[]): void {
  const lives = new Map<string, Life>();
  for (const { command, events } of entries) {
    for (const event of events) {
      if (event.type === 'command_rejected') continue;
      if (event.type === 'auction_scheduled') {
        must(!lives.has(event.terms.auctionId), command, 'an id is scheduled once');
        lives.set(event.terms.auctionId, born(event.terms as EnglishTerms));
        continue;
      }
      const life = lives.get(event.auctionId);
      must(life !== undefined, command, 'events are about scheduled auctions');
      if (life) checkEvent({ life, lots: lotsOf(lives), command, events }, event);
    }
    for (const life of lives.values()) if (life.state === 'ended') checkMoney(life, command);
    checkCaps(lotsOf(lives).map(withHeld(lives)), command);
  }
}

function lotsOf(lives: ReadonlyMap<string, Life>): Lot[] {
  return [...lives.values()].flatMap(({ lot }) => lot ?? []);
}

function withHeld(lives: ReadonlyMap<string, Life>): (lot: Lot) => Lot {
  return (lot) => {
    const { state, awards, after, bidding } = lives.get(lot.auctionId)!;
    if (state === 'ended') return { ...lot, held: after ? standingLines(after) : [...awards] };
    const latest = new Map(bidding.bids.map((bid) => [bid.accountId, bid]));
    return { ...lot, held: [...latest.values()] };
  };
}

function born(terms: EnglishTerms): Life {
  const { catalogue, auctionId } = terms;
  const lot: Lot | null = catalogue
    ? { catalogue, auctionId, state: 'scheduled', called: false, endedAt: 0, held: [] }
    : null;
  return {
    terms,
    state: 'scheduled',
    after: null,
    lot,
    end: terms.closesAt,
    hardEnd: naiveHardEnd(terms),
    frozenAt: 0,
    extensions: 0,
    outageUntil: 0,
    excluded: [],
    bidding: { terms, bids: [], limits: new Map() },
    allocated: new Map(),
    returned: new Map(),
    kept: new Map(),
    proposed: new Map(),
    awards: [],
  };
}

type LifeEvent = Exclude<Event, { type: 'command_rejected' | 'auction_scheduled' }>;

function checkEvent(place: Place, event: LifeEvent): void {
  const { life, command } = place;
  const nights = naiveNights(life.terms);
  switch (event.type) {
    case 'auction_called':
      return checkCall(place, event);
    case 'auction_opened':
      must(!life.lot || life.lot.called, command, 'a lot waits for its call');
      if (life.lot) {
        checkOpening(place.lots, life.lot, command);
        life.lot.state = 'open';
      }
      must(life.state === 'scheduled' && command.at >= life.terms.opensAt, command, 'opens once, not early');
      life.state = 'open';
      return;
    case 'bid_security_allocated':
      must(life.state !== 'ended', command, 'no security after the end');
      add(life.allocated, event.accountId, event.amount);
      must(String(life.allocated.get(event.accountId)) === event.total, command, 'the total is the sum');
      return;
    case 'bid_accepted':
    case 'maximum_accepted':
    case 'auto_bid_set':
    case 'bids_raised':
      return checkBidding(place, event);
    case 'auction_extended':
      return checkExtension(place, event);
    case 'auction_extended_for_outage':
      return checkOutage(place, event);
    case 'bidder_excluded': {
      const own = life.bidding.bids.findLast((bid) => bid.accountId === event.accountId);
      must(event.bound === (own?.quantity ?? 0), command, 'an exclusion says what still binds');
      must(!barred(life).includes(event.accountId), command, 'nobody is excluded twice');
      life.excluded.push(event.accountId);
      return;
    }
    case 'auction_suspended':
      must(
        life.state === 'open' && event.remainingMs === naiveBetween(nights, command.at, life.end),
        command,
        'the rest is frozen',
      );
      must(command.at < life.end, command, 'what is over is not suspended');
      life.state = 'suspended';
      life.frozenAt = command.at;
      return;
    case 'auction_resumed':
      must(life.state === 'suspended', command, 'only the suspended resume');
      must(
        naiveBetween(nights, command.at, event.closesAt) >= naiveBetween(nights, life.frozenAt, life.end),
        command,
        'a pause takes no time',
      );
      must(
        naiveBetween(nights, command.at, event.closesAt) >= 300_000,
        command,
        'five minutes remain after a pause',
      );
      must(event.closesAt >= life.end && event.hardEndAt >= life.hardEnd, command, 'ends never move back');
      must(event.closesAt <= event.hardEndAt, command, 'the end is not past the hard end');
      Object.assign(life, { state: 'open', end: event.closesAt, hardEnd: event.hardEndAt });
      return;
    case 'auction_closed':
      checkEnd(place, event);
      life.after = afterClose(life.terms, life.end, event);
      return;
    case 'auction_awarded':
    case 'auction_unsold':
    case 'auction_voided':
      return life.after ? checkAfter(life.after, command, event) : checkEnd(place, event);
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
    case 'auction_completed':
      must(life.after !== null, command, 'awards move after the close only');
      if (life.after) checkAfter(life.after, command, event);
      return;
    case 'bid_security_forfeit_proposed':
      must(life.after !== null, command, 'only a fallen award puts security at risk');
      return add(life.proposed, event.accountId, event.amount);
    case 'bid_security_released':
      must(life.state === 'ended', command, 'security is released by the end only');
      return add(life.returned, event.accountId, event.amount);
    case 'bid_security_retained':
      must(life.state === 'ended', command, 'security is retained by the end only');
      return add(life.kept, event.accountId, event.amount);
  }
}

/** All that bidding did in one entry is checked with its first event: the extension comes last. */
function checkBidding({ life, command, events }: Place, first: EnglishEvent): void {
  const { terms } = life;
  must(
    life.state === 'open' && command.at < life.end,
    command,
    'bids are taken while open and before the end',
  );
  must(!naiveIsNight(naiveNights(terms), command.at), command, 'no bid in the night');
  if (first !== events[0]) return;
  const before = { ...life.bidding };
  for (const event of events) {
    if (event.type === 'auction_extended' || !isBidding(event)) continue;
    take(life.bidding, command, event);
    if (event.type !== 'bid_accepted' && event.type !== 'maximum_accepted') continue;
    must(!barred(life).includes(event.accountId), command, 'the seller and its group do not bid');
    const has = life.allocated.get(event.accountId) ?? 0n;
    must(has >= naiveSecurity(terms, event.quantity), command, 'a bid has its security');
  }
  const isChanged = checkEntry(before, life.bidding, { command, events });
  const later =
    naiveExtended({ ...life, closesAt: life.end, hardEndAt: life.hardEnd }, command.at) > life.end;
  const extended = events.some((other) => other.type === 'auction_extended');
  must(extended === (isChanged && later), command, 'a late change extends, nothing else does');
}

function barred({ terms, excluded }: Life): readonly string[] {
  return [terms.ownerId, ...(terms.excludedIds ?? []), ...excluded];
}

function isBidding(event: Event): event is EnglishEvent {
  return ['bid_accepted', 'maximum_accepted', 'auto_bid_set', 'bids_raised'].includes(event.type);
}

function checkExtension({ life, command }: Place, event: Extract<Event, { type: 'auction_extended' }>): void {
  must(event.closesAt > life.end, command, 'the end never moves back');
  must(event.closesAt <= life.hardEnd, command, 'the end is not past the hard end');
  must(event.extensions === life.extensions + 1, command, 'extensions count up');
  const { softClose } = life.terms;
  must(softClose.mode !== 'none' && event.extensions <= softClose.extensionsMax, command, 'at most so many');
  life.end = event.closesAt;
  life.extensions = event.extensions;
}

type Outage = Extract<Event, { type: 'auction_extended_for_outage' }>;

function checkOutage({ life, command }: Place, event: Outage): void {
  const { downFrom, downUntil, closesAt } = event;
  must(life.state === 'open' || life.state === 'scheduled', command, 'what stands still loses no time');
  // In bidding time: a night costs nobody anything, and gives nobody anything.
  const nights = naiveNights(life.terms);
  const lost = naiveBetween(nights, downFrom, downUntil);
  must(downUntil <= command.at && lost > 10_000, command, 'an outage is over and was long');
  must(downFrom >= life.outageUntil, command, 'an outage counts once');
  const near = naiveBetween(nights, downUntil, life.end) < 900_000;
  must(downFrom < life.end && near, command, 'it was near the end');
  const back = naiveBetween(nights, life.end, closesAt);
  const planned = life.terms.closesAt - life.terms.opensAt;
  must(back >= Math.min(planned, 900_000), command, 'a quarter of an hour comes back, or all of less');
  must(back >= lost, command, 'the time comes back');
  const left = naiveBetween(nights, command.at, closesAt);
  must(left >= Math.min(planned, 300_000), command, 'time remains after an outage');
  must(event.hardEndAt - life.hardEnd === closesAt - life.end, command, 'the hard end moves along');
  Object.assign(life, { end: closesAt, hardEnd: event.hardEndAt, outageUntil: downUntil });
}

type Called = Extract<Event, { type: 'auction_called' }>;

/** All times move together, and never to before what was planned. */
function checkCall({ life, command }: Place, event: Called): void {
  const byMs = event.opensAt - life.terms.opensAt;
  must(life.lot !== null && !life.lot.called, command, 'a lot is called once');
  must(byMs >= 0, command, 'no lot opens before its time');
  must(event.closesAt - life.end === byMs && event.hardEndAt - life.hardEnd === byMs, command, 'all moves');
  const { softClose } = life.terms;
  const { opensAt, closesAt, hardEndAt } = event;
  const moved = softClose.mode === 'none' ? softClose : { ...softClose, hardEndAt };
  Object.assign(life, { terms: { ...life.terms, opensAt, closesAt, softClose: moved } });
  Object.assign(life, { end: closesAt, hardEnd: hardEndAt });
  if (life.lot) life.lot.called = true;
}

type Ending = Extract<
  Event,
  { type: 'auction_closed' | 'auction_awarded' | 'auction_unsold' | 'auction_voided' }
>;

function checkEnd({ life, command, events }: Place, event: Ending): void {
  must(life.state !== 'ended', command, 'an auction ends once');
  life.state = 'ended';
  if (life.lot) {
    life.lot.state = 'ended';
    life.lot.endedAt = event.type === 'auction_voided' ? command.at : life.end;
  }
  if (event.type === 'auction_voided') return;
  must(command.at >= life.end, command, 'no auction closes early');
  must(events[0] === event, command, 'the outcome comes before the money');
  if (event.type === 'auction_closed') {
    const { auctionId, reason } = event;
    const result = reason ? ({ type: 'auction_unsold', auctionId, reason } as const) : null;
    checkAward(life.bidding, command, result ?? { ...event, type: 'auction_awarded', reserveMet: true });
    return;
  }
  checkAward(life.bidding, command, event);
  if (event.type === 'auction_unsold') return;
  life.awards = event.awards;
}

/** Each account gets back or leaves exactly what it allocated; only winners leave, what they must. */
function checkMoney(life: Life, command: Command): void {
  const { after } = life;
  if (after !== null) {
    const held = new Map([...life.allocated].map(([id, amount]) => [id, amount - gone(life, id)]));
    checkStanding(after, command, held);
    must(
      [...held.values()].every((amount) => amount >= 0n),
      command,
      'nobody leaves more than it had',
    );
    for (const [accountId] of life.allocated) {
      if (held.get(accountId) !== 0n) continue;
      const isVoid = after.isDone && !after.isFinal;
      const { kept, proposed } = isVoid ? { kept: 0n, proposed: 0n } : owed(after, accountId);
      must((life.kept.get(accountId) ?? 0n) === kept, command, 'contracts keep what they need');
      must((life.proposed.get(accountId) ?? 0n) === proposed, command, 'what fell leaves its own part');
    }
    return;
  }
  for (const [accountId, allocated] of life.allocated) {
    const kept = life.kept.get(accountId) ?? 0n;
    must((life.returned.get(accountId) ?? 0n) + kept === allocated, command, 'security is conserved');
    const award = life.awards.find((line) => line.accountId === accountId);
    must(
      kept === naiveSecurity(life.terms, award?.quantity ?? 0),
      command,
      'winners leave what the award needs',
    );
  }
  for (const accountId of [...life.returned.keys(), ...life.kept.keys()]) {
    must(life.allocated.has(accountId), command, 'only what was allocated comes back');
  }
}

function add(map: Map<string, bigint>, key: string, amount: string): void {
  map.set(key, (map.get(key) ?? 0n) + BigInt(amount));
}

function gone({ returned, kept, proposed }: Life, accountId: string): bigint {
  return [returned, kept, proposed].reduce((sum, map) => sum + (map.get(accountId) ?? 0n), 0n);
}
