/**
 * The contract of a direct sale before anybody is bound by it: put together as it will be printed, so that what
 * could not be printed or signed is refused while nothing has happened yet.
 */
import type { Connection } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { draftTerms } from './draft.ts';
import type { ContractPorts } from './ports.ts';
import { checkDraftPrintable } from './printable.ts';
import type { MonthTerms } from './templates/terms.ts';

export type ProposedSale = {
  readonly originKind: 'listing' | 'request';
  readonly originId: string;
  readonly listingId: string;
  readonly sellerId: string;
  readonly buyerId: string;
  readonly quantityKg: bigint;
  /** Minor units. */
  readonly pricePerTonne: bigint;
  readonly currency: string;
  /** When the lot is sold for the year: how much of this sale is called off in which month. */
  readonly months: readonly MonthTerms[] | null;
};

/** @returns the terms that the sale has to carry; null where they follow from the lot and the standard. */
export async function contractBeforehand(
  connection: Connection,
  ports: Pick<ContractPorts, 'partyOf' | 'goodsOf' | 'feesOf'>,
  sale: ProposedSale,
  at: Date,
): Promise<{ readonly agreedTerms: string | null } | Refusal> {
  const { originKind: kind, originId: id, months, ...rest } = sale;
  const { canonical, problems } = await draftTerms(connection, ports, {
    ...rest,
    origin: { kind, id },
    goods: {},
    chosen: months ? { kind: 'long_term', callOff: { months } } : {},
    at,
  });
  if (problems.length > 0) {
    return refuse('contract.terms_refused', {
      fields: Object.fromEntries(problems.map(({ path, code }) => [path, code])),
    });
  }
  return (await checkDraftPrintable(canonical)) ?? { agreedTerms: months ? canonical : null };
}
