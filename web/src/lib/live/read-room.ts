/** Reads an auction over HTTP: for the server's rendering, for observers, and where there is no socket. */
import type { AuctionState } from '@seam/client';
import type { AuctionView, MyAuctionPosition } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import type { Shown, Tape } from './shown.ts';

export type RoomData = {
  auction: AuctionView;
  tape: Tape;
  /** Null for whoever belongs to no company. */
  mine: MyAuctionPosition | null;
  /** What a frame of the socket would say; null when the market no longer holds the auction. */
  live: AuctionState | null;
};

/** @returns undefined when one of the answers is missing. */
export async function readRoom(
  fetch: typeof globalThis.fetch,
  id: string,
  member: boolean,
): Promise<RoomData | undefined> {
  const path = `/v1/auctions/${encodeURIComponent(id)}` as const;
  const [auction, tape, mine, live] = await Promise.all([
    call<AuctionView>(fetch, 'GET', path),
    call<Tape>(fetch, 'GET', `${path}/tape`),
    member ? call<MyAuctionPosition>(fetch, 'GET', `${path}/mine`) : null,
    call<AuctionState>(fetch, 'GET', `${path}/room`),
  ]);
  if (!auction.ok || !tape.ok) return undefined;
  return {
    auction: auction.data,
    tape: tape.data,
    mine: mine?.ok ? mine.data : null,
    live: live.ok ? live.data : null,
  };
}

/** After the close the seal of the journal and, for a winner, the contract take a moment to appear. */
export function contractIsDue(view: AuctionView, mine: MyAuctionPosition | null, shown: Shown): boolean {
  if (view.state === 'refused') return false;
  if (view.closedSeq === null) return true;
  const won = shown.awards?.some((award) => award.mine) ?? false;
  return won && (mine?.award?.contractId ?? null) === null;
}
