/** The paper of an issued invoice: drawn once, when it is first asked for, and the same bytes ever after. */
import { createHash } from 'node:crypto';
import type { Paper, renderPaper } from '@seam/esign';
import type { Connection } from '../../platform/db.ts';
import { Fault } from '../../platform/fault.ts';
import { paperOf } from './paper.ts';
import type { InvoiceDocumentRow } from './tables.ts';

export type Draw = (paper: Omit<Paper, 'fonts'>) => ReturnType<typeof renderPaper>;

/** @throws Fault `contract.font_missing_glyph` when a name holds what no font of ours can draw. */
export async function paperBytes(
  connection: Connection,
  row: InvoiceDocumentRow,
  draw: Draw,
): Promise<Uint8Array> {
  const kept = await keptPaper(connection, row.id);
  if (kept) return kept;
  const drawn = await draw(paperOf(row.model, row.ubl));
  if (!drawn.ok) throw new Fault('contract.font_missing_glyph', drawn.detail);
  const pdf = Buffer.from(drawn.bytes);
  const sha256 = createHash('sha256').update(pdf).digest();
  await connection`insert into invoice_paper (document_id, pdf, sha256) values (${row.id}, ${pdf}, ${sha256})
    on conflict (document_id) do nothing`;
  // Two who asked at once get the one that is kept.
  return (await keptPaper(connection, row.id)) ?? pdf;
}

async function keptPaper(connection: Connection, id: string): Promise<Uint8Array | undefined> {
  const [row] = await connection<{ pdf: Buffer }[]>`select pdf from invoice_paper where document_id = ${id}`;
  return row?.pdf;
}
