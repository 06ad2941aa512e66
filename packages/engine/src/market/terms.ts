/**
 * What an instrument must satisfy before it is listed. Whatever passes here can be traded without any sum
 * leaving its range.
 */
import { CURRENCIES, KILOGRAMS_PER_TONNE, type Instant, type Ticks, ticks } from '@seam/units';
import { type Rule, firstBroken, isAmount, isInteger } from '../auction/rules.ts';
import {
  AMOUNT_MAX,
  BASIS_POINTS_MAX,
  GRID_STEP_MAX,
  ID_LENGTH_MAX,
  INSTANT_MAX,
  PRICE_TICKS_MAX,
  RULES_VERSION,
} from '../limits.ts';
import { PHASES_MAX, PHASE_MS_MAX, RANDOM_WINDOW_MS_MAX, TEXT_LENGTH_MAX } from './limits.ts';
import { tickLotValue, tickLotsWithin } from './money.ts';
import type { InstrumentTerms, Phase, ScheduledPhase } from './terms-types.ts';

const PHASES: readonly Phase[] = ['closed', 'pre_open', 'call', 'continuous', 'pre_close'];

const RULES: readonly Rule<InstrumentTerms>[] = [
  ['rulesVersion', (t) => t.rulesVersion === RULES_VERSION],
  ['instrumentId', (t) => isId(t.instrumentId)],
  ['gradeId', (t) => isId(t.gradeId)],
  ['specificationId', (t) => isId(t.specificationId)],
  ['deliveryTerm', (t) => isText(t.deliveryTerm)],
  ['deliveryPlace', (t) => isText(t.deliveryPlace)],
  ['deliveryPeriod', (t) => isText(t.deliveryPeriod)],
  ['currency', (t) => CURRENCIES.some((known) => known === t.currency)],
  ['tickSize', (t) => isAmount(t.tickSize, 1n, GRID_STEP_MAX)],
  ['lotSize', (t) => isAmount(t.lotSize, 1n, GRID_STEP_MAX) && tickLotValue(t) >= KILOGRAMS_PER_TONNE],
  ['collar.hardBasisPoints', (t) => isInteger(t.collar.hardBasisPoints, 1, BASIS_POINTS_MAX)],
  ['collar.softBasisPoints', (t) => isInteger(t.collar.softBasisPoints, 0, t.collar.hardBasisPoints)],
  ['referencePrice', (t) => isInteger(t.referencePrice, 1, PRICE_TICKS_MAX)],
  ['maximumOrderNotional', (t) => isAmount(t.maximumOrderNotional, 1n, AMOUNT_MAX) && buysALot(t)],
  ['volatility.basisPoints', (t) => isInteger(t.volatility.basisPoints, 1, BASIS_POINTS_MAX)],
  ['volatility.windowMs', (t) => isInteger(t.volatility.windowMs, 1, PHASE_MS_MAX)],
  ['volatility.callMs', (t) => isInteger(t.volatility.callMs, 1, PHASE_MS_MAX)],
  ['reopeningCallMs', (t) => isInteger(t.reopeningCallMs, 1, PHASE_MS_MAX)],
];

/** The first field that is out of its limits, dotted, or null when all hold. `at`: when it is listed. */
export function validateInstrument(terms: InstrumentTerms, at: Instant): string | null {
  return firstBroken(RULES, terms) ?? validateSession(terms.session, at, 0);
}

/**
 * The first field of a session that is wrong, or null. A session begins after `after`, ends `closed` and
 * brings something else before; `known` phases are still to come before it.
 */
export function validateSession(
  session: readonly ScheduledPhase[],
  after: number,
  known: number,
): string | null {
  if (session.length < 2 || session.length + known > PHASES_MAX) return 'session';
  let previous: number = after;
  for (const [index, phase] of session.entries()) {
    const next = session[index + 1];
    const field = brokenPhase(phase, next, previous);
    if (field !== null) return `session.${index}.${field}`;
    previous = phase.startsAt;
  }
  return null;
}

function brokenPhase(phase: ScheduledPhase, next: ScheduledPhase | undefined, after: number): string | null {
  if (!isInteger(phase.startsAt, after + 1, INSTANT_MAX)) return 'startsAt';
  if (!PHASES.includes(phase.phase)) return 'phase';
  // The last one closes; only calls repeat.
  if (next === undefined) return phase.phase === 'closed' ? null : 'phase';
  if (phase.phase !== 'call') return next.phase === phase.phase ? 'phase' : null;
  const lengthMs = next.startsAt - phase.startsAt;
  if (!isInteger(phase.noCancelMs, 0, Math.max(0, lengthMs))) return 'noCancelMs';
  if (phase.randomEnd === null) return null;
  const { windowMs, commitment } = phase.randomEnd;
  if (!isInteger(windowMs, 1, Math.min(lengthMs, RANDOM_WINDOW_MS_MAX))) return 'randomEnd.windowMs';
  return typeof commitment === 'string' && /^[0-9a-f]{64}$/.test(commitment) ? null : 'randomEnd.commitment';
}

export type PriceRange = { readonly low: Ticks; readonly high: Ticks };

/** Prices within `basisPoints` of `reference`, both included: the lowest rounded up, the highest down. */
export function rangeAround(reference: Ticks, basisPoints: number): PriceRange {
  const low = Math.ceil((reference * (BASIS_POINTS_MAX - basisPoints)) / BASIS_POINTS_MAX);
  const high = Math.floor((reference * (BASIS_POINTS_MAX + basisPoints)) / BASIS_POINTS_MAX);
  return { low: ticks(Math.max(1, low)), high: ticks(Math.min(PRICE_TICKS_MAX, high)) };
}

function buysALot(terms: InstrumentTerms): boolean {
  return tickLotsWithin(BigInt(terms.maximumOrderNotional), tickLotValue(terms)) >= terms.referencePrice;
}

export function isId(text: string): boolean {
  return typeof text === 'string' && text.length > 0 && text.length <= ID_LENGTH_MAX;
}

export function isText(text: string): boolean {
  return typeof text === 'string' && text.length > 0 && text.length <= TEXT_LENGTH_MAX;
}
