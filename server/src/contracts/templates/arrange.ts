/**
 * Another kind of sale before anybody is bound: a quantity sold at once becomes one that is called off month by
 * month, with a price for each. Parties, coal, quantity and the price that was found stay.
 */
import { freezeFormula } from '@seam/coal';
import type { Change } from './change.ts';
import { composeTerms } from './make.ts';
import type { TermsProblem } from './parse.ts';
import type { CallOffTerms, LibraryTerms, PriceLaterTerms, PriceStepTerms } from './terms.ts';
import type { ShareOfMonth } from './split.ts';

/** The path of this wish among the changes of a proposal. */
export const ARRANGEMENT = 'arrangement';

/** As a proposal words it; what it leaves out is as the exchange proposes. */
export type Arrangement = {
  readonly callOff?: Partial<CallOffTerms> & { readonly shares?: readonly ShareOfMonth[] };
  readonly priceSteps?: readonly PriceStepTerms[];
  readonly priceLater?: Omit<PriceLaterTerms, 'formula'> & { readonly expression: string };
};

export function arranged(
  terms: LibraryTerms,
  wanted: unknown,
): { readonly terms: LibraryTerms; readonly problems: readonly TermsProblem[] } {
  const { callOff, priceSteps, priceLater } = (wanted ?? {}) as Arrangement;
  const series = Array.isArray(priceLater?.series) ? priceLater.series : [];
  const frozen =
    priceLater &&
    freezeFormula(priceLater.expression, { indices: series.map(({ name }) => name), parameters: ['base'] });
  if (frozen && !frozen.ok)
    return { terms, problems: [{ path: 'priceLater.formula', code: 'formula_not_frozen' }] };
  try {
    const composed = composeTerms({
      ...terms,
      issuedAt: new Date(terms.issuedAt),
      quantityKg: BigInt(terms.quantityKg),
      pricePerTonne: BigInt(terms.pricePerTonne),
      chosen: {
        kind: 'long_term',
        toleranceBasisPoints: terms.toleranceBasisPoints,
        quality: terms.quality,
        payment: terms.payment,
        inspection: terms.inspection,
        forceMajeure: terms.forceMajeure,
        disputes: terms.disputes,
        general: terms.general,
        callOff: { ...callOff },
        ...(terms.carriage && { carriage: terms.carriage }),
        ...(terms.bond && { bond: terms.bond }),
        ...(priceSteps && { priceSteps }),
        ...(priceLater &&
          frozen && { priceLater: { formula: frozen.formula, series, lagMonths: priceLater.lagMonths } }),
      },
    });
    const { version, supersedes } = terms;
    return { terms: { ...composed.terms, version, supersedes }, problems: composed.problems };
  } catch {
    // Months that are no list, shares that are no numbers: nothing of it can be read.
    return { terms, problems: [{ path: 'callOff.months', code: 'not_valid' }] };
  }
}

const REARRANGED =
  /^(template|callOff|bond|carriage|fulfilment|index|formula|priceSteps|priceLater|goods\.window(From|To))(\.|$)/;

/** Whether agreed changes make another kind of sale of it; they then touch nothing else. */
export function isRearrangement(changes: readonly Pick<Change, 'path'>[]): boolean {
  return (
    changes.some(({ path }) => path === 'template') && changes.every(({ path }) => REARRANGED.test(path))
  );
}
