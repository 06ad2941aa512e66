/**
 * End to end over WebSocket: fifty companies bid on one auction, each again as soon as it is answered,
 * while they and two hundred others watch. Beside it a naive server. Load and server are processes of
 * their own, and share the machine with PostgreSQL.
 *
 * Options: --rounds 5, --ms 3000 (of each side of each round), --watchers 200.
 */
import { parseArgs } from 'node:util';
import { type Comparison, type Side, compare, growth } from '@seam/testkit/bench';
import { type Child, startChild } from './support/child.ts';
import { withBenchDatabase } from './support/database.ts';
import { rounded } from './support/latency.ts';
import { BIDDERS } from './support/market.ts';

type Measured = {
  acksPerSecond: number;
  p50: number;
  p99: number;
  acceptedShare: number;
  watcherFramesPerSecond: number;
  watcherP99: number;
};
type Size = { watchers: number; rounds: number; ms: number };

export async function bench(args: string[]): Promise<Comparison[]> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      ms: { type: 'string', default: '3000' },
      watchers: { type: 'string', default: '200' },
    },
  });
  const [rounds, ms, watchers] = [Number(values.rounds), Number(values.ms), Number(values.watchers)];
  return withBenchDatabase(async ({ url }) => {
    const usual = await live(url, { watchers, rounds, ms });
    const crowded = await live(url, { watchers: watchers * 10, rounds, ms });
    const cost = (comparison: Comparison): number => 1 / comparison.sides['seam']!.median;
    crowded[0].facts['growth of cost an answer with ten times the watchers'] = growth([
      { size: watchers, cost: cost(usual[0]) },
      { size: watchers * 10, cost: cost(crowded[0]) },
    ]);
    return [...usual, ...crowded];
  });
}

async function live(url: string, { watchers, rounds, ms }: Size): Promise<[Comparison, Comparison]> {
  const seam = await openSide('seam', url, watchers);
  const naive = await openSide('naive', url, watchers);
  const measured: Record<string, Measured[]> = { seam: [], naive: [] };
  const side = (name: 'seam' | 'naive', of: LiveSide): Side => ({
    name,
    async run() {
      const one = await of.run(ms);
      measured[name]!.push(one);
      return one.acksPerSecond;
    },
  });
  try {
    await seam.run(ms);
    const title = `live, ${BIDDERS} bidders and ${watchers} watchers`;
    const acks = await compare({
      bench: `${title}: answers`,
      unit: 'bids/s',
      subject: side('seam', seam),
      peers: [side('naive', naive)],
      rounds,
    });
    return [acks, await latency(title, measured, rounds)];
  } finally {
    await seam.stop();
    await naive.stop();
  }
}

/** The same rounds, seen as time: nothing is run again. */
async function latency(
  title: string,
  measured: Record<string, Measured[]>,
  rounds: number,
): Promise<Comparison> {
  const replayed = (name: string): Side => {
    let round = 0;
    return { name, run: () => measured[name]![round++]!.p99 };
  };
  const all = (name: string, value: (one: Measured) => number): number[] =>
    measured[name]!.map((one) => rounded(value(one)));
  return compare({
    bench: `${title}: p99 of an answer`,
    unit: 'ms',
    better: 'less',
    subject: replayed('seam'),
    peers: [replayed('naive')],
    rounds,
    facts: {
      'seam p50 ms, each round': all('seam', ({ p50 }) => p50),
      'share of bids accepted, each round': all('seam', ({ acceptedShare }) => acceptedShare),
      'seam watcher p99 ms, each round': all('seam', ({ watcherP99 }) => watcherP99),
      'naive watcher p99 ms, each round': all('naive', ({ watcherP99 }) => watcherP99),
      'seam watcher frames/s, each round': all(
        'seam',
        ({ watcherFramesPerSecond }) => watcherFramesPerSecond,
      ),
      'naive watcher messages/s, each round': all(
        'naive',
        ({ watcherFramesPerSecond }) => watcherFramesPerSecond,
      ),
    },
  });
}

type LiveSide = { run(ms: number): Promise<Measured>; stop(): Promise<void> };

async function openSide(kind: 'seam' | 'naive', url: string, watchers: number): Promise<LiveSide> {
  const server: Child = await startChild('live/server.ts', [kind, url]);
  const clients: Child = await startChild('live/clients.ts');
  const place = await server.ask<{ port: number; auctionId: string }>({ do: 'place' });
  const path = kind === 'seam' ? '/v1/socket' : '/';
  await clients.ask({ do: 'open', place: { ...place, path }, bidders: BIDDERS, watchers });
  return {
    run: (ms) => clients.ask<Measured>({ do: 'run', ms }),
    async stop() {
      await clients.ask({ do: 'close' });
      await clients.stop();
      await server.stop();
    },
  };
}
