/** Fee rules as they are kept, and which of them a sale pays by. */
import {
  FEE_DIMENSIONS,
  type FeeDimension,
  type FeeFacts,
  type FeeScope,
  type FeeTerms,
  type FeeVersion,
  feeFor,
} from '@seam/ledger';
import type { Connection } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';

export type FeeRuleRow = Omit<FeeVersion, 'version'> & {
  readonly id: string;
  readonly version: number | null;
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly outcome: 'confirmed' | 'withdrawn' | null;
  readonly decidedAt: Date | null;
};

export const COLUMN: Readonly<Record<FeeDimension, string>> = {
  sellerId: 'seller_id',
  buyerId: 'buyer_id',
  sellerKind: 'seller_kind',
  format: 'format',
  market: 'market',
  coalRank: 'coal_rank',
  deliveryTerm: 'delivery_term',
  currency: 'currency',
};

type Raw = Readonly<Record<(typeof COLUMN)[FeeDimension], string | null>> & {
  readonly id: string;
  readonly version: number | null;
  readonly basis_points: number;
  readonly per_tonne: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly paid_by: FeeTerms['paidBy'];
  readonly tax_basis_points: number;
  readonly valid_from: Date;
  readonly valid_to: Date | null;
  readonly reason: string;
  readonly proposed_by: string;
  readonly proposed_at: Date;
  readonly outcome: FeeRuleRow['outcome'];
  readonly decided_at: Date | null;
};

/** Of every rule, or of one; the newest first. */
export async function feeRules(connection: Connection, id?: string): Promise<FeeRuleRow[]> {
  const rows = await connection<
    Raw[]
  >`select id::text, version, seller_id, buyer_id, seller_kind, format, market,
      coal_rank, delivery_term, currency, basis_points, per_tonne::text, minimum::text, maximum::text, paid_by,
      tax_basis_points, valid_from, valid_to, reason, proposed_by, proposed_at, outcome, decided_at
    from fee_rule where ${id ?? null}::text is null or id::text = ${id ?? null}::text
    order by proposed_at desc, id`;
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    scope: Object.fromEntries(
      FEE_DIMENSIONS.flatMap((name) => {
        const value = row[COLUMN[name]] as string | null;
        return value === null ? [] : [[name, value]];
      }),
    ) as FeeScope,
    terms: {
      basisPoints: row.basis_points,
      perTonne: BigInt(row.per_tonne),
      minimum: BigInt(row.minimum),
      maximum: BigInt(row.maximum),
      paidBy: row.paid_by,
      taxBasisPoints: row.tax_basis_points,
    },
    from: row.valid_from,
    to: row.valid_to,
    reason: row.reason,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
    outcome: row.outcome,
    decidedAt: row.decided_at,
  }));
}

/** Only what was confirmed can ever hold. */
export function confirmed(rows: readonly FeeRuleRow[]): (FeeRuleRow & FeeVersion)[] {
  return rows.filter((row): row is FeeRuleRow & FeeVersion => row.version !== null);
}

export type FeeSale = {
  readonly sellerId: string;
  readonly buyerId: string;
  readonly market: string;
  /** Of the auction, listing or request; decides the format. */
  readonly originId: string;
  readonly coalRank: string;
  readonly deliveryTerm: string;
  readonly currency: string;
};

/** The version a sale pays by when its contract is written at `at`. */
export async function feeOfSale(connection: Connection, sale: FeeSale, at: Date): Promise<FeeVersion> {
  const [row] = await connection<{ kind: string | null; format: string | null }[]>`
    select (select kind from organisation where id::text = ${sale.sellerId}) as kind,
           (select terms ->> 'format' from auction where ${sale.market} = 'auction' and id = ${sale.originId}) as format`;
  const facts: FeeFacts = {
    sellerId: sale.sellerId,
    buyerId: sale.buyerId,
    sellerKind: row!.kind,
    format: row!.format,
    market: sale.market,
    coalRank: sale.coalRank,
    deliveryTerm: sale.deliveryTerm,
    currency: sale.currency,
  };
  const found = feeFor(confirmed(await feeRules(connection)), facts, at);
  assert(found, `no fee rule fits a sale at ${at.toISOString()}`);
  return found;
}
