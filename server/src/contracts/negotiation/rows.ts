/** Rows and hashes, as every step of a negotiation needs them. */
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../../platform/db.ts';
import { type ContractRow, contract } from '../tables.ts';

export async function lockRow(tx: Tx, contractId: string): Promise<ContractRow> {
  return first(await orm(tx).select().from(contract).where(eq(contract.id, contractId)).for('update'))!;
}

/** The buyer signs last: once its signature is kept, even without its timestamp, the terms stand. */
export async function buyerHasSigned(connection: Connection, row: ContractRow): Promise<boolean> {
  if (row.state === 'buyer_signed' || row.state === 'binding') return true;
  const [kept] = await connection`select 1 from signing_session
    where contract_id = ${row.id} and field = 'sig_buyer' and state = 'signed_waiting'`;
  return kept !== undefined;
}

export const sha256 = (bytes: Uint8Array | string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(bytes).digest());
