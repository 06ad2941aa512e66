/** Reading records: the heads at any time, the whole once the auction has ended. */
import type { AuctionHead, AuctionRecord } from '@seam/protocol';
import type { Sql } from 'postgres';
import { decodeBody } from '../../exchange/chain.ts';
import type { Connection } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { aliasOf, recordLine } from './lines.ts';

type HeadRow = { seq: string; at: Date; cause: string; lines: number; hash: Buffer };

export async function headsOf(connection: Connection, auctionId: string): Promise<AuctionHead[]> {
  const rows = await connection<HeadRow[]>`
    select seq, at, cause, lines, hash from auction_record_head where auction_id = ${auctionId} order by seq`;
  return rows.map(({ seq, at, cause, lines, hash }) => ({
    seq: Number(seq),
    at: at.toISOString(),
    cause: cause as AuctionHead['cause'],
    lines,
    hash: hash.toString('hex'),
  }));
}

/**
 * The record of an auction that has ended, made again from the journal.
 * @param viewer whose own alias is named, so that it finds its bids.
 */
export async function recordOf(
  sql: Sql,
  { auctionId, secret, viewer }: { auctionId: string; secret: string; viewer: string | null },
): Promise<AuctionRecord> {
  const [known] = await sql<{ head: Buffer; lines: number }[]>`
    select head, lines from auction_record where auction_id = ${auctionId}`;
  assert(known, `auction ${auctionId} ended without a record`);
  const rows = await sql<{ body: string }[]>`
    select body from auction_record_entry e
      join auction_record r using (auction_id)
      join journal j on j.shard_id = r.shard_id and j.seq = e.seq
     where e.auction_id = ${auctionId} order by e.seq`;
  const lines = rows.map(({ body }) => {
    const line = recordLine(decodeBody(body), auctionId, secret);
    assert(line, `an entry of auction ${auctionId} has no public line`);
    return line;
  });
  return {
    record: 'seam.auction/1',
    auctionId,
    lines: lines as unknown as AuctionRecord['lines'],
    heads: await headsOf(sql, auctionId),
    head: known.head.toString('hex'),
    me: viewer === null ? null : aliasOf(viewer, auctionId, secret),
  };
}
