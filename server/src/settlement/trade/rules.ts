/** What a contract is worth, by its own terms: pure, so that anybody can recompute it from the document. */
import {
  type CertifiedQuality,
  adjustPrice,
  adjustmentLines,
  invoiceAmount,
  partOf,
  payableMass,
} from '@seam/coal';
import { type Kilograms, type Minor, kilograms, minor } from '@seam/units';
import type { ContractTerms } from '../../contracts/public.ts';

export type InvoiceDetail = {
  readonly quantityKg: string;
  /** Minor units per tonne. */
  readonly unitPrice: string;
  readonly adjustments: readonly {
    id: string;
    measured: string | null;
    reference: string | null;
    amount: string;
  }[];
};

/** Contract price × contract quantity × the provisional share. */
export function provisionalInvoice(terms: ContractTerms): { amount: Minor; detail: InvoiceDetail } {
  const unitPrice = minor(BigInt(terms.pricePerTonne));
  const mass = kilograms(BigInt(terms.quantityKg));
  const amount = partOf(invoiceAmount(unitPrice, mass), terms.payment.provisionalBasisPoints);
  return {
    amount,
    detail: { quantityKg: terms.quantityKg, unitPrice: terms.pricePerTonne, adjustments: [] },
  };
}

export type FinalResult =
  | {
      readonly outcome: 'priced';
      readonly amount: Minor;
      readonly unitPrice: Minor;
      readonly mass: Kilograms;
      readonly detail: InvoiceDetail;
    }
  /** Beyond a refusal limit, or a value is missing: people must decide. */
  | { readonly outcome: 'undecided'; readonly reason: string };

/** Final price × final weight, by the clause that was signed. */
export function finalInvoice(
  terms: ContractTerms,
  delivered: { liftedKg: bigint; quality: CertifiedQuality },
): FinalResult {
  const adjusted = adjustPrice(minor(BigInt(terms.pricePerTonne)), terms.quality, delivered.quality);
  if (adjusted.outcome === 'rejected') {
    const limits = adjusted.rejections.map((rejection) => `${rejection.ruleId} ${rejection.side} limit`);
    return { outcome: 'undecided', reason: `rejection limit passed: ${limits.join(', ')}` };
  }
  if (adjusted.outcome === 'incomplete') {
    return {
      outcome: 'undecided',
      reason: `certificate lacks ${adjusted.missing.map((one) => one.parameter).join(', ')}`,
    };
  }
  const weighed = kilograms(delivered.liftedKg);
  const mass = terms.quality.weight ? payableMass(weighed, terms.quality.weight, delivered.quality) : weighed;
  if (mass === undefined) return { outcome: 'undecided', reason: 'certificate lacks total moisture' };
  const unitPrice = adjusted.unitPrice < 0n ? minor(0n) : adjusted.unitPrice;
  return {
    outcome: 'priced',
    amount: invoiceAmount(unitPrice, mass),
    unitPrice,
    mass,
    detail: {
      quantityKg: String(mass),
      unitPrice: String(unitPrice),
      adjustments: adjustmentLines(adjusted).map((line) => ({
        id: line.id,
        measured: line.measured ?? null,
        reference: line.reference ?? null,
        amount: line.amount,
      })),
    },
  };
}
