/**
 * What must hold of every award after the close, read from commands and events alone: never more than was
 * offered, money behind everything that is open, one way at a time for every award.
 */
import type {
  AuctionCommand as Command,
  AuctionEvent as Event,
  AwardState,
  CommonTerms,
} from '../../types.ts';
import { must } from '../must.ts';
import { naiveSecurity } from '../naive-auction.ts';

type Line = { accountId: string; quantity: number; state: AwardState; dueAt: number };

export type AfterClose = {
  readonly terms: CommonTerms;
  readonly closedAt: number;
  standstillEndsAt: number | null;
  /** Final, and what follows it is running. */
  isFinal: boolean;
  isDone: boolean;
  awards: Map<number, Line>;
  waiting: Map<string, number>;
  below: number;
};

type Closed = Extract<Event, { type: 'auction_closed' }>;

export function afterClose(terms: CommonTerms, closedAt: number, event: Closed): AfterClose {
  return {
    terms,
    closedAt,
    standstillEndsAt: event.standstillEndsAt,
    isFinal: false,
    isDone: false,
    ...begun(event),
    below: event.belowReserve?.awards.length ?? 0,
  };
}

function begun({
  awards,
  waiting,
}: Pick<Closed, 'awards' | 'waiting'>): Pick<AfterClose, 'awards' | 'waiting'> {
  const state: AwardState = 'provisional';
  const lines = awards.map(({ accountId, quantity }, index): [number, Line] => {
    return [index + 1, { accountId, quantity, state, dueAt: 0 }];
  });
  return {
    awards: new Map(lines),
    waiting: new Map(waiting.map(({ accountId, quantity }) => [accountId, quantity])),
  };
}

const FROM: Readonly<Record<string, readonly AwardState[]>> = {
  award_confirmed: ['pending'],
  award_concluded: ['confirmed'],
  award_declined: ['pending', 'confirmed'],
  award_lapsed: ['pending', 'confirmed'],
  award_released: ['pending', 'confirmed'],
};
const TO: Readonly<Record<string, AwardState>> = {
  award_confirmed: 'confirmed',
  award_concluded: 'concluded',
  award_declined: 'declined',
  award_lapsed: 'lapsed',
  award_released: 'released',
};

export function checkAfter(after: AfterClose, command: Command, event: Event): void {
  must(!after.isDone || event.type.startsWith('bid_security_'), command, 'nothing follows the end but money');
  switch (event.type) {
    case 'standstill_extended':
      must(inStandstill(after, command), command, 'only what runs is extended');
      must(event.endsAt > (after.standstillEndsAt ?? Infinity), command, 'a standstill only grows');
      after.standstillEndsAt = event.endsAt;
      return;
    case 'complaint_upheld':
      return must(inStandstill(after, command), command, 'complaints are heard in the standstill');
    case 'reserve_waived':
      must(inStandstill(after, command) && after.below > 0, command, 'something was below the reserve');
      must(event.awards.length <= after.below, command, 'nothing is made up');
      Object.assign(after, begun(event), { below: 0 });
      return;
    case 'auction_awarded': {
      must(
        command.at >= (after.standstillEndsAt ?? 0),
        command,
        'nothing is final before the standstill ends',
      );
      const lines = [...after.awards.values()].map(({ accountId, quantity }) => [accountId, quantity]);
      const told = event.awards.map(({ accountId, quantity }) => [accountId, quantity]);
      must(JSON.stringify(lines) === JSON.stringify(told), command, 'the award is the provisional one');
      Object.assign(after, { isFinal: true, isDone: after.terms.waiting === undefined });
      return;
    }
    case 'auction_unsold':
      must(after.awards.size === 0, command, 'what was won is not unsold');
      must(command.at >= (after.standstillEndsAt ?? 0), command, 'the owner may think until the end');
      after.isDone = true;
      return;
    case 'auction_voided':
    case 'auction_completed':
      after.isDone = true;
      return;
    case 'award_pending':
      return checkPending(after, command, event);
    case 'award_confirmed':
    case 'award_concluded':
    case 'award_declined':
    case 'award_lapsed':
    case 'award_released':
      return checkMove(after, command, event);
    case 'waiting_released': {
      const after_ = after.terms.waiting?.withdrawAfterMs ?? Infinity;
      must(after.waiting.delete(event.accountId), command, 'who leaves was waiting');
      if (event.reason === 'withdrew')
        must(command.at >= after.closedAt + after_, command, 'nobody leaves before it may');
      return;
    }
  }
}

