/** The public record of an auction: what a stranger needs to recompute who won, and to see that nothing was changed. */
import { Type, type Static } from 'typebox';
import { Exact, Id, IdParams, Instant, Nullable, OneOf } from './common.ts';
import { route } from './route.ts';

const AREA = 'auctions';
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Alias = Type.String({ pattern: '^[0-9a-f]{16}$' });

/** A head of the chain as it was published: `hash` covers the first `lines` lines. */
export const AuctionHead = Exact({
  seq: Type.Integer(),
  at: Instant,
  cause: OneOf([
    'auction_opened',
    'auction_extended',
    'auction_closed',
    'auction_awarded',
    'auction_unsold',
    'auction_voided',
  ]),
  lines: Type.Integer(),
  hash: Sha256,
});
export type AuctionHead = Static<typeof AuctionHead>;

export const AuctionRecord = Exact({
  record: Type.Literal('seam.auction/1'),
  auctionId: Id,
  /** Canonical JSON of each, chained by SHA-256 from 32 zero bytes. Prices in ticks, quantities in lots. */
  lines: Type.Array(
    Exact({
      seq: Type.Integer(),
      at: Type.Integer(),
      salt: Type.String(),
      command: Nullable(Type.Record(Type.String(), Type.Any())),
      events: Type.Array(Type.Record(Type.String(), Type.Any())),
    }),
  ),
  heads: Type.Array(AuctionHead),
  head: Sha256,
  /** The caller's own alias. */
  me: Nullable(Alias),
});
export type AuctionRecord = Static<typeof AuctionRecord>;

export const auctionRecordRoutes = {
  auctionHeads: route({
    method: 'GET',
    url: '/v1/auctions/:id/heads',
    summary: 'Published heads of the record: note them, and nobody can change the past unseen',
    area: AREA,
    access: 'public',
    params: IdParams,
    ok: Exact({ items: Type.Array(AuctionHead) }),
    problems: ['resource.not_found'],
  }),
  auctionRecord: route({
    method: 'GET',
    url: '/v1/auctions/:id/record',
    summary: 'The whole record of an ended auction, to be verified by anybody',
    area: AREA,
    access: 'public',
    params: IdParams,
    ok: AuctionRecord,
    problems: ['resource.not_found', 'auction.record_not_yet'],
  }),
};
