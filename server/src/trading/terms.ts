/** From what staff typed to what the engine takes: the only place where both units meet. */
import { hash, randomBytes } from 'node:crypto';
import { type InstrumentTerms, RULES_VERSION, type ScheduledPhase } from '@seam/engine';
import type { ListInstrumentBody, SessionPhase } from '@seam/protocol';
import { COUNT_MAX, type Instant, instant, parseMoney, parseScaled, parseTonnes, ticks } from '@seam/units';
import { type Refusal, refuse } from '../platform/refusal.ts';

/** Keeps a random end: whoever knows the commitment alone cannot know it. */
export type Seed = { readonly seed: string; readonly commitment: string; readonly opensAt: Date };
export type Session = { readonly session: readonly ScheduledPhase[]; readonly seeds: readonly Seed[] };

const SEED_BYTES = 32;
type Fields = Record<string, string>;

export function termsOf(
  body: ListInstrumentBody,
): { readonly terms: InstrumentTerms; readonly seeds: readonly Seed[] } | Refusal {
  const fields: Fields = {};
  const tickSize = positive(fields, 'tickSize', parseMoney(body.tickSize));
  const lotSize = positive(fields, 'lotSize', parseTonnes(body.lotSize));
  const reference = parseMoney(body.referencePrice) ?? 0n;
  const referenceTicks = tickSize > 0n ? reference / tickSize : 0n;
  if (tickSize > 0n && (reference % tickSize !== 0n || referenceTicks > BigInt(COUNT_MAX)))
    fields['referencePrice'] = 'off_grid';
  const made = sessionOf(body.session, fields);
  const wrong = refusalOf(fields);
  if (wrong) return wrong;
  const terms: InstrumentTerms = {
    instrumentId: body.id,
    gradeId: body.grade,
    specificationId: body.specification,
    deliveryTerm: body.deliveryTerm,
    deliveryPlace: body.deliveryPlace,
    deliveryPeriod: body.deliveryPeriod,
    currency: body.currency,
    tickSize: String(tickSize),
    lotSize: String(lotSize),
    referencePrice: ticks(Number(referenceTicks)),
    collar: {
      hardBasisPoints: basisPoints(body.hardCollarPercent),
      softBasisPoints: basisPoints(body.softCollarPercent),
    },
    maximumOrderNotional: String(parseMoney(body.maximumOrderValue) ?? 0n),
    volatility: {
      basisPoints: basisPoints(body.volatilityPercent),
      windowMs: body.volatilityWindowSeconds * 1000,
      callMs: body.volatilityCallSeconds * 1000,
    },
    reopeningCallMs: body.reopeningCallSeconds * 1000,
    session: made.session,
    rulesVersion: RULES_VERSION,
  };
  return { terms, seeds: made.seeds };
}

/** Each call with a random end gets a seed of its own, drawn here and told to nobody. */
export function scheduleOf(phases: readonly SessionPhase[]): Session | Refusal {
  const fields: Fields = {};
  const made = sessionOf(phases, fields);
  return refusalOf(fields) ?? made;
}

function sessionOf(phases: readonly SessionPhase[], fields: Fields): Session {
  const seeds: Seed[] = [];
  const session = phases.map((phase, index): ScheduledPhase => {
    const startsAt = instantOf(phase.startsAt, fields, `session.${index}.startsAt`);
    if (phase.phase !== 'call') {
      for (const name of ['noCancelSeconds', 'randomEndSeconds'] as const)
        if (phase[name] !== undefined) fields[`session.${index}.${name}`] = 'calls_only';
      return { phase: phase.phase, startsAt };
    }
    const endsAt = Date.parse(phases[index + 1]?.startsAt ?? phase.startsAt);
    const randomEnd = randomEndOf(phase.randomEndSeconds, endsAt);
    if (randomEnd) seeds.push(randomEnd);
    return {
      phase: 'call',
      startsAt,
      noCancelMs: (phase.noCancelSeconds ?? 0) * 1000,
      randomEnd: randomEnd && { windowMs: randomEnd.windowMs, commitment: randomEnd.commitment },
    };
  });
  return { session, seeds };
}

function randomEndOf(seconds: number | undefined, endsAt: number): (Seed & { windowMs: number }) | null {
  if (seconds === undefined) return null;
  const seed = randomBytes(SEED_BYTES).toString('base64url');
  const windowMs = seconds * 1000;
  return { seed, commitment: hash('sha256', seed), windowMs, opensAt: new Date(endsAt - windowMs) };
}

function instantOf(text: string, fields: Fields, name: string): Instant {
  const value = Date.parse(text);
  if (!Number.isSafeInteger(value) || value < 0) fields[name] = 'invalid';
  return instant(Number.isSafeInteger(value) && value >= 0 ? value : 0);
}

function positive(fields: Fields, name: string, value: bigint | undefined): bigint {
  if (value === undefined || value <= 0n) fields[name] = 'not_positive';
  return value ?? 0n;
}

function basisPoints(percent: string): number {
  return Number(parseScaled(percent, 2) ?? 0n);
}

function refusalOf(fields: Fields): Refusal | undefined {
  return Object.keys(fields).length > 0 ? refuse('market.terms_invalid', { fields }) : undefined;
}
