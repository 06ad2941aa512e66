/** The lives of a request and of an answer. What is not listed cannot happen. */
import type { RequestState, ResponseState } from '@seam/protocol';

export type RequestMove = 'respond' | 'take_part' | 'take_rest' | 'cancel' | 'expire';
export type ResponseMove = 'take' | 'decline' | 'expire';

export const requestLifecycle = {
  open: {
    respond: 'responding',
    take_part: 'open',
    take_rest: 'contracted',
    cancel: 'cancelled',
    expire: 'expired',
  },
  responding: {
    respond: 'responding',
    take_part: 'responding',
    take_rest: 'contracted',
    cancel: 'cancelled',
    expire: 'expired',
  },
  contracted: {},
  cancelled: {},
  expired: {},
} as const satisfies Record<RequestState, Partial<Record<RequestMove, RequestState>>>;

export const responseLifecycle = {
  offered: { take: 'taken', decline: 'declined', expire: 'expired' },
  taken: {},
  declined: {},
  expired: {},
} as const satisfies Record<ResponseState, Partial<Record<ResponseMove, ResponseState>>>;

export function moveRequest(state: RequestState, move: RequestMove): RequestState | undefined {
  const moves: Partial<Record<RequestMove, RequestState>> = requestLifecycle[state];
  return moves[move];
}

export function moveResponse(state: ResponseState, move: ResponseMove): ResponseState | undefined {
  const moves: Partial<Record<ResponseMove, ResponseState>> = responseLifecycle[state];
  return moves[move];
}
