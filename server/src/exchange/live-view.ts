/**
 * What the market looks like now, folded from committed entries: one immutable record per auction,
 * replaced on each change, so that frames can be cut from an older one while newer ones are made.
 * Holds account ids and hidden prices: only `auction-frames.ts` may show it to somebody.
 */
import { emptyRoom, isMarketCommand, movedTerms, roomAfter, roomMoved } from '@seam/engine';
import type {
  AuctionEvent,
  AuctionState,
  AuctionTerms,
  Award,
  Command,
  FormatName,
  RoomOf,
  TermsOf,
} from '@seam/engine';
import type { Lots } from '@seam/units';
import { ENDED_AUCTION_KEPT_MS } from './limits.ts';
import { type Awarding, awardsAfter } from './live-awards.ts';
import { type Seen, seenAfter } from './masking.ts';
import type { LiveView } from './recovery.ts';
import type { JournalEntry } from './types.ts';

export type AuctionView<Name extends FormatName = FormatName> = {
  readonly terms: TermsOf<Name>;
  readonly state: AuctionState;
  readonly closesAt: number;
  readonly extensions: number;
  /** What the format itself knows: bids, rounds, steps. */
  readonly room: Readonly<RoomOf<Name>>;
  /** Accounts in the order of their first bid that everybody may know of. */
  readonly bidders: readonly string[];
  /** Bids that everybody may know of. */
  readonly bids: number;
  /** Accounts barred since it was scheduled. */
  readonly excluded: readonly string[];
  /** Bid security allocated, minor units as text, by account. */
  readonly security: Readonly<Record<string, string>>;
  readonly suspension: { readonly reason: string; readonly remainingMs: number } | null;
  /** Provisional in the standstill; those that have fallen left out. */
  readonly awards: readonly Award[] | null;
  /** Of an auction with a standstill or waiting bidders, from its close on. */
  readonly awarding?: Awarding;
  readonly unsold: Lots | null;
  /** Why it ended without an award. */
  readonly endReason: string | null;
  /** What single viewers saw last, while they are not to see everything. */
  readonly seen: Seen | null;
  /** Place and time of the entry that made this record. */
  readonly seq: number;
  readonly at: number;
};

type LiveListener = {
  /** A new record, also while the journal is replayed. */
  changed(view: AuctionView): void;
  /** The auction ended long ago and is no longer held here. */
  forgotten(auctionId: string): void;
};

type Ended = { auctionId: string; at: number };

export class LiveAuctions implements LiveView {
  #auctions = new Map<string, AuctionView>();
  #ended: Ended[] = [];
  readonly #listener: LiveListener;

  constructor(listener: LiveListener = { changed: () => {}, forgotten: () => {} }) {
    this.#listener = listener;
  }

  get(auctionId: string): AuctionView | undefined {
    return this.#auctions.get(auctionId);
  }

  all(): IterableIterator<AuctionView> {
    return this.#auctions.values();
  }

