/** The lines of a settlement between its two invoices: releases truck by truck, and notes. */
import type { SettlementView } from '@seam/protocol';
import { formatMoney, formatScaled, formatTonnes } from '@seam/units';
import { eq } from 'drizzle-orm';
import { type Connection, orm } from '../../platform/db.ts';
import { payoutParts, unpaid } from './payouts.ts';
import { type SettlementRow, note, release } from './tables.ts';

type Lines = Pick<SettlementView, 'releasePercent' | 'releases' | 'released' | 'notes' | 'qualityOpen'>;

export async function statementLines(connection: Connection, row: SettlementRow): Promise<Lines> {
  const notes = await orm(connection)
    .select()
    .from(note)
    .where(eq(note.contractId, row.contractId))
    .orderBy(note.issuedAt, note.id);
  return {
    releasePercent: row.releaseBasisPoints === 0 ? null : formatScaled(BigInt(row.releaseBasisPoints), 2),
    releases: await releasesOf(connection, row),
    released: formatMoney(row.releasedAmount),
    notes: notes.map(({ kind, cause, amount, detail, issuedAt }) => ({
      kind,
      cause,
      amount: formatMoney(amount),
      unitPrice: formatMoney(BigInt(detail.unitPrice)),
      at: issuedAt.toISOString(),
    })),
    qualityOpen: row.qualityOpen,
  };
}

async function releasesOf(connection: Connection, row: SettlementRow): Promise<Lines['releases']> {
  const rows = await orm(connection)
    .select()
    .from(release)
    .where(eq(release.contractId, row.contractId))
    .orderBy(release.releasedAt, release.ticketId);
  const parts = new Map((await payoutParts(connection, row)).map((part) => [part.key, part]));
  const tickets = await connection<{ id: string; number: string; plate: string }[]>`
    select t.id::text as id, t.number, p.plate from weighbridge_ticket t join pickup_pass p on p.id = t.pass_id
     where t.id::text = any(${rows.map(({ ticketId }) => ticketId)})`;
  const ticketOf = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  return rows.map(({ ticketId, netKg, amount, releasedAt }) => {
    const part = parts.get(`payout:${row.contractId}:${ticketId}`);
    return {
      ticket: ticketOf.get(ticketId)?.number ?? ticketId,
      plate: ticketOf.get(ticketId)?.plate ?? '',
      net: formatTonnes(netKg),
      amount: formatMoney(amount),
      at: releasedAt.toISOString(),
      paid: !part ? 'nothing' : part.status === 'settled' ? 'paid' : unpaid(part) ? 'unpaid' : 'under_way',
    };
  });
}
