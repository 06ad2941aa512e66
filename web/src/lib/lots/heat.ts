/** J/g as whole kcal/kg (International Table), as buyers read it. */
import { convertEnergy, rational, roundHalfEven } from '@seam/coal';

export function kilocalories(joulesPerGram: number): string {
  return String(roundHalfEven(convertEnergy(rational(joulesPerGram), 'J/g', 'kcal/kg')));
}
