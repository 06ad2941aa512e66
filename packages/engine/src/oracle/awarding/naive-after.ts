/**
 * What follows a close a second time, for tests: whoever holds, waits for and has on deposit what, read
 * from all that was told since, from the first word to the last, each time it is asked.
 */
import type { Instant } from '@seam/units';
import type { AwardLine, AwardState, AuctionEvent as Event, WaitingBid } from '../../types.ts';
import { type NaiveAuction, deposited } from '../naive-auction.ts';

type Told = Exclude<Event, { type: 'command_rejected' }>;
type Of<Type extends Told['type']> = Extract<Told, { type: Type }>;

export function told<Type extends Told['type']>(auction: NaiveAuction, type: Type): Of<Type>[] {
  return auction.told.filter((event): event is Of<Type> => event.type === type);
}

/** Is the auction over and its award not done with? */
export function isAfter(auction: NaiveAuction): boolean {
  const done = ['auction_unsold', 'auction_voided', 'auction_completed'] as const;
  if (told(auction, 'auction_closed').length === 0) return false;
  if (done.some((type) => told(auction, type).length > 0)) return false;
  return auction.terms.waiting !== undefined || told(auction, 'auction_awarded').length === 0;
}

export function isStandstill(auction: NaiveAuction): boolean {
  return isAfter(auction) && told(auction, 'auction_awarded').length === 0;
}

export function standstillEnd(auction: NaiveAuction): Instant | null {
  const later = told(auction, 'standstill_extended').at(-1)?.endsAt;
  return later ?? told(auction, 'auction_closed')[0]?.standstillEndsAt ?? null;
}

export function hasWaived(auction: NaiveAuction): boolean {
  return told(auction, 'reserve_waived').length > 0;
}

/** Of the close, or of the bids below the reserve once the owner takes them. */
function first(auction: NaiveAuction) {
  const [waived] = told(auction, 'reserve_waived');
  const [closed] = told(auction, 'auction_closed');
  return waived ?? { awards: closed?.awards ?? [], waiting: closed?.waiting ?? [] };
}

export function lines(auction: NaiveAuction): AwardLine[] {
  const pending = told(auction, 'award_pending');
  const begun = first(auction).awards.map((award, index) => ({ ...award, number: index + 1 }));
  const moved = pending.filter((event) => event.number > begun.length);
  const all = [...begun, ...moved];
  return all.map(({ accountId, price, quantity, bidSeq, number }) => {
    const facts = { accountId, price, quantity, bidSeq, number };
    return { ...facts, ...stateOf(auction, number) };
  });
}

function stateOf(auction: NaiveAuction, number: number): Pick<AwardLine, 'state' | 'dueAt'> {
  const words = {
    award_pending: 'pending',
    award_confirmed: 'confirmed',
    award_concluded: 'concluded',
    award_declined: 'declined',
    award_lapsed: 'lapsed',
    award_released: 'released',
  } as const satisfies Partial<Record<Told['type'], AwardState>>;
  const last = auction.told.findLast(
    (event) => event.type in words && 'number' in event && event.number === number,
  );
  if (last === undefined) return { state: 'provisional', dueAt: null };
  return { state: words[last.type as keyof typeof words], dueAt: 'dueAt' in last ? last.dueAt : null };
}

export function stands({ state }: AwardLine): boolean {
  return state !== 'declined' && state !== 'lapsed' && state !== 'released';
}

export function isOpenLine({ state }: AwardLine): boolean {
  return state === 'pending' || state === 'confirmed';
}

export function waitingNow(auction: NaiveAuction): WaitingBid[] {
  const begun = first(auction).awards.length;
  const left = [
    ...told(auction, 'waiting_released'),
    ...told(auction, 'award_declined'),
    ...told(auction, 'award_lapsed'),
  ];
  const gone = left.map((event) => event.accountId);
  return first(auction).waiting.flatMap((line) => {
    const got = told(auction, 'award_pending').filter(
      (event) => event.number > begun && event.accountId === line.accountId,
    );
    const taken = got.reduce((sum, event) => sum + event.quantity, 0);
    if (gone.includes(line.accountId) || taken === line.quantity) return [];
    const quantity = (line.quantity - taken) as WaitingBid['quantity'];
    const minimumAcceptable = (taken > 0 ? 0 : line.minimumAcceptable) as WaitingBid['quantity'];
    return [{ ...line, quantity, minimumAcceptable }];
  });
}

export function depositLeft(auction: NaiveAuction, accountId: string): bigint {
  const gone = auction.told.filter(
    (event) =>
      (event.type === 'bid_security_released' ||
        event.type === 'bid_security_retained' ||
        event.type === 'bid_security_forfeit_proposed') &&
      event.accountId === accountId,
  );
  return gone.reduce(
    (sum, event) => sum - BigInt('amount' in event ? event.amount : 0),
    deposited(auction, accountId),
  );
}

export function depositors(auction: NaiveAuction): string[] {
  const all = [...new Set(auction.deposits.map((deposit) => deposit.accountId))].sort();
  return all.filter((accountId) => depositLeft(auction, accountId) > 0n);
}

/** Lots that are nobody's, and that the owner has not taken back. */
export function freeNow(auction: NaiveAuction): number {
  let free: number = auction.terms.quantity;
  for (const line of lines(auction)) if (stands(line) || line.state === 'released') free -= line.quantity;
  return free;
}

/** When the clock does what, or null. */
export function nextAfter(auction: NaiveAuction): number | null {
  if (isStandstill(auction)) return standstillEnd(auction);
  const due = lines(auction).flatMap(({ state, dueAt }) => (state === 'pending' ? [dueAt ?? 0] : []));
  return due.length === 0 ? null : Math.min(...due);
}
