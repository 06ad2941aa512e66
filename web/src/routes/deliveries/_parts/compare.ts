/** What the laboratory found beside what the contract agreed. */
import type { AnalysisValue, DeliveryOrderView } from '@seam/protocol';
import { formatScaled, parseScaled } from '@seam/units';

export type Compared = AnalysisValue & { key: string; reference: string | null; difference: string | null };

/** Values of a certificate have at most four fraction digits. */
const DIGITS = 4;

export function compared(
  values: readonly AnalysisValue[],
  required: DeliveryOrderView['required'],
): Compared[] {
  return values.map((value) => {
    const rule = required.find(
      (one) =>
        one.parameter === value.parameter &&
        one.unit === value.unit &&
        one.basis === (value.basis ?? null) &&
        one.kind === (value.kind ?? null),
    );
    const key = [value.parameter, value.unit, value.basis, value.kind].join(' ');
    return {
      ...value,
      key,
      reference: rule?.reference ?? null,
      difference: rule ? less(value.value, rule.reference) : null,
    };
  });
}

/** `a − b` as the shortest decimal. */
export function less(a: string, b: string): string | null {
  const [left, right] = [parseScaled(a, DIGITS), parseScaled(b, DIGITS)];
  if (left === undefined || right === undefined) return null;
  return formatScaled(left - right, DIGITS).replace(/\.?0+$/, '');
}
