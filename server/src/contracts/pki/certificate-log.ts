/**
 * Every certificate that the exchange issued or accepted, one line each, each carrying the hash of the one
 * before: a second certificate in somebody's name cannot be hidden, and a line cannot be taken out.
 */
import { createHash } from 'node:crypto';
import { desc } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../../platform/db.ts';
import { certificateLog } from './tables.ts';

/** Whose the exchange's own certificates are. */
export const EXCHANGE = 'exchange';

export async function appendToLog(
  tx: Tx,
  of: { serial: string; der: Uint8Array; holder: string },
): Promise<void> {
  await tx`lock table certificate_log in exclusive mode`;
  const last = first(await orm(tx).select().from(certificateLog).orderBy(desc(certificateLog.seq)).limit(1));
  const leafHash = createHash('sha256').update(of.der).digest();
  const chainHash = createHash('sha256')
    .update(last?.chainHash ?? Buffer.alloc(32))
    .update(leafHash)
    .digest();
  await orm(tx)
    .insert(certificateLog)
    .values({ seq: (last?.seq ?? 0) + 1, serial: of.serial, leafHash, chainHash, holder: of.holder });
}

/** Lines per page: about 300 kB. */
const PAGE_MAX = 1000;

export async function logPage(connection: Connection, after: number) {
  const rows = await connection<
    { seq: string; serial: string; holder: string | null; leaf_hash: Buffer; chain_hash: Buffer; at: Date }[]
  >`select l.seq, l.serial, coalesce(l.holder, c.organisation_id) as holder, l.leaf_hash, l.chain_hash, l.at
      from certificate_log l left join certificate c using (serial)
     where l.seq > ${after} order by l.seq limit ${PAGE_MAX + 1}`;
  const page = rows.slice(0, PAGE_MAX);
  return {
    items: page.map((row) => ({
      seq: Number(row.seq),
      serial: row.serial,
      organisationId: row.holder ?? '',
      leafHash: row.leaf_hash.toString('hex'),
      chainHash: row.chain_hash.toString('hex'),
      at: row.at.toISOString(),
    })),
    nextAfter: rows.length > PAGE_MAX ? page.at(-1)!.seq : null,
  };
}
