/**
 * The lives of a request and of an answer. What is not listed cannot happen.
 *
 * Where a live request rests follows from what it has: an auction that buys for it, a negotiation, a
 * shortlist, an answer, a lot that fits. `live` stands for all of these.
 */
import { LIVE_REQUEST_STATES, type RequestState, type ResponseState } from '@seam/protocol';

export type RequestMove = 'publish' | 'act' | 'take_rest' | 'cancel' | 'expire';
export type ResponseMove =
  | 'revise'
  | 'shortlist'
  | 'unlist'
  | 'negotiate'
  | 'return'
  | 'return_listed'
  | 'take'
  | 'decline'
  | 'withdraw'
  | 'expire'
  | 'end'
  | 'close';
type LiveState = (typeof LIVE_REQUEST_STATES)[number];

/** `live`: to where its facts put it, see `restingState`. */
const live = {
  act: 'live',
  take_rest: 'contracted',
  cancel: 'cancelled',
  expire: 'expired',
} as const;

export const requestLifecycle = {
  draft: { publish: 'live', cancel: 'cancelled' },
  open: live,
  matched: live,
  responding: live,
  shortlisted: live,
  negotiating: live,
  in_auction: live,
  contracted: {},
  cancelled: {},
  expired: {},
} as const satisfies Record<RequestState, Partial<Record<RequestMove, RequestState | 'live'>>>;

const standing = {
  revise: 'offered',
  shortlist: 'shortlisted',
  take: 'taken',
  decline: 'declined',
  withdraw: 'withdrawn',
  expire: 'expired',
  negotiate: 'negotiating',
  close: 'declined',
  end: 'expired',
} as const;

export const responseLifecycle = {
  offered: standing,
  // A version the buyer has not seen is on nobody's shortlist.
  shortlisted: { ...standing, unlist: 'offered' },
  // What is talked about is not taken at the old price, nor changed behind the talk; it ends with the talk.
  negotiating: {
    return: 'offered',
    return_listed: 'shortlisted',
    take: 'taken',
    end: 'expired',
    close: 'declined',
  },
  taken: {},
  declined: {},
  withdrawn: {},
  expired: {},
} as const satisfies Record<ResponseState, Partial<Record<ResponseMove, ResponseState>>>;

export function moveRequest(state: RequestState, move: RequestMove): RequestState | 'live' | undefined {
  const moves: Partial<Record<RequestMove, RequestState | 'live'>> = requestLifecycle[state];
  return moves[move];
}

export function moveResponse(state: ResponseState, move: ResponseMove): ResponseState | undefined {
  const moves: Partial<Record<ResponseMove, ResponseState>> = responseLifecycle[state];
  return moves[move];
}

export function isLive(state: RequestState): boolean {
  return (LIVE_REQUEST_STATES as readonly RequestState[]).includes(state);
}

/** What a live request has. */
export type Facts = {
  readonly auctionedKg: bigint;
  readonly negotiations: number;
  readonly shortlisted: number;
  readonly answers: number;
  readonly matchedLots: number | null;
};

export function restingState(facts: Facts): LiveState {
  if (facts.auctionedKg > 0n) return 'in_auction';
  if (facts.negotiations > 0) return 'negotiating';
  if (facts.shortlisted > 0) return 'shortlisted';
  if (facts.answers > 0) return 'responding';
  return (facts.matchedLots ?? 0) > 0 ? 'matched' : 'open';
}
