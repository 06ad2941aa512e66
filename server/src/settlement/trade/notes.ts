/** What corrects a final invoice: never an edit. */
import { type Tx, orm } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import { issueNote } from '../invoices/issue.ts';
import type { InvoiceDetail } from './rules.ts';
import { type SettlementRow, note } from './tables.ts';

const REASONS = {
  quality: { zh: '化验复检结果', en: 'Outcome of the second analysis' },
  dispute: { zh: '争议裁决', en: 'Decision of a dispute' },
} as const;

/** A credit or debit note from what the final amount was to what it is; none where it stays. */
export async function writeNote(
  tx: Tx,
  row: SettlementRow,
  of: { to: bigint; cause: keyof typeof REASONS; detail: InvoiceDetail; now: Date },
): Promise<void> {
  const difference = of.to - (row.finalAmount ?? 0n);
  if (difference === 0n) return;
  const kind = difference > 0n ? 'debit_note' : 'credit_note';
  const amount = difference > 0n ? difference : -difference;
  const [written] = await orm(tx)
    .insert(note)
    .values({
      id: newId(),
      contractId: row.contractId,
      kind,
      cause: of.cause,
      amount,
      detail: of.detail,
      issuedAt: of.now,
    })
    .returning({ id: note.id });
  const reason = REASONS[of.cause];
  await issueNote(tx, { noteId: written!.id, contractId: row.contractId, kind, amount, reason }, of.now);
}
