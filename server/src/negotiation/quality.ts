/**
 * The rules of quality that an offer brings. Contracts are settled by clauses of the first edition. One that names
 * the second edition is taken where it says nothing that the first cannot say, and becomes one of the first; else
 * each part that no contract carries out is named by its place, with what is accepted.
 */
import { type QualityClause, parseClause, parseQualityClause } from '@seam/coal';
import { type Refusal, refuse } from '../platform/refusal.ts';

const FIRST = 'seam.quality-clause.1';
const CODE = 'negotiation.quality_refused';
/** Faults named: more are not read. */
const FAULTS_MAX = 20;

/** @returns undefined where the standard rules of the lot hold. */
export function readQuality(value: unknown): QualityClause | Refusal | undefined {
  if (value === null || value === undefined) return undefined;
  const named = typeof value === 'object' ? (value as Record<string, unknown>)['schema'] : undefined;
  const second = named !== FIRST && parseClause(value).ok;
  const first = parseQualityClause(second ? { ...value, schema: FIRST } : value);
  if (first.ok) return first.clause;
  const faults = first.problems.slice(0, FAULTS_MAX);
  return refuse(CODE, {
    fields: { quality: CODE, ...Object.fromEntries(faults.map(({ path, code }) => [placeOf(path), code])) },
    // A clause that is right by the other edition is told what this one lacks.
    detail: second
      ? 'no contract carries out what the second edition adds here'
      : 'the clause cannot be read',
    accepted: { schema: FIRST },
  });
}

const placeOf = (path: string): string => (path === '' ? 'quality' : `quality.${path}`);
