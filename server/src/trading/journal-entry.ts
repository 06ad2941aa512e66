/** Where the journal says that two orders met. */
import { shardIndex } from '../exchange/gateway.ts';
import type { Connection } from '../platform/db.ts';

export async function tradeEntryOf(
  connection: Connection,
  of: { readonly instrumentId: string; readonly tradeNumber: number },
): Promise<{ shard: number; seq: bigint; hash: Uint8Array } | undefined> {
  const shards = await connection<{ id: number }[]>`select shard_id as id from shard order by shard_id`;
  const shard = shards[shardIndex(of.instrumentId, shards.length)]!.id;
  const [row] = await connection<{ seq: string; hash: Buffer }[]>`
    select t.seq, e.hash from market_trade t
      join lateral journal_entry(${shard}, t.seq) e on true
     where t.instrument_id = ${of.instrumentId} and t.trade_number = ${of.tradeNumber}`;
  return row && { shard, seq: BigInt(row.seq), hash: new Uint8Array(row.hash) };
}
