/** From what an owner typed to what the engine takes, and back: the only place where both units meet. */
import type { AuctionTerms, BidSecurityRule, CatalogueTerms, CommonTerms } from '@seam/engine';
import { RULES_VERSION, requiredSecurity } from '@seam/engine';
import type { ScheduleAuctionBody } from '@seam/protocol';
import { type Lots, formatMoney, lots, parseMoney, parseScaled, parseTonnes } from '@seam/units';
import { afterCloseOf } from './after-close-terms.ts';
import { TermsReader } from './terms-reader.ts';
import { clockTerms, dutchHybridTerms, dutchTerms, englishTerms } from './sale-terms.ts';
import { isPurchase, reverseOpenTerms, reverseRoundsTerms, sealedBidTerms } from './purchase-terms.ts';
import { safeInstant } from './soft-close.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';

const DEFAULT_TICK_SIZE = '1.00';
const DEFAULT_LOT_SIZE = '50';
/** An auction opens this long after it was asked for when no opening is named: it must be journaled first. */
const OPEN_DELAY_MS = 1_000;

export type AuctionFacts = {
  readonly auctionId: string;
  readonly ownerId: string;
  readonly currency: string;
  readonly quantityKg: bigint;
  readonly now: Date;
  /** Its place, when it is one of several lots. */
  readonly catalogue?: CatalogueTerms;
};

/** What every format has but its times, which some formats count from their own steps. */
export type CommonPart = Omit<CommonTerms, 'closesAt' | 'softClose'>;

export function termsOf(body: ScheduleAuctionBody, facts: AuctionFacts): AuctionTerms | Refusal {
  const tickSize = parseMoney(body.tickSize ?? DEFAULT_TICK_SIZE) ?? 0n;
  const lotSize = parseTonnes(body.lotSize ?? DEFAULT_LOT_SIZE) ?? 0n;
  const read = new TermsReader({ tickSize, lotSize });
  if (tickSize <= 0n) read.fault('tickSize', 'not_positive');
  if (lotSize <= 0n) read.fault('lotSize', 'not_positive');
  if (read.hasFaults) return refuse('auction.terms_invalid', { fields: read.fields });
  const terms = formatTerms(body, { common: commonTerms(body, facts, read), read });
  // Whoever sells in a purchase names its lot with its security: without any there would be no coal.
  if (!read.hasFaults && isPurchase(body) && requiredSecurity(terms, terms.minimumBidQuantity) <= 0n) {
    read.fault('bidSecurity', 'required');
  }
  return read.hasFaults ? refuse('auction.terms_invalid', { fields: read.fields }) : terms;
}

function formatTerms(
  body: ScheduleAuctionBody,
  { common, read }: { readonly common: CommonPart; readonly read: TermsReader },
): AuctionTerms {
  switch (body.format) {
    case 'clock':
      return clockTerms(body, common, read);
    case 'dutch':
      return dutchTerms(body, common, read);
    case 'dutch_hybrid':
      return dutchHybridTerms(body, common, read);
    case 'sealed_bid':
      return sealedBidTerms(body, common, read);
    case 'reverse_rounds':
      return reverseRoundsTerms(body, common, read);
    case 'reverse_open':
      return reverseOpenTerms(body, common, read);
    default:
      return englishTerms(body, common, read);
  }
}

function commonTerms(body: ScheduleAuctionBody, facts: AuctionFacts, read: TermsReader): CommonPart {
  const now = facts.now.getTime();
  const opensAt = body.opensAt ? Date.parse(body.opensAt) : now + OPEN_DELAY_MS;
  if (!Number.isFinite(opensAt) || opensAt < now) read.fault('opensAt', 'past');
  const security = securityOf(body.bidSecurity);
  if (!security) read.fault('bidSecurity', 'out_of_range');
  const quantity = read.mass('lotSize', facts.quantityKg);
  const visibility = 'visibility' in body ? body.visibility : undefined;
  return {
    auctionId: facts.auctionId,
    ownerId: facts.ownerId,
    currency: facts.currency,
    tickSize: String(read.tickSize),
    lotSize: String(read.lotSize),
    quantity,
    minimumBidQuantity: minimumOf(body, quantity, read),
    startingPrice: read.price('startingPrice', body.startingPrice),
    opensAt: safeInstant(opensAt),
    bidSecurity: security ?? { mode: 'fixed', amount: '0' },
    rulesVersion: RULES_VERSION,
    ...(body.excludedIds && { excludedIds: body.excludedIds }),
    ...(body.minimumBidders !== undefined && { minimumBidders: body.minimumBidders }),
    ...(visibility && { visibility }),
    ...afterCloseOf(body),
    ...(facts.catalogue && { catalogue: facts.catalogue }),
  };
}

/** Shares are of the whole, so with shares everybody offers the whole. */
function minimumOf(body: ScheduleAuctionBody, quantity: Lots, read: TermsReader): Lots {
  const given = 'minimumBidQuantity' in body ? body.minimumBidQuantity : undefined;
  if (given !== undefined) return read.tonnes('minimumBidQuantity', given);
  return 'award' in body && body.award?.mode === 'shares' ? quantity : lots(1);
}

function securityOf(given: ScheduleAuctionBody['bidSecurity']): BidSecurityRule | undefined {
  switch (given.mode) {
    case 'per_tonne': {
      const amount = parseMoney(given.amountPerTonne);
      return amount === undefined ? undefined : { mode: 'per_tonne', amountPerTonne: String(amount) };
    }
    case 'percent_of_start': {
      const basisPoints = parseScaled(given.percent, 2);
      return basisPoints === undefined
        ? undefined
        : { mode: 'percent_of_start', basisPoints: Number(basisPoints) };
    }
    case 'fixed': {
      const amount = parseMoney(given.amount);
      return amount === undefined ? undefined : { mode: 'fixed', amount: String(amount) };
    }
  }
}

/** The wire form of what the engine keeps, for pages. */
export function securityText(rule: BidSecurityRule): ScheduleAuctionBody['bidSecurity'] {
  switch (rule.mode) {
    case 'per_tonne':
      return { mode: 'per_tonne', amountPerTonne: formatMoney(BigInt(rule.amountPerTonne)) };
    case 'percent_of_start':
      return { mode: 'percent_of_start', percent: (rule.basisPoints / 100).toFixed(2) };
    case 'fixed':
      return { mode: 'fixed', amount: formatMoney(BigInt(rule.amount)) };
  }
}
