/** Where a negotiation stands: the terms in force, and whether other ones can still be agreed on. */
import type { ProblemCode } from '@seam/protocol';
import { and, asc, eq } from 'drizzle-orm';
import type { Connection } from '../../platform/db.ts';
import { first, orm } from '../../platform/db.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import type { Principal } from '../../platform/principal.ts';
import { agreedTerms, effectiveTerms } from '../effective.ts';
import type { ContractRow } from '../tables.ts';
import { contract } from '../tables.ts';
import type { LibraryTerms, Stage } from '../terms.ts';
import { buyerHasSigned } from './rows.ts';

export const VERSIONS_MAX = 10;
/** Ample for any negotiation, and no way to fill the disk. */
export const PROPOSALS_MAX = 60;

/** How far the settlement of a contract that binds has come; undefined before it is open. Locked, it stays there. */
export type SettlementStage = (
  connection: Connection,
  contractId: string,
  lock: boolean,
) => Promise<Exclude<Stage, 'signing'> | undefined>;

export type Side = 'seller' | 'buyer';

/** Parties and staff see a contract; to everybody else it does not exist. */
export async function seenBy(
  connection: Connection,
  id: string,
  principal: Principal,
): Promise<{ row: ContractRow; side: Side | null } | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return undefined;
  const row = first(await orm(connection).select().from(contract).where(eq(contract.id, id)));
  if (!row) return undefined;
  if (principal.staff) return { row, side: null };
  if (row.sellerId === principal.organisationId) return { row, side: 'seller' };
  if (row.buyerId === principal.organisationId) return { row, side: 'buyer' };
  return undefined;
}

export type Ground = {
  readonly leadsTo: 'new_version' | 'amendment';
  readonly stage: Stage;
  readonly terms: LibraryTerms;
};

/**
 * The ground a proposal stands on now. Inside a transaction that locks the contract's row (and, for an
 * amendment, the settlement's too), nothing moves until it ends.
 */
export async function groundOf(
  connection: Connection,
  row: ContractRow,
  stageOf: SettlementStage,
  lock = false,
): Promise<Ground | Refusal> {
  const no = (code: ProblemCode): Refusal => refuse(code);
  if (row.kind !== 'contract') return no('contract.not_negotiable');
  if (row.terms === null)
    return no(row.state === 'drafted' ? 'contract.not_ready' : 'contract.not_negotiable');
  if (row.state === 'binding') return amendable(connection, row, stageOf, lock);
  const terms = agreedTerms(row.terms, row.termsSha256);
  const unsigned = row.state === 'issued' || row.state === 'seller_signed';
  if (!unsigned || terms.schema !== 'seam.contract.2' || (await buyerHasSigned(connection, row)))
    return no('contract.not_negotiable');
  if (row.version >= VERSIONS_MAX) return no('contract.versions_exhausted');
  return { leadsTo: 'new_version', stage: 'signing', terms };
}

async function amendable(
  connection: Connection,
  row: ContractRow,
  stageOf: SettlementStage,
  lock: boolean,
): Promise<Ground | Refusal> {
  const stage = await stageOf(connection, row.id, lock);
  if (stage === undefined) return refuse('contract.settlement_not_open');
  const terms = await effectiveTerms(connection, row);
  if (stage === 'over' || terms.schema !== 'seam.contract.2') return refuse('contract.not_negotiable');
  const open = (await amendmentsOf(connection, row.id)).some(
    ({ state }) => state !== 'binding' && state !== 'voided',
  );
  return open ? refuse('contract.amendment_open') : { leadsTo: 'amendment', stage, terms };
}

export async function amendmentsOf(connection: Connection, contractId: string): Promise<ContractRow[]> {
  return orm(connection)
    .select()
    .from(contract)
    .where(and(eq(contract.amendsContractId, contractId), eq(contract.kind, 'amendment')))
    .orderBy(asc(contract.amendmentNumber));
}
