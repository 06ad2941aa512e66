import { type Kilograms, parseTonnes } from '@seam/units';

export function kilogramsOf(tonnes: string): Kilograms {
  const value = parseTonnes(tonnes);
  if (value === undefined) throw new Error(tonnes);
  return value;
}
