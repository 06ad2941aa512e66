/** The cheapest blend of lots on the market for a request. */
import { Type, type Static } from 'typebox';
import { Exact, Id, IdParams, Money, Nullable, Tonnes } from './common.ts';
import { ListingSummary } from './listings.ts';
import { CurrencyCode, Decimal } from './quality.ts';
import { LimitParameter, LimitStatement } from './requests-matching.ts';
import { route } from './route.ts';

export const BLEND_OUTCOMES = ['blended', 'quantity_short', 'limits_out_of_reach', 'too_hard'] as const;
export type BlendOutcome = (typeof BLEND_OUTCOMES)[number];

const End = Type.Enum(['minimum', 'maximum']);
/** A value in the unit of its limit. */
const ValueOfLimit = Exact({ limit: LimitStatement, value: Decimal });

export const BlendView = Exact({
  requestId: Id,
  outcome: Type.Enum([...BLEND_OUTCOMES]),
  currency: CurrencyCode,
  /** What is still needed, and is blended. */
  quantity: Tonnes,
  /** Largest first, each with its landed cost at the plant. */
  parts: Type.Array(Exact({ listing: ListingSummary, quantity: Tonnes })),
  /** Landed; null without a blend. */
  costPerTonne: Nullable(Money),
  costPerGigajoule: Nullable(Money),
  /**
   * Where a part is priced in another currency: one unit of `from` counted as so much of the request's, for
   * comparison alone. Such a lot is bought by an answer in the request's currency, never at this rate.
   */
  rates: Type.Array(Exact({ from: CurrencyCode, rate: Decimal })),
  values: Type.Array(ValueOfLimit),
  /** Limits that hold the cost up, dearest first: relaxed by `step`, a tonne of the best blend costs so much less. */
  prices: Type.Array(Exact({ limit: LimitStatement, end: End, step: Decimal, savingPerTonne: Money })),
  /** The cheapest lot that would do alone. */
  bestSingle: Nullable(ListingSummary),
  /** Where limits are out of reach: how near each could come, all others kept. */
  nearest: Type.Array(Exact({ ...ValueOfLimit.properties, end: End })),
  /** Tonnes of all lots that could take part. */
  available: Tonnes,
  lots: Type.Integer(),
  /** Lots that could not, by what they lack. */
  leftOut: Type.Array(
    Exact({
      reason: Type.Enum(['not_stated', 'does_not_blend']),
      parameter: LimitParameter,
      lots: Type.Integer(),
    }),
  ),
});
export type BlendView = Static<typeof BlendView>;

export const blendRoutes = {
  requestBlend: route({
    method: 'GET',
    url: '/v1/requests/:id/blend',
    summary: 'The cheapest combination of lots on the market that meets every limit of my request',
    area: 'requests',
    access: 'signed_in',
    params: IdParams,
    query: Exact({
      /** 1 to 20: more trains, contracts and stockpiles nobody handles. */
      maximumLots: Type.Optional(Type.String({ pattern: '^([1-9]|1[0-9]|20)$' })),
      /** Tonnes: less than this of a lot is not worth a contract. */
      minimumTake: Type.Optional(Decimal),
    }),
    ok: BlendView,
    problems: [
      'resource.not_found',
      'purchase_request.not_open',
      'purchase_request.blend_busy',
      'listing.quantity_not_positive',
      'listing.quantity_precision',
      'listing.quantity_out_of_range',
    ],
  }),
} as const;
