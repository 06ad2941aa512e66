/** Two small markets in which everything happens often: narrow collars, short phases, low limits. */
import { type Instant, instant, ticks } from '@seam/units';
import type { InstrumentTerms, ScheduledPhase } from '../../market/terms-types.ts';
import { sha256 } from '../../sha256.ts';

export const REFERENCE = 100;
/** Whoever runs a market knows it; nobody else does before it is revealed. */
export const SEED = 'the seed of a random end';
const COMMITMENT = sha256(SEED);

/** A day from `start` on, about half a second long; `shape` varies it. */
export function day(start: number, shape: number): ScheduledPhase[] {
  const unit = 20 + (shape % 3) * 20;
  const at = (units: number): Instant => instant(start + units * unit);
  const randomEnd = shape % 2 === 0 ? { windowMs: unit, commitment: COMMITMENT } : null;
  const call = { phase: 'call', noCancelMs: shape % 5 === 0 ? unit : 0, randomEnd } as const;
  const calls: ScheduledPhase[] = [
    { ...call, startsAt: at(1) },
    { ...call, startsAt: at(3) },
    { phase: 'continuous', startsAt: at(5) },
  ];
  const rest: ScheduledPhase[] = [
    { phase: 'pre_close', startsAt: at(30) },
    { ...call, startsAt: at(31) },
    { phase: 'closed', startsAt: at(33) },
  ];
  const open: ScheduledPhase = { phase: 'pre_open', startsAt: at(0) };
  if (shape % 4 === 3)
    return [open, { phase: 'continuous', startsAt: at(1) }, { phase: 'closed', startsAt: at(25) }];
  return [open, ...calls, ...rest];
}

export type InstrumentChange = { readonly [Field in keyof InstrumentTerms]?: InstrumentTerms[Field] };

/** A tick on a lot is worth 2.331 minor units, so that every conversion has to round. */
export function instrument(change: InstrumentChange = {}): InstrumentTerms {
  return {
    instrumentId: 'm',
    gradeId: 'grade',
    specificationId: 'specification',
    deliveryTerm: 'FOB',
    deliveryPlace: 'a port',
    deliveryPeriod: 'a month',
    currency: 'USD',
    tickSize: '7',
    lotSize: '333',
    referencePrice: ticks(REFERENCE),
    collar: { hardBasisPoints: 1_000, softBasisPoints: 500 },
    maximumOrderNotional: '2600',
    volatility: { basisPoints: 500, windowMs: 60, callMs: 25 },
    reopeningCallMs: 20,
    session: day(0, 1),
    rulesVersion: 1,
    ...change,
  };
}