  apply(entry: JournalEntry): void {
    const changed = new Map<string, AuctionView | undefined>();
    // Order books have a live view of their own.
    if (isMarketCommand(entry.command)) return;
    for (const event of entry.events as readonly AuctionEvent[]) {
      if (event.type === 'command_rejected') return;
      const auctionId = event.type === 'auction_scheduled' ? event.terms.auctionId : event.auctionId;
      // Awards may be signed, and fall, long after their auction was let go here.
      if (isOfAwards(event) && !this.#auctions.has(auctionId)) continue;
      if (!changed.has(auctionId)) changed.set(auctionId, this.#auctions.get(auctionId));
      const before = event.type === 'auction_scheduled' ? scheduled(event.terms) : this.#before(auctionId);
      const after = { ...before, ...changes(before, entry.command, event), seq: entry.seq, at: entry.at };
      this.#auctions.set(auctionId, after);
      if (isEnd(event)) this.#ended.push({ auctionId, at: entry.at });
    }
    for (const [auctionId, before] of changed) this.#tell(before, this.#before(auctionId));
    while (this.#ended[0] && this.#ended[0].at < entry.at - ENDED_AUCTION_KEPT_MS) {
      this.#auctions.delete(this.#ended[0].auctionId);
      this.#listener.forgotten(this.#ended[0].auctionId);
      this.#ended.shift();
    }
  }

  snapshot(): string {
    return JSON.stringify({ auctions: [...this.#auctions.values()], ended: this.#ended });
  }

  restore(text: string): void {
    const { auctions, ended } = JSON.parse(text) as { auctions: AuctionView[]; ended: Ended[] };
    this.#auctions = new Map(auctions.map((view) => [view.terms.auctionId, view]));
    this.#ended = ended;
    for (const view of auctions) this.#listener.changed(view);
  }

  /** Once for each auction of an entry, whatever number of events it had. */
  #tell(before: AuctionView | undefined, after: AuctionView): void {
    const seen = seenAfter(before, after);
    const told = seen === after.seen ? after : { ...after, seen };
    if (told !== after) this.#auctions.set(after.terms.auctionId, told);
    this.#listener.changed(told);
  }

  #before(auctionId: string): AuctionView {
    const view = this.#auctions.get(auctionId);
    if (!view) throw new Error(`event of auction ${auctionId}, which the live view does not know`);
    return view;
  }
}

const AFTER_CLOSE = /^(award|waiting|bid_security|auction_completed)/;
/** By type, asked once each: a bid is the most frequent event there is. */
const ofAwards = new Map<string, boolean>();

function isOfAwards({ type }: AuctionEvent): boolean {
  let known = ofAwards.get(type);
  if (known === undefined) ofAwards.set(type, (known = AFTER_CLOSE.test(type)));
  return known;
}

function isEnd(event: AuctionEvent): boolean {
  return (
    event.type === 'auction_awarded' || event.type === 'auction_unsold' || event.type === 'auction_voided'
  );
}

function scheduled(terms: AuctionTerms): AuctionView {
  return {
    terms,
    state: 'scheduled',
    closesAt: terms.closesAt,
    extensions: 0,
    room: emptyRoom(terms),
    bidders: [],
    bids: 0,
    excluded: [],
    security: {},
    suspension: null,
    awards: null,
    unsold: null,
    endReason: null,
    seen: null,
    seq: 0,
    at: 0,
  };
}

function changes(
  view: AuctionView,
  command: Command,
  event: Exclude<AuctionEvent, { type: 'command_rejected' }>,
): Partial<AuctionView> {
  switch (event.type) {
    case 'auction_scheduled':
      return {};
    case 'auction_called': {
      const terms = movedTerms(view.terms, event.opensAt);
      return { terms, closesAt: event.closesAt, room: emptyRoom(terms) };
    }
    case 'auction_opened':
      return { state: 'open' };
    case 'bid_security_allocated':
      return { security: { ...view.security, [event.accountId]: event.total } };
    case 'bid_accepted':
    case 'maximum_accepted':
    case 'offer_accepted':
    case 'price_accepted':
      return { room: roomAfter(view, command, event), ...withBidders(view, [event.accountId]) };
    case 'clock_round_ended': {
      const { statements } = (view as AuctionView<'clock'>).room;
      const told = withBidders(view, accountsOf(statements));
      return { room: roomAfter(view, command, event), ...told };
    }
    case 'hybrid_phase_started': {
      const told = withBidders(view, accountsOf(event.opened ?? []));
      return { room: roomAfter(view, command, event), ...told };
    }
    case 'sealed_submission_ended': {
      const { sealed } = (view as AuctionView<'sealed_bid'>).room;
      return { room: roomAfter(view, command, event), ...withBidders(view, accountsOf(sealed)) };
    }
    case 'rounds_started':
    case 'rounds_skipped':
      return { room: roomAfter(view, command, event), ...withBidders(view, accountsOf(event.offers)) };
    case 'turn_ended': {
      const told = withBidders(view, event.offer === null ? [] : [event.accountId]);
      return { room: roomAfter(view, command, event), ...told };
    }
    // Until its round, turn or phase has ended, not even that somebody has bid is told.
    case 'quantity_stated':
    case 'offer_taken':
    case 'entry_offer_accepted':
    case 'turn_offer_made':
    case 'turn_offer_withdrawn':
    case 'sealed_bid_accepted':
    case 'price_lowered':
    case 'rounds_moved':
    case 'opening_share_given':
    case 'sealed_bids_decrypted':
    case 'sealed_bid_opened':
    case 'sealed_bid_disqualified':
    case 'auto_bid_set':
    case 'bids_raised':
      return { room: roomAfter(view, command, event) };
    case 'auction_extended':
      return { closesAt: event.closesAt, extensions: event.extensions };
    case 'auction_shortened':
      return { closesAt: event.closesAt };
    case 'auction_extended_for_outage':
      return { closesAt: event.closesAt, room: roomMoved(view, event.closesAt - view.closesAt) };
    case 'auction_suspended':
      return { state: 'suspended', suspension: { reason: event.reason, remainingMs: event.remainingMs } };
    case 'auction_resumed':
      return {
        state: 'open',
        suspension: null,
        closesAt: event.closesAt,
        room: roomMoved(view, event.closesAt - view.closesAt),
      };
    case 'auction_closed':
    case 'standstill_extended':
    case 'complaint_upheld':
    case 'reserve_waived':
    case 'award_pending':
    case 'award_confirmed':
    case 'award_concluded':
    case 'award_declined':
    case 'award_lapsed':
    case 'award_released':
    case 'waiting_released': {
      const told = awardsAfter(view, event);
      return { ...told, bidders: withBidders(view, accountsOf(told.awards)).bidders };
    }
    case 'auction_completed':
      return {};
    case 'auction_awarded':
      return {
        state: 'awarded',
        awards: event.awards,
        unsold: event.unsold,
        ...(view.awarding && { awarding: awardsAfter(view, event).awarding }),
        // What a last round brought is told by nothing but the award.
        bidders: withBidders(view, accountsOf(event.awards)).bidders,
      };
    case 'auction_unsold':
      return { state: 'unsold', awards: [], endReason: event.reason };
    case 'auction_voided':
      return { state: 'voided', endReason: event.reason };
    // Whom the centre found to be of the seller's group is between them.
    case 'bidder_excluded':
      return { excluded: [...view.excluded, event.accountId] };
    // Where the security of an ended auction went is the ledger's to show.
    case 'bid_security_released':
    case 'bid_security_retained':
    case 'bid_security_forfeit_proposed':
      return {};
  }
}

/** One bid more of each account. */
function withBidders(
  view: AuctionView,
  accountIds: readonly string[],
): Pick<AuctionView, 'bidders' | 'bids'> {
  const known = membersOf(view.bidders);
  const newcomers = new Set(accountIds.filter((id) => !known.has(id)));
  return {
    // The same list while nobody is new: names are made once for each list.
    bidders: newcomers.size === 0 ? view.bidders : [...view.bidders, ...newcomers],
    bids: view.bids + accountIds.length,
  };
}

/** A list of bidders is never changed, only replaced: whom it has is worked out once. */
const members = new WeakMap<readonly string[], ReadonlySet<string>>();

function membersOf(bidders: readonly string[]): ReadonlySet<string> {
  let known = members.get(bidders);
  if (!known) members.set(bidders, (known = new Set(bidders)));
  return known;
}

function accountsOf(lines: readonly { readonly accountId: string }[]): readonly string[] {
  return lines.map((line) => line.accountId);
}
