/** A result report out of what settled the delivery. Pure: nothing is decided here that the invoice has not decided. */
import { type CertifiedQuality, certifiedValue, shortDecimal } from '@seam/coal';
import type { ResultReport } from '@seam/protocol';
import { formatMoney, formatScaled, parseScaled } from '@seam/units';
import type { ContractTerms } from '../../contracts/public.ts';

/** Digits of the lines that lead to a price. */
const LINE_DIGITS = 5;

type Line = { readonly id: string; readonly amount: string };

/** From the contract's price along the lines of the invoice; what rounding or an agreement adds is a step too. */
export function stepsOf(
  contractPrice: bigint,
  lines: readonly Line[],
  unitPrice: bigint,
): ResultReport['steps'] {
  const fine = (minor: bigint): bigint => minor * 1000n;
  let price = fine(contractPrice);
  const steps: ResultReport['steps'] = [];
  const put = (id: string, amount: bigint): void => {
    price += amount;
    steps.push({
      id,
      amount: formatScaled(amount, LINE_DIGITS),
      price: formatScaled(price, LINE_DIGITS),
    });
  };
  for (const { id, amount } of lines) put(id, parseScaled(amount, LINE_DIGITS) ?? 0n);
  const rest = fine(unitPrice) - price;
  if (rest === 0n) return steps;
  // Half a minor unit at most, and a little for lines that were cut at five digits.
  const isRounding = (rest < 0n ? -rest : rest) <= 600n;
  put(lines.length === 0 ? 'agreed' : isRounding ? 'rounding' : 'held_at_zero', rest);
  return steps;
}

/** What the certificate says beside what the contract promises; values that no rule asks for come last. */
export function valuesOf(
  terms: ContractTerms,
  quality: CertifiedQuality,
  lines: readonly Line[],
): ResultReport['values'] {
  const asked = terms.quality.rules.flatMap((rule) => {
    const certified = certifiedValue(quality, rule);
    if (certified === undefined) return [];
    const { parameter, unit, basis, kind, reference, reject } = rule;
    return {
      parameter,
      unit,
      basis: basis ?? null,
      kind: kind ?? null,
      certified: shortDecimal(certified, 4),
      reference,
      rejectBelow: reject?.below ?? null,
      rejectAbove: reject?.above ?? null,
      amount: lines.find(({ id }) => id === rule.id)?.amount ?? null,
    };
  });
  const rest = quality.values.filter(
    (value) =>
      !terms.quality.rules.some(
        (rule) =>
          rule.parameter === value.parameter && rule.basis === value.basis && rule.kind === value.kind,
      ),
  );
  return [
    ...asked,
    ...rest.map(({ parameter, unit, basis, kind, value }) => ({
      parameter,
      unit,
      basis: basis ?? null,
      kind: kind ?? null,
      certified: value,
      reference: null,
      rejectBelow: null,
      rejectAbove: null,
      amount: null,
    })),
  ];
}

/** Minor units as the report writes money. */
export const money = (amount: bigint): string => formatMoney(amount);
