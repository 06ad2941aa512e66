/**
 * Keeps the chain of every auction's public record up to date with the journal, and the heads that are
 * published: at the start, at each extension, at the end.
 */
import type { Projection } from '../../exchange/projector.ts';
import type { JournalEntry } from '../../exchange/types.ts';
import type { Tx } from '../../platform/db.ts';
import { GENESIS, type RecordLine, auctionsOf, nextHash, recordLine } from './lines.ts';

const PUBLISHED = new Set([
  'auction_opened',
  'auction_extended',
  'auction_closed',
  'auction_awarded',
  'auction_unsold',
  'auction_voided',
]);

export function recordProjection(secret: string): Projection {
  return {
    name: 'auction_record',
    async apply(tx, entry) {
      for (const auctionId of auctionsOf(entry)) {
        const line = recordLine(entry, auctionId, secret);
        if (line) await append(tx, entry, { auctionId, line });
      }
    },
  };
}

async function append(
  tx: Tx,
  entry: JournalEntry,
  { auctionId, line }: { auctionId: string; line: RecordLine },
): Promise<void> {
  const [known] = await tx<{ head: Buffer; lines: number }[]>`
    select head, lines from auction_record where auction_id = ${auctionId}`;
  // A bid for an auction that never was: it has no record.
  if (!known && !line.events.some((event) => event['type'] === 'auction_scheduled')) return;
  const lines = (known?.lines ?? 0) + 1;
  const head = nextHash(known?.head ?? GENESIS, line);
  await tx`insert into auction_record (auction_id, shard_id, lines, head)
    values (${auctionId}, ${entry.shard}, ${lines}, ${head})
    on conflict (auction_id) do update set lines = excluded.lines, head = excluded.head`;
  await tx`insert into auction_record_entry (auction_id, seq) values (${auctionId}, ${entry.seq})`;
  const cause = line.events.map((event) => String(event['type'])).find((type) => PUBLISHED.has(type));
  if (cause === undefined) return;
  await tx`insert into auction_record_head (auction_id, seq, at, cause, lines, hash)
    values (${auctionId}, ${entry.seq}, ${new Date(entry.at)}, ${cause}, ${lines}, ${head})`;
}
