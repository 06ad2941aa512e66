import type { ProblemEntry } from './entry.ts';

/** `request.*` is the form of an HTTP request; a buyer's published need is a `purchase_request` here. */
export const requestProblems = {
  'purchase_request.invalid': { status: 422, title: 'Several values of the request cannot be accepted' },
  'purchase_request.limit_invalid': { status: 422, title: 'This limit is no value that a coal can have' },
  'purchase_request.limit_reversed': { status: 422, title: 'The least value is above the greatest' },
  'purchase_request.limit_twice': { status: 422, title: 'This parameter is limited twice' },
  'purchase_request.minimum_above_quantity': {
    status: 422,
    title: 'The least part is more than the whole quantity',
  },
  'purchase_request.plant_required': {
    status: 422,
    title: 'Name one place: from the register, or a new one',
  },
  'purchase_request.place_without_coordinates': {
    status: 422,
    title: 'The register does not know where this place is; choose or add another',
  },
  'purchase_request.lot_unknown': { status: 422, title: 'Answer with a lot of your own company' },
  'purchase_request.price_above_ceiling': { status: 422, title: 'The price is above what the buyer accepts' },
  'purchase_request.quantity_below_minimum': { status: 422, title: 'The buyer has no use for so little' },
  'purchase_request.in_auction': { status: 409, title: 'An auction is buying for this request' },
  'purchase_request.quantity_exceeded': { status: 409, title: 'The buyer needs less than that' },
  'purchase_request.own': { status: 409, title: 'This request is your own company’s' },
  'purchase_request.blend_busy': {
    status: 503,
    title: 'Too many blends are being worked out; try again in a moment',
  },
  'purchase_request.not_open': { status: 409, title: 'The request is closed' },
  'purchase_request.already_answered': { status: 409, title: 'You have answered with this lot already' },
  'purchase_request.response_closed': { status: 409, title: 'This answer no longer stands' },
  'purchase_request.too_many_open': {
    status: 409,
    title: 'Your company has as many open requests as one may have',
  },
  'purchase_request.basis_not_allowed': {
    status: 422,
    title: 'This parameter is not reported on that basis',
  },
  'purchase_request.account_missing': {
    status: 409,
    title: 'Your company has no bank account that its bank has confirmed',
  },
  'purchase_request.not_draft': {
    status: 409,
    title: 'Only a draft can be changed; this request is published',
  },
  'purchase_request.not_invited': { status: 409, title: 'The buyer has not asked your company' },
  'purchase_request.producer_unknown': { status: 422, title: 'These are not companies that sell here' },
  'purchase_request.nobody_to_invite': { status: 409, title: 'No producer on the market is left to ask' },
  'purchase_request.lot_twice': { status: 422, title: 'The same lot is named twice' },
  'purchase_request.response_changed': {
    status: 409,
    title: 'The producer has changed this answer since you saw it',
  },
  'purchase_request.award_twice': { status: 422, title: 'The same answer is named twice' },
  'purchase_request.award_out_of_range': {
    status: 422,
    title: 'The producer does not sell that part of this lot',
  },
  'purchase_request.pooled': {
    status: 409,
    title: 'Members of a pool share every award: this request is awarded directly',
  },
  'purchase_request.negotiation_unavailable': {
    status: 503,
    title: 'Negotiations cannot be opened at the moment',
  },
  'purchase_request.in_negotiation': { status: 409, title: 'A negotiation for this request is under way' },
  'purchase_request.place_common': {
    status: 422,
    title: 'All coal of this pool goes to one place; name no other',
  },
  'request_pool.closed': { status: 409, title: 'This pool can no longer be joined or left' },
  'request_pool.full': { status: 409, title: 'This pool has as many members or tonnes as one may have' },
  'request_pool.not_joined': { status: 409, title: 'Your company is not in this pool' },
  'request_pool.opener_stays': { status: 409, title: 'Who opened a pool cannot leave it, only give it up' },
  'request_pool.minimum_missed': { status: 409, title: 'Not enough tonnes have come together yet' },
  'request_pool.deadline_after_window': {
    status: 422,
    title: 'The pool must close before its delivery window ends',
  },
} as const satisfies Record<string, ProblemEntry>;
