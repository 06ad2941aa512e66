/** Which contracts a person wants to see, and which wait for the person's own company. */
import type { ContractSummary } from '@seam/protocol';

type Facts = Pick<ContractSummary, 'state' | 'waitsFor'> & {
  readonly seller: { readonly id: string };
  readonly buyer: { readonly id: string };
};

/** @param us id of one's own organisation; null for staff, who sign nothing. */
export function waitsForUs({ waitsFor, seller, buyer }: Facts, us: string | null): boolean {
  if (us === null) return false;
  return (waitsFor === 'seller' && seller.id === us) || (waitsFor === 'buyer' && buyer.id === us);
}

export const SHOWN = {
  all: () => true,
  ours: waitsForUs,
  under_way: ({ state }: Facts) => state !== 'binding' && state !== 'voided',
  binding: ({ state }: Facts) => state === 'binding',
  voided: ({ state }: Facts) => state === 'voided',
} as const satisfies Record<string, (contract: Facts, us: string | null) => boolean>;

export type Shown = keyof typeof SHOWN;
