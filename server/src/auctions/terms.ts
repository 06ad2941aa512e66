/** From what a seller typed to what the engine takes, and back: the only place where both units meet. */
import type { AuctionTerms, BidSecurityRule } from '@seam/engine';
import { PLAIN_ENGLISH, RULES_VERSION } from '@seam/engine';
import type { ScheduleAuctionBody } from '@seam/protocol';
import {
  type Lots,
  type Ticks,
  formatMoney,
  lots,
  parseMoney,
  parseScaled,
  parseTonnes,
  ticks,
} from '@seam/units';
import { safeInstant, softCloseOf } from './soft-close.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';

const DEFAULT_TICK_SIZE = '1.00';
const DEFAULT_LOT_SIZE = '50';
/** An auction opens this long after it was asked for when no opening is named: it must be journaled first. */
const OPEN_DELAY_MS = 1_000;

export function termsOf(
  body: ScheduleAuctionBody,
  facts: { auctionId: string; sellerId: string; currency: string; quantityKg: bigint; now: Date },
): AuctionTerms | Refusal {
  const fields: Record<string, string> = {};
  const tickSize = parseMoney(body.tickSize ?? DEFAULT_TICK_SIZE) ?? 0n;
  const lotSize = parseTonnes(body.lotSize ?? DEFAULT_LOT_SIZE) ?? 0n;
  if (tickSize <= 0n) fields['tickSize'] = 'not_positive';
  if (lotSize <= 0n) fields['lotSize'] = 'not_positive';
  if (Object.keys(fields).length > 0) return refuse('auction.terms_invalid', { fields });

  const price = (name: keyof ScheduleAuctionBody): Ticks | null => {
    const text = body[name] as string | undefined;
    if (text === undefined) return null;
    const value = onGrid(parseMoney(text), tickSize);
    if (value === undefined) fields[name] = 'off_grid';
    return ticks(value ?? 0);
  };
  const mass = (name: string, kg: bigint | undefined): Lots => {
    const value = onGrid(kg, lotSize);
    if (value === undefined) fields[name] = 'off_grid';
    return lots(value ?? 0);
  };

  const opensAt = body.opensAt ? Date.parse(body.opensAt) : facts.now.getTime() + OPEN_DELAY_MS;
  const closesAt = Date.parse(body.closesAt);
  if (!Number.isFinite(opensAt) || opensAt < facts.now.getTime()) fields['opensAt'] = 'past';
  if (!Number.isFinite(closesAt) || closesAt <= opensAt) fields['closesAt'] = 'not_after_open';
  const security = securityOf(body.bidSecurity);
  if (!security) fields['bidSecurity'] = 'out_of_range';

  const terms = {
    auctionId: facts.auctionId,
    format: 'english' as const,
    pricing: 'pay_as_bid' as const,
    ...PLAIN_ENGLISH,
    ownerId: facts.sellerId,
    currency: facts.currency,
    tickSize: String(tickSize),
    lotSize: String(lotSize),
    quantity: mass('lotSize', facts.quantityKg),
    minimumBidQuantity: mass(
      'minimumBidQuantity',
      body.minimumBidQuantity === undefined ? lotSize : parseTonnes(body.minimumBidQuantity),
    ),
    startingPrice: price('startingPrice') ?? ticks(0),
    reservePrice: price('reservePrice'),
    bidIncrement: price('bidIncrement') ?? ticks(0),
    maximumIncrement: price('maximumIncrement'),
    opensAt: safeInstant(opensAt),
    closesAt: safeInstant(closesAt),
    softClose: softCloseOf(body.softClose, closesAt),
    bidSecurity: security ?? { mode: 'fixed' as const, amount: '0' },
    rulesVersion: RULES_VERSION,
  };
  return Object.keys(fields).length > 0 ? refuse('auction.terms_invalid', { fields }) : terms;
}

/** @returns the count of `step`s in `value`, or undefined when it is not a whole, representable number. */
export function onGrid(value: bigint | undefined, step: bigint): number | undefined {
  if (value === undefined || value < 0n || value % step !== 0n) return undefined;
  const count = value / step;
  return count > 1_000_000_000n ? undefined : Number(count);
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
