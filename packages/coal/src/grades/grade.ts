/** Named bands of quality. */

export type IndianGrade = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17;

/**
 * Grade of Indian non-coking coal by gross calorific value: G1 above 7000 kcal/kg, then bands 300 wide,
 * lower bound exclusive, down to G17.
 * @param kcalPerKg whole kilocalories per kilogram as certified.
 * @returns undefined at 2200 and below: ungraded.
 */
export function indianGrade(kcalPerKg: number): IndianGrade | undefined {
  if (kcalPerKg > 7000) return 1;
  if (kcalPerKg <= 2200) return undefined;
  return (2 + Math.floor((7000 - kcalPerKg) / 300)) as IndianGrade;
}
