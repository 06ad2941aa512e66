/** What a buyer ranks offers by, computed by the public formulas: shown beside the fields while somebody types. */
import type { AuctionView } from '@seam/protocol';
import { divideHalfEven, formatScaled, parseMoney, parseScaled } from '@seam/units';
import type { Merit } from './command.ts';

export type Scoring = Extract<AuctionView['formatTerms'], { format: 'reverse_open' }>['scoring'];
/** Decimals of a score, and of a quality factor. */
const DIGITS = 4;
/** From minor units (two decimals) to a score. */
const TO_SCORE = 100n;

/** Major units per tonne, four decimals; null while something is missing. Less is better. */
export function scoreOf(scoring: Scoring, price: string, merit: Merit | undefined): string | null {
  const minor = parseMoney(price);
  if (minor === undefined) return null;
  if (scoring.mode === 'price') return formatScaled(minor * TO_SCORE, DIGITS);
  if (scoring.mode === 'energy') {
    if (merit?.mode !== 'energy' || merit.calorificValue <= 0) return null;
    const freight = parseMoney(merit.freight);
    const penalties = parseMoney(merit.expectedPenalties);
    if (freight === undefined || penalties === undefined) return null;
    const heat = BigInt(merit.calorificValue);
    const normalised = (minor + freight) * BigInt(scoring.calorificReference) * TO_SCORE;
    return formatScaled(divideHalfEven(normalised + penalties * heat * TO_SCORE, heat), DIGITS);
  }
  if (merit?.mode !== 'mixed') return null;
  const coefficient = parseScaled(merit.coefficient, DIGITS);
  const addition = parseMoney(merit.addition);
  if (coefficient === undefined || coefficient <= 0n || addition === undefined) return null;
  const divided = minor * TO_SCORE * 10_000n;
  return formatScaled(divideHalfEven(divided + addition * TO_SCORE * coefficient, coefficient), DIGITS);
}
