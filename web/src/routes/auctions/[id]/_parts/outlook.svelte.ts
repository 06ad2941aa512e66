/** What a bid would lead to, asked of the exchange a moment after the typing stops. */
import type { BidOutlook } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import type { Merit } from '#lib/live/command.ts';

export type Asked = {
  /** '': only what it takes to win, and why the standing bid wins what it wins. */
  readonly price: string;
  readonly quantity: string;
  /** '' : any part. */
  readonly least: string;
  readonly merit?: Merit | undefined;
};

const PAUSE_MS = 350;

/** `what` null: nothing to ask. Call it while a component initialises. */
export function useOutlook(
  auctionId: string,
  what: () => { bid: Asked; seenSeq: number } | null,
): { readonly answer: BidOutlook | null } {
  let answer = $state.raw<BidOutlook | null>(null);
  $effect(() => {
    const asked = what();
    if (asked === null) {
      answer = null;
      return;
    }
    const stop = new AbortController();
    const soon = setTimeout(() => {
      const path = `/v1/auctions/${encodeURIComponent(auctionId)}/outlook` as const;
      void call<BidOutlook>(globalThis.fetch, 'GET', `${path}?${queryOf(asked.bid)}`, {
        signal: stop.signal,
      }).then((result) => {
        if (!stop.signal.aborted) answer = result.ok ? result.data : null;
      });
    }, PAUSE_MS);
    return () => {
      clearTimeout(soon);
      stop.abort();
    };
  });
  return {
    get answer() {
      return answer;
    },
  };
}

function queryOf({ price, quantity, least, merit }: Asked): URLSearchParams {
  const query = new URLSearchParams({ quantity });
  if (price !== '') query.set('price', price);
  if (least !== '') query.set('minimumAcceptable', least);
  if (merit?.mode === 'energy') {
    query.set('calorificValue', String(merit.calorificValue));
    query.set('freight', merit.freight);
    query.set('expectedPenalties', merit.expectedPenalties);
  } else if (merit?.mode === 'mixed') {
    query.set('coefficient', merit.coefficient);
    query.set('addition', merit.addition);
  }
  return query;
}
