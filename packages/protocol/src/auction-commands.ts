/**
 * What a bidder may send, by format: over the socket as a frame `{t, id, auctionId, …}`, over HTTP as a body
 * `{type, commandId, …}` of the auction's bids. The same id gives the same answer for ever, whichever way it came.
 */
import { Type, type Static } from 'typebox';
import { OfferMerit } from './auction-terms.ts';
import { Exact, Id, Instant, Money, Nullable, OneOf, Tonnes } from './common.ts';

/** Made by the client and kept across retries: the same id gives the same outcome for ever. */
export const CommandId = Type.String({ pattern: '^[0-9A-Za-z_.-]{8,64}$' });

/** Absent: any part is taken. */
const minimumAcceptable = Type.Optional(Tonnes);
const offered = { price: Money, quantity: Tonnes, minimumAcceptable, merit: Type.Optional(OfferMerit) };
/** SHA-256 in hexadecimal; the market says what is wrong with another text. */
const digest = Type.String({ pattern: '^[\\x21-\\x7e]{1,128}$' });
/** A band of the terms that the quantity is within: security must cover the band. */
const quantityMaximum = Tonnes;

/** English: of a threshold auction the price is the hidden maximum. */
const placeBid = { price: Money, quantity: Tonnes, minimumAcceptable };
/** Stepped English: raises the bid by own steps up to the limit, and bids at once where there is none. */
const setAutoBid = { limit: Money, step: Money, quantity: Tonnes, minimumAcceptable };
/** More rounds and steps than any auction has; beyond exact integers there is no journal for them. */
const COUNTED_MAX = 1_000_000;
/** Clock: what is still wanted at the round's price; "0" leaves. */
const stateQuantity = { round: Type.Integer({ minimum: 1, maximum: COUNTED_MAX }), quantity: Tonnes };
/** Dutch and hybrid: buys at the price on the screen. The hybrid's lot is bought whole. */
const acceptPrice = {
  step: Type.Integer({ minimum: 0, maximum: COUNTED_MAX }),
  price: Money,
  quantity: Tonnes,
  minimumAcceptable,
};
/** Hybrid, under seal and as the last word; null takes the offer back. */
const offerPrice = { price: Nullable(Money) };
/** Sealed bid, commit and reveal. */
const commitBid = { commitment: digest, quantityMaximum };
/** Sealed bid, split key: base64. */
const submitSealed = {
  ciphertext: Type.String({ pattern: '^[0-9A-Za-z+/=_-]{1,8192}$' }),
  digest,
  quantityMaximum,
};
const unguessable = Type.String({ pattern: '^[0-9a-f]{32,128}$' });
/**
 * Sealed bid, in the opening: exactly what was sealed. `bidder` is the name in the seal, random and made by
 * the bidder: the public record shows it, so it is not its company's.
 */
const revealBid = { ...offered, bidder: unguessable, nonce: unguessable };
/** Reverse formats: an entry offer, a turn's offer, or an open one. */
const placeOffer = offered;

const frame = <const T extends string, P extends Parameters<typeof Exact>[0]>(t: T, properties: P) =>
  Exact({ t: Type.Literal(t), id: CommandId, auctionId: Id, ...properties });
const body = <const T extends string, P extends Parameters<typeof Exact>[0]>(type: T, properties: P) =>
  Exact({ type: Type.Literal(type), commandId: CommandId, ...properties });

export const PlaceBidFrame = frame('place_bid', placeBid);
export const AUCTION_CLIENT_FRAMES = [
  PlaceBidFrame,
  frame('set_auto_bid', setAutoBid),
  frame('state_quantity', stateQuantity),
  frame('accept_price', acceptPrice),
  frame('offer_price', offerPrice),
  frame('commit_bid', commitBid),
  frame('submit_sealed', submitSealed),
  frame('reveal_bid', revealBid),
  frame('place_offer', placeOffer),
  frame('withdraw_turn_offer', {}),
] as const;
const AuctionClientFrame = Type.Union([...AUCTION_CLIENT_FRAMES]);
export type AuctionClientFrame = Static<typeof AuctionClientFrame>;

/** Without a type: a bid of an English auction. */
export const PlaceBidBody = Type.Union([
  Exact({ type: Type.Optional(Type.Literal('place_bid')), commandId: CommandId, ...placeBid }),
  body('set_auto_bid', setAutoBid),
  body('state_quantity', stateQuantity),
  body('accept_price', acceptPrice),
  body('offer_price', offerPrice),
  body('commit_bid', commitBid),
  body('submit_sealed', submitSealed),
  body('reveal_bid', revealBid),
  body('place_offer', placeOffer),
  body('withdraw_turn_offer', {}),
]);
export type PlaceBidBody = Static<typeof PlaceBidBody>;

export const BID_TYPES = [
  'place_bid',
  'set_auto_bid',
  'state_quantity',
  'accept_price',
  'offer_price',
  'commit_bid',
  'submit_sealed',
  'reveal_bid',
  'place_offer',
  'withdraw_turn_offer',
] as const;

export const BidReceipt = Exact({
  auctionId: Id,
  /** Place in the journal: proof that the command was in, and when. */
  seq: Type.Integer(),
  at: Instant,
  type: OneOf(BID_TYPES),
  /** Null where the format has none yet, or the auction hides it. */
  rank: Nullable(Type.Integer()),
  allocated: Nullable(Tonnes),
});
export type BidReceipt = Static<typeof BidReceipt>;

/** What the two parts of the key together decrypted, of one sealed bid. */
export const DecryptedBid = Exact({
  bidSeq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  ...revealBid,
});
