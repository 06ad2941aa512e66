import type { ProblemEntry } from './entry.ts';

export const commonProblems = {
  'request.invalid': { status: 400, title: 'The request does not have the required form' },
  'request.unknown_field': { status: 400, title: 'The request holds a field that does not exist' },
  'request.too_large': { status: 413, title: 'The request is too large' },
  'request.media_type': { status: 415, title: 'The content type is not supported' },
  'request.rate_limited': { status: 429, title: 'Too many requests' },
  'request.idempotency_conflict': {
    status: 409,
    title: 'This idempotency key was used with another request',
  },
  'request.origin_forbidden': { status: 403, title: 'This origin may not call the exchange' },
  'auth.required': { status: 401, title: 'Sign in first' },
  'auth.forbidden': { status: 403, title: 'Your role does not allow this' },
  'organisation.top_up_required': {
    status: 409,
    title: 'A deposit of your company was taken back and is not covered: pay in what is owed first',
  },
  'organisation.not_active': {
    status: 403,
    title: 'Your company is not yet certified with a confirmed bank account',
  },
  'resource.not_found': { status: 404, title: 'There is no such thing, or it is not yours to see' },
  'state.conflict': { status: 409, title: 'The current state does not allow this' },
  'service.overloaded': { status: 503, title: 'Too busy at this moment' },
  'service.unavailable': { status: 503, title: 'A part of the exchange is not available' },
  'internal.error': { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, ProblemEntry>;
