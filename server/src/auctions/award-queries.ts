/** Awards after the close, as people read them: under the same names as in the auction. */
import type { AuctionAwards } from '@seam/protocol';
import { instant } from '@seam/units';
import { contractOfOrigin } from '../contracts/public.ts';
import { massText, priceText } from '../exchange/grid.ts';
import { pseudonyms } from '../exchange/pseudonyms.ts';
import type { Connection } from '../platform/db.ts';
import { originOf } from './queries.ts';
import type { AuctionRow } from './tables.ts';

type Viewer = { readonly viewer: string | null; readonly secret: string };

export async function awardsOf(
  connection: Connection,
  row: AuctionRow,
  { viewer, secret }: Viewer,
): Promise<AuctionAwards> {
  const { terms, awarding } = row;
  const { awards = [], waiting = [] } = awarding ?? {};
  const names = pseudonyms(secret, row.id, await biddersOf(connection, row));
  const line = (of: {
    accountId: string;
    price: (typeof awards)[number]['price'];
    quantity: (typeof awards)[number]['quantity'];
  }) => ({
    bidder: names.get(of.accountId) ?? '',
    price: priceText(terms, of.price),
    quantity: massText(terms, of.quantity),
    mine: of.accountId === viewer,
  });
  const isStandstill = row.state === 'standstill';
  const endsAt = isStandstill ? (awarding?.standstillEndsAt ?? null) : null;
  const after = terms.waiting?.withdrawAfterMs ?? null;
  return {
    auctionId: row.id,
    state: row.state,
    standstillEndsAt: endsAt === null ? null : text(endsAt),
    mayWaiveReserve: isStandstill && viewer === row.ownerId && (awarding?.belowReserve ?? null) !== null,
    awards: await Promise.all(
      awards.map(async (award) => ({
        number: award.number,
        ...line(award),
        state: award.state,
        dueAt: award.dueAt === null ? null : text(award.dueAt),
        contractId:
          award.accountId === viewer
            ? ((await contractOfOrigin(connection, originOf(row, award, true))) ?? null)
            : null,
      })),
    ),
    waiting: waiting.map(line),
    withdrawFrom: awarding && after !== null && waiting.length > 0 ? text(awarding.closedAt + after) : null,
  };
}

/** In the order of the tape; who is not on it, behind. */
async function biddersOf(connection: Connection, { id, awarding }: AuctionRow): Promise<string[]> {
  const bids = await connection<{ account: string }[]>`
    select account_id as account from auction_bid where auction_id = ${id} order by seq`;
  const others = [...(awarding?.awards ?? []), ...(awarding?.waiting ?? [])].map((line) => line.accountId);
  return [...new Set([...bids.map((bid) => bid.account), ...others])];
}

function text(ms: number): string {
  return new Date(instant(ms)).toISOString();
}
