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
} as const satisfies Record<string, ProblemEntry>;
