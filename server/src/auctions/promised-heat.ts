/**
 * The calorific value an award was won by, as a contract states it. It binds, or a supplier would declare
 * more heat than its coal has, win by it and be held to what its listing says.
 */
import { type CalorificValue, rational, toJoulesPerGram } from '@seam/coal';
import type { AuctionTerms, Merit } from '@seam/engine';

const UNITS = { kcal_per_kg: 'kcal/kg', j_per_g: 'J/g' } as const;
/** Gross and net are as received where they are named; the other bases are of gross heat. */
const BASES = {
  gar: { kind: 'gross', basis: 'ar' },
  nar: { kind: 'net', basis: 'ar' },
  adb: { kind: 'gross', basis: 'ad' },
  db: { kind: 'gross', basis: 'd' },
  daf: { kind: 'gross', basis: 'daf' },
} as const;

/** @returns null where the auction did not rank by heat. */
export function promisedHeat(terms: AuctionTerms, merit: Merit): CalorificValue | null {
  if (!('scoring' in terms) || terms.scoring.mode !== 'energy' || merit?.mode !== 'energy') return null;
  const { unit, basis } = terms.scoring;
  const joulesPerGram = toJoulesPerGram(rational(merit.calorificValue), UNITS[unit]);
  return { joulesPerGram, ...BASES[basis] };
}
