/**
 * What a bidder notices of contracts being signed: the time of an answer while the exchange signs, beside the
 * time while it does not. The same bids at the same pace, in turns.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { type Comparison, compare } from '@seam/testkit/bench';
import { startChild } from '../support/child.ts';
import { withBenchDatabase } from '../support/database.ts';
import { rounded } from '../support/latency.ts';
import { BIDDERS } from '../support/market.ts';

type Options = { readonly rounds: number; readonly signatures: number; readonly bidsPerSecond: number };
type Signed = { ms: number; loopMaxMs: number };
type Answered = { bids: number; p50: number; p99: number };

const SIGNATURES_OF_A_CONTRACT = 3;

export async function besideBids({ rounds, signatures, bidsPerSecond }: Options): Promise<Comparison> {
  return withBenchDatabase(async ({ url }) => {
    const exchange = await startChild('contracts/market-and-desk.ts', [url]);
    const clients = await startChild('live/clients.ts');
    try {
      const place = await exchange.ask<{ port: number; auctionId: string }>({ do: 'place' });
      await clients.ask({
        do: 'open',
        place: { ...place, path: '/v1/socket' },
        bidders: BIDDERS,
        watchers: 0,
      });
      const contracts = Math.ceil(signatures / SIGNATURES_OF_A_CONTRACT / rounds);
      await exchange.ask({ do: 'issue', contracts: contracts * (rounds + 1) });
      const during: Answered[] = [];
      const alone: Answered[] = [];
      const perContract: number[] = [];
      const loopMs: number[] = [];
      const bidding = async (meanwhile: () => Promise<unknown>): Promise<Answered> => {
        await clients.ask({ do: 'begin', perSecond: bidsPerSecond });
        await meanwhile();
        return clients.ask<Answered>({ do: 'end' });
      };
      const signing = async (): Promise<Signed> => exchange.ask<Signed>({ do: 'sign', contracts });
      // Once before anything counts: fonts, plans and code are warm on both sides.
      let lastMs = 0;
      await bidding(async () => (lastMs = (await signing()).ms));
      const comparison = await compare({
        bench: `p99 of a bid during ${contracts * rounds * SIGNATURES_OF_A_CONTRACT} signatures`,
        unit: 'ms',
        better: 'less',
        subject: {
          name: 'while contracts are signed',
          async run() {
            const one = await bidding(async () => {
              const { ms, loopMaxMs } = await signing();
              perContract.push(rounded(ms / contracts));
              loopMs.push(rounded(loopMaxMs));
              lastMs = ms;
            });
            during.push(one);
            return one.p99;
          },
        },
        peers: [
          {
            name: 'while none is',
            async run() {
              const one = await bidding(() => wait(lastMs));
              alone.push(one);
              return one.p99;
            },
          },
        ],
        rounds,
      });
      Object.assign(comparison.facts, {
        'bids a second offered': bidsPerSecond,
        'p50 while contracts are signed, ms, each round': during.map(({ p50 }) => rounded(p50)),
        'p50 while none is, ms, each round': alone.map(({ p50 }) => rounded(p50)),
        'bids answered in each round of signing': during.map(({ bids }) => bids),
        'ms a contract: both parties, the centre, the archive': perContract,
        "the market's event loop was late by at most, ms, each round of signing": loopMs,
      });
      return comparison;
    } finally {
      await clients.ask({ do: 'close' });
      await clients.stop();
      await exchange.stop();
    }
  });
}
