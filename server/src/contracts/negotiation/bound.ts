/** What becomes of an amendment when it is time for the centre to sign it. */
import { and, eq } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { agreedAmendment, effectiveTerms } from '../effective.ts';
import { lockContract, makeVoid } from '../signing/end.ts';
import { type ContractRow, contract } from '../tables.ts';
import { isComputed, wish } from '../terms.ts';
import type { SettlementStage } from './ground.ts';

/**
 * Settlement goes on while an amendment is being signed. One that it has overtaken is not sealed: it would
 * promise what can no longer be done.
 *
 * @returns what to write then; undefined when the seal may be put.
 */
export async function overtakenAmendment(
  connection: Connection,
  contractId: string,
  stageOf: SettlementStage,
): Promise<((tx: Tx) => Promise<void>) | undefined> {
  const row = first(await orm(connection).select().from(contract).where(eq(contract.id, contractId)));
  if (row?.kind !== 'amendment' || row.state !== 'buyer_signed') return undefined;
  if (await stillPossible(connection, row, stageOf)) return undefined;
  return async (tx) => {
    const now = await lockContract(tx, contractId);
    if (now.state !== 'buyer_signed') return;
    const reason = 'Settlement has used these terms before the amendment was signed by both.';
    await makeVoid(tx, contractId, { cause: 'withdrawn', by: null, reason });
  };
}

async function stillPossible(
  connection: Connection,
  row: ContractRow,
  stageOf: SettlementStage,
): Promise<boolean> {
  const base = first(
    await orm(connection)
      .select()
      .from(contract)
      .where(and(eq(contract.id, row.amendsContractId!), eq(contract.state, 'binding'))),
  );
  assert(base && row.terms !== null, `amendment ${row.id} of a contract that does not bind`);
  const terms = await effectiveTerms(connection, base);
  const stage = await stageOf(connection, base.id, false);
  if (stage === undefined || terms.schema !== 'seam.contract.2') return false;
  const { changes } = agreedAmendment(row.terms, row.termsSha256);
  const wanted = changes.filter(({ path }) => !(path === 'pricePerTonne' && isComputed(terms)));
  return wish(terms, wanted, { side: null, stage }).ok;
}