type Pending = Extract<Event, { type: 'award_pending' }>;
type Moved = Extract<
  Event,
  { type: 'award_confirmed' | 'award_concluded' | 'award_declined' | 'award_lapsed' | 'award_released' }
>;

function checkPending(after: AfterClose, command: Command, event: Pending): void {
  const { number, accountId, quantity } = event;
  const dueAt = command.at + (after.terms.waiting?.confirmMs ?? NaN);
  must(after.isFinal && event.dueAt === dueAt, command, 'a final award has its time');
  const known = after.awards.get(number);
  after.awards.set(number, { accountId, quantity, state: 'pending', dueAt });
  if (known !== undefined) {
    const isSame = known.accountId === accountId && known.quantity === quantity;
    must(isSame && known.state === 'provisional', command, 'a provisional award becomes final as it is');
    return;
  }
  const left = (after.waiting.get(accountId) ?? 0) - quantity;
  must(left >= 0 && quantity > 0, command, 'only who waits gets what has fallen');
  if (left === 0) after.waiting.delete(accountId);
  else after.waiting.set(accountId, left);
}

function checkMove(after: AfterClose, command: Command, event: Moved): void {
  const line = after.awards.get(event.number);
  must(line !== undefined && line.accountId === event.accountId, command, 'an award is of its winner');
  if (line === undefined) return;
  must(FROM[event.type]!.includes(line.state), command, 'an award goes one way');
  const isLate = command.at >= line.dueAt;
  const lapses = event.type === 'award_lapsed';
  must(line.state !== 'pending' || lapses === isLate, command, 'in time, or lapsed');
  must(!lapses || isLate, command, 'nobody lapses early');
  if (event.type === 'award_declined' || lapses) after.waiting.delete(event.accountId);
  line.state = TO[event.type]!;
  if ('dueAt' in event) line.dueAt = event.dueAt;
}

function inStandstill(after: AfterClose, command: Command): boolean {
  return !after.isFinal && after.standstillEndsAt !== null && command.at < after.standstillEndsAt;
}

export function standingLines({ awards, isDone, isFinal }: AfterClose): Line[] {
  // Void, or unsold after all.
  if (isDone && !isFinal) return [];
  return [...awards.values()].filter(({ state }) => !['declined', 'lapsed', 'released'].includes(state));
}

/** What must hold after every entry. @param held what is still allocated, by account. */
export function checkStanding(after: AfterClose, command: Command, held: ReadonlyMap<string, bigint>): void {
  const { terms } = after;
  const gone = [...after.awards.values()].filter(({ state }) => state === 'released');
  const sold = [...standingLines(after), ...gone].reduce((sum, line) => sum + line.quantity, 0);
  must(sold <= terms.quantity, command, 'never more is awarded than was offered');
  const accounts = new Set([...standingLines(after).map((line) => line.accountId), ...after.waiting.keys()]);
  if (after.isDone) {
    must(
      [...held.values()].every((amount) => amount === 0n),
      command,
      'at the end nobody has money here',
    );
    return;
  }
  for (const accountId of accounts) {
    const own = standingLines(after).filter((line) => line.accountId === accountId);
    const isOpen = own.some((line) => line.state !== 'concluded') || after.waiting.has(accountId);
    const bound = own.reduce((sum, line) => sum + line.quantity, after.waiting.get(accountId) ?? 0);
    const covers = (held.get(accountId) ?? 0n) >= naiveSecurity(terms, bound);
    must(!isOpen || covers, command, 'money stands behind all that is open');
  }
}

/** What an account leaves for contracts and leaves at risk, by the awards it has concluded and let fall. */
export function owed(after: AfterClose, accountId: string): { kept: bigint; proposed: bigint } {
  const sum = (...states: AwardState[]): number =>
    [...after.awards.values()]
      .filter((line) => line.accountId === accountId && states.includes(line.state))
      .reduce((total, line) => total + line.quantity, 0);
  const done = sum(...(after.terms.waiting ? (['concluded'] as const) : (['provisional'] as const)));
  const kept = naiveSecurity(after.terms, done);
  return { kept, proposed: naiveSecurity(after.terms, done + sum('declined', 'lapsed')) - kept };
}
