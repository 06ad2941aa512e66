/** Where the journal says what an auction came to. */
import type { Connection } from '../platform/db.ts';

export type JournalEntryRef = { readonly shard: number; readonly seq: bigint; readonly hash: Uint8Array };

/** The last entry whose head was published: the end of the bidding. Undefined while there is none. */
export async function closingEntryOf(
  connection: Connection,
  auctionId: string,
): Promise<JournalEntryRef | undefined> {
  const [row] = await connection<{ shard: number; seq: string; hash: Buffer }[]>`
    select r.shard_id as shard, h.seq, e.hash
      from auction_record r
      join lateral (select seq from auction_record_head where auction_id = r.auction_id order by seq desc limit 1) h on true
      join lateral journal_entry(r.shard_id, h.seq) e on true
     where r.auction_id = ${auctionId}`;
  return row && { shard: row.shard, seq: BigInt(row.seq), hash: new Uint8Array(row.hash) };
}
