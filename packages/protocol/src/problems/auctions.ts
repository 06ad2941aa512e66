import type { ProblemEntry } from './entry.ts';

export const auctionProblems = {
  'auction.unknown': { status: 404, title: 'There is no such auction' },
  'auction.duplicate': { status: 409, title: 'This auction exists already' },
  'auction.terms_invalid': { status: 422, title: 'A term of the auction is out of its limits' },
  'auction.listing_unavailable': { status: 409, title: 'This lot cannot be auctioned now' },
  'auction.not_open': { status: 409, title: 'The auction has not opened yet' },
  'auction.closed': { status: 409, title: 'The auction is closed' },
  'auction.suspended': { status: 409, title: 'The auction is suspended' },
  'auction.state_conflict': { status: 409, title: 'The state of the auction does not allow this' },
  'bid.own_lot': { status: 403, title: 'A seller may not bid on its own lot' },
  'bid.wrong_format': { status: 409, title: 'This auction takes another kind of bid' },
  'bid.price_off_grid': { status: 422, title: 'The price is not on the price grid' },
  'bid.quantity_off_grid': { status: 422, title: 'The quantity is not a whole number of lots' },
  'bid.price_below_start': { status: 422, title: 'The price is below the starting price' },
  'bid.price_above_limit': { status: 422, title: 'The price is above what the auction can hold' },
  'bid.below_increment': {
    status: 422,
    title: 'The price does not beat the bids that count by the increment',
  },
  'bid.above_maximum_increment': { status: 422, title: 'The price raises more than one bid may' },
  'bid.quantity_out_of_range': { status: 422, title: 'The quantity is out of range' },
  'bid.minimum_acceptable_invalid': { status: 422, title: 'The minimum acceptable quantity is out of range' },
  'bid.not_improving': { status: 422, title: 'A bid may only be raised, in price or quantity' },
  'bid.command_id_reused': { status: 409, title: 'This command id was used with another bid' },
  'bid.outcome_unknown': {
    status: 503,
    title: 'The outcome is not known yet; ask again with the same command id',
  },
  'bid_security.insufficient': { status: 422, title: 'The bid security does not cover this bid' },
  'bid_security.invalid': { status: 422, title: 'The bid security is out of range' },
} as const satisfies Record<string, ProblemEntry>;
