/** What buyers post for producers to deliver into: firm quantity and price for a quality. */
import { Type, type Static } from 'typebox';
import { Day, Exact, Id, IdParams, Instant, Money, Nullable, Page, Text, Tonnes } from './common.ts';
import { DeliveryTerm, PartyView, PlaceView, SaleMade } from './listings.ts';
import { CoalRank, CurrencyCode, Decimal } from './quality.ts';
import { type Route, route } from './route.ts';

const AREA = 'listings';
export const BUY_LISTING_STATES = ['published', 'filled', 'withdrawn', 'expired'] as const;

/** As received, percent; kcal/kg net as received; what is left out is no limit. Both ends are allowed values. */
export const BuyQuality = Exact({
  calorificMin: Type.Optional(Decimal),
  ashMax: Type.Optional(Decimal),
  sulphurMax: Type.Optional(Decimal),
  moistureMax: Type.Optional(Decimal),
});
export type BuyQuality = Static<typeof BuyQuality>;

export const BuyListingInput = Exact({
  /** Empty: any. */
  coalRanks: Type.Array(CoalRank, { maxItems: 6, uniqueItems: true }),
  quality: BuyQuality,
  quantity: Decimal,
  /** The least one delivery brings. Left out: the whole. */
  minimumQuantity: Type.Optional(Decimal),
  currency: CurrencyCode,
  /** Per tonne, on the term at the place named here. */
  price: Decimal,
  deliveryTerm: DeliveryTerm,
  deliveryPlaceId: Id,
  windowFrom: Day,
  windowTo: Day,
  note: Type.Optional(Text(1000, 0)),
  validUntil: Type.Optional(Instant),
});
export type BuyListingInput = Static<typeof BuyListingInput>;

export const BuyListingView = Exact({
  id: Id,
  state: Type.Enum(BUY_LISTING_STATES),
  version: Type.Integer(),
  buyer: PartyView,
  coalRanks: Type.Array(CoalRank),
  quality: BuyQuality,
  quantity: Tonnes,
  remaining: Tonnes,
  minimumQuantity: Tonnes,
  currency: CurrencyCode,
  price: Money,
  deliveryTerm: DeliveryTerm,
  deliveryPlace: Nullable(PlaceView),
  windowFrom: Day,
  windowTo: Day,
  note: Type.String(),
  expiresAt: Instant,
  own: Type.Boolean(),
});
export type BuyListingView = Static<typeof BuyListingView>;

export const listingBuyingRoutes = {
  createBuyListing: route({
    method: 'POST',
    url: '/v1/buy-listings',
    summary: 'Post a firm quantity and price for a quality',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    body: BuyListingInput,
    ok: BuyListingView,
    okStatus: 201,
    problems: [
      'listing.buyers_only',
      'listing.invalid',
      'listing.place_unknown',
      'listing.quantity_not_positive',
      'listing.quantity_out_of_range',
      'listing.quantity_precision',
      'listing.price_not_positive',
      'listing.price_precision',
      'listing.price_out_of_range',
      'listing.value_precision',
      'listing.window_reversed',
      'listing.window_past',
      'listing.day_invalid',
      'listing.valid_until_past',
      'listing.valid_until_too_far',
      'buy_listing.minimum_above_quantity',
      'buy_listing.limit_out_of_range',
      'member.limit_exceeded',
    ],
  }),
  listBuyListings: route({
    method: 'GET',
    url: '/v1/buy-listings',
    summary: 'What buyers post, newest first',
    area: AREA,
    access: 'public',
    query: Exact({
      scope: Type.Optional(Type.Enum(['open', 'own'])),
      cursor: Type.Optional(Type.String({ maxLength: 64 })),
    }),
    ok: Page(BuyListingView),
    problems: [],
  }),
  getBuyListing: route({
    method: 'GET',
    url: '/v1/buy-listings/:id',
    summary: 'One posting of a buyer',
    area: AREA,
    access: 'public',
    params: IdParams,
    ok: BuyListingView,
    problems: ['resource.not_found'],
  }),
  withdrawBuyListing: route({
    method: 'POST',
    url: '/v1/buy-listings/:id/withdraw',
    summary: 'Take a posting back',
    area: AREA,
    access: { roles: ['trader'] },
    params: IdParams,
    ok: BuyListingView,
    problems: ['resource.not_found', 'buy_listing.not_open'],
  }),
  deliverInto: route({
    method: 'POST',
    url: '/v1/buy-listings/:id/deliver',
    summary: 'Sell from an own lot into a posting, at its price',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({ listingId: Id, quantity: Decimal, version: Type.Integer() }),
    ok: SaleMade,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'listing.sellers_only',
      'listing.own',
      'listing.in_auction',
      'listing.not_published',
      'listing.session_not_open',
      'listing.quantity_unavailable',
      'listing.quantity_not_positive',
      'listing.quantity_precision',
      'listing.quantity_out_of_range',
      'buy_listing.not_open',
      'buy_listing.changed',
      'buy_listing.quantity_exceeded',
      'buy_listing.below_minimum',
      'buy_listing.lot_does_not_fit',
      'member.limit_exceeded',
      'contract.font_missing_glyph',
      'contract.terms_refused',
    ],
  }),
} as const satisfies Record<string, Route>;
