/** The fee as a signed contract says it: what settlement charges by, whatever the rules say later. */
import { type FeeRule, type FeeVersion, scopeKey } from '@seam/ledger';
import type { ContractTerms } from '../../contracts/public.ts';
import type { Connection } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { type FeeSale, feeOfSale } from './rows.ts';

type Fees = ContractTerms['fees'];

/** Into the terms, before anybody signs. */
export function feesOf({ scope, version, terms }: FeeVersion): Required<Fees> {
  const key = scopeKey(scope);
  return {
    exchangeFeeBasisPoints: terms.basisPoints,
    taxOnFeeBasisPoints: terms.taxBasisPoints,
    perTonne: String(terms.perTonne),
    minimum: String(terms.minimum),
    maximum: String(terms.maximum),
    paidBy: terms.paidBy,
    rule: `${key === '' ? 'all' : key} v${version}`,
  };
}

/** Out of the terms, whatever edition they are of. */
export function feeRuleOf(fees: Fees): FeeRule {
  return {
    feeBasisPoints: fees.exchangeFeeBasisPoints,
    taxBasisPoints: fees.taxOnFeeBasisPoints,
    perTonne: BigInt(fees.perTonne ?? '0'),
    minimum: BigInt(fees.minimum ?? '0'),
    maximum: BigInt(fees.maximum ?? '0'),
    paidBy: fees.paidBy ?? 'seller',
  };
}

/** What a contract written at `at` says it is charged. */
export async function contractFees(connection: Connection, sale: FeeSale, at: Date): Promise<Required<Fees>> {
  return feesOf(await feeOfSale(connection, sale, at));
}

/** The weight that the final invoice is for, kilograms. */
export async function finalMass(connection: Connection, contractId: string): Promise<bigint> {
  const [row] = await connection<{ mass: string }[]>`
    select detail ->> 'quantityKg' as mass from invoice where contract_id = ${contractId} and kind = 'final'`;
  assert(row, `contract ${contractId} is settled without a final invoice`);
  return BigInt(row.mass);
}
