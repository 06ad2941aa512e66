/** Who arranges transport: by the delivery term, the side that bears the way. */
import { listingById } from '../listings/public.ts';
import type { Connection } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import type { ContractFacts, ContractOf } from './ports.ts';

/** Where the seller hands over before the long way, the buyer ships; where it delivers, the seller does. */
const SHIPS: Readonly<Record<string, 'seller' | 'buyer'>> = {
  ex_mine: 'buyer',
  fca: 'buyer',
  for_rail: 'buyer',
  fob: 'buyer',
  cfr: 'seller',
  cif: 'seller',
};

export function shippingSide(deliveryTerm: string): 'seller' | 'buyer' {
  return SHIPS[deliveryTerm] ?? 'buyer';
}

/**
 * The contract, when it is one of this company's and its delivery term makes the company the shipper. For
 * everyone else it does not exist.
 */
export async function shipperOf(
  connection: Connection,
  contractOf: ContractOf,
  contractId: string,
  organisationId: string,
): Promise<ContractFacts | Refusal> {
  const contract = await contractOf(connection, contractId);
  const unknown = refuse('freight.contract_unknown', {
    fields: { contractId: 'freight.contract_unknown' },
  });
  if (!contract || contract.state === 'voided') return unknown;
  const side =
    contract.buyerId === organisationId
      ? 'buyer'
      : contract.sellerId === organisationId
        ? 'seller'
        : undefined;
  if (!side) return unknown;
  const term = (await listingById(connection, contract.listingId))?.deliveryTerm ?? 'ex_mine';
  return shippingSide(term) === side
    ? contract
    : refuse('freight.other_side_ships', {
        fields: { contractId: 'freight.other_side_ships' },
        detail: term,
      });
}
