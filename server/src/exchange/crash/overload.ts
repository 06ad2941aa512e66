/**
 * Floods the market with twenty times what it takes, by the limits of one login and by the queue of a shard,
 * and then compares every answer with the journal: what was acknowledged is in it once, what was refused is
 * not, nobody who reads went unserved, who does not read was cut, and memory is where it was.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type AuctionTerms, type CommandBody, PLAIN_ENGLISH } from '@seam/engine';
import { isProblemCode } from '@seam/protocol';
import { instant, lots, ticks } from '@seam/units';
import postgres from 'postgres';
import { BID_RATE, QUEUE_COMMANDS_MAX } from '../limits.ts';
import { Flooder, Watcher, noAnswers } from './flooder.ts';

const TIMES = 20;
const FLOODERS = 20;
const TICK_MS = 20;
/** Long enough for every queue, ring and cache to be as full as it gets. */
const WARM_UP_MS = 5_000;
/** Command ids are remembered for ever, 16 bytes each with what holds them; the rest is noise of the heap. */
const HEAP_GROWTH = { bytes: 48 * 1024 * 1024, perCommand: 64 };
/** A watcher is served each second at the least: there is a heartbeat. */
const GAP_MS_MAX = 5_000;

export type OverloadKind = 'login' | 'queue';
export type OverloadOptions = {
  /** `login`: twenty times the bids a login may send. `queue`: twenty full queues of a shard each second, no limit of a login. */
  readonly kind: OverloadKind;
  readonly seconds: number;
  readonly databaseUrl: string;
  readonly onProgress?: (line: string) => void;
};

export type OverloadReport = {
  readonly kind: OverloadKind;
  readonly sent: number;
  readonly acknowledged: number;
  /** Of one who waits for each answer before it bids again. */
  readonly politeSent: number;
  readonly politeAcknowledged: number;
  readonly journaled: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly unanswered: number;
  readonly floodsClosed: number;
  readonly lost: number;
  readonly doubled: number;
  readonly doneThoughRefused: number;
  readonly uncoded: number;
  readonly timeless: number;
  readonly heapMbBefore: number;
  readonly heapMbAfter: number;
  readonly slowReaderClosed: number | undefined;
  readonly watcherFrames: number;
  readonly watcherGapMsMax: number;
  readonly passed: boolean;
};

const AUCTION = 'overload';

export async function runOverload(options: OverloadOptions): Promise<OverloadReport> {
  const { kind, seconds, databaseUrl } = options;
  const market = await started(databaseUrl, kind);
  const answers = noAnswers();
  const politely = noAnswers();
  const polite = new Flooder(market.port, 'polite', politely);
  const slow = new Watcher(market.port, 'slowreader', { auctionId: AUCTION, reads: false });
  const watcher = new Watcher(market.port, 'watcher', { auctionId: AUCTION, reads: true });
  const flooders = Array.from(
    { length: FLOODERS },
    (_, i) => new Flooder(market.port, `flooder${i}`, answers),
  );
  let price = 800;
  const flood = async (ms: number): Promise<void> => {
    const until = performance.now() + ms;
    while (performance.now() < until) {
      for (const flooder of flooders) flooder.send(shareOf(kind, flooder), AUCTION, () => (price += 1));
      // One bid at a time, and the next when it has its answer.
      if (polite.waiting === 0) polite.send(1, AUCTION, () => (price += 1));
      await pause(TICK_MS);
    }
    for (let i = 0; i < 500 && flooders.some(({ waiting }) => waiting > 0); i += 1) await pause(TICK_MS);
  };
  await flood(WARM_UP_MS);
  const before = await market.heap();
  const politelyBefore = politely.acknowledged.size;
  options.onProgress?.(`${kind}: warm, ${answers.acknowledged.size} acknowledged`);
  await flood(seconds * 1_000);
  const after = await market.heap();
  const cut = await slow.wasCut();
  const isServed = watcher.closed === undefined && watcher.gapMsMax <= GAP_MS_MAX;
  for (const line of [...flooders, polite, slow, watcher]) line.end();
  await market.stop();

  const journaled = await journalOf(databaseUrl);
  const count = (id: string): number => journaled.get(id) ?? 0;
  const refused: Record<string, number> = {};
  for (const code of answers.refused.values()) refused[code] = (refused[code] ?? 0) + 1;
  const found = {
    lost: [...answers.acknowledged, ...politely.acknowledged].filter((id) => count(id) === 0).length,
    doubled: [...journaled.values()].filter((times) => times > 1).length,
    doneThoughRefused: [...answers.refused.keys()].filter((id) => count(id) > 0).length,
    uncoded: Object.keys(refused).filter((code) => !isProblemCode(code) || code === 'internal.error').length,
    timeless: answers.timeless,
  };
  const { bytes, perCommand } = HEAP_GROWTH;
  const isFlat = after - before <= bytes + perCommand * journaled.size;
  const isAlive = politely.acknowledged.size > politelyBefore && politely.floods === 0;
  // Within the limits of a login nobody can ask for so much that it fills the buffers of the machine.
  const isCut = kind === 'login' || cut !== undefined;
  const isRight = Object.values(found).every((number) => number === 0);
  const tooMuch = (refused['request.rate_limited'] ?? 0) + (refused['service.overloaded'] ?? 0);
  return {
    kind,
    sent: answers.sent,
    acknowledged: answers.acknowledged.size,
    politeSent: politely.sent,
    politeAcknowledged: politely.acknowledged.size,
    journaled: journaled.size,
    refused,
    unanswered: answers.unanswered.size,
    floodsClosed: answers.floods,
    ...found,
    heapMbBefore: megabytes(before),
    heapMbAfter: megabytes(after),
    slowReaderClosed: cut,
    watcherFrames: watcher.frames,
    watcherGapMsMax: Math.round(watcher.gapMsMax),
    passed: isRight && isFlat && isServed && isCut && isAlive && tooMuch > 0,
  };
}

/** In each tick. Of the queue, as much as twenty fill in a second, as long as the flooder can hold it itself. */
function shareOf(kind: OverloadKind, { waiting }: Flooder): number {
  if (kind === 'login') return Math.max(1, Math.round((TIMES * BID_RATE.perSecond * TICK_MS) / 1_000));
  if (waiting > QUEUE_COMMANDS_MAX) return 0;
  return Math.ceil((TIMES * QUEUE_COMMANDS_MAX * TICK_MS) / 1_000 / FLOODERS);
}

async function journalOf(databaseUrl: string): Promise<ReadonlyMap<string, number>> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  const rows = await sql<{ cmd_id: string; n: number }[]>`
    select cmd_id, count(*)::int as n from journal where actor like 'org:%' group by 1`;
  await sql.end();
  return new Map(rows.map(({ cmd_id, n }) => [cmd_id, n]));
}

type Running = { readonly port: number; heap(): Promise<number>; stop(): Promise<void> };

async function started(databaseUrl: string, kind: OverloadKind): Promise<Running> {
  const program = path.join(import.meta.dirname, 'market-process.ts');
  const limits = kind === 'login' ? 'production' : 'none';
  const child: ChildProcess = spawn(process.execPath, ['--expose-gc', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, DATABASE_URL: databaseUrl, OVERLOAD_LIMITS: limits },
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout?.once('data', (data: Buffer) => resolve(Number(data.toString().split(' ')[1])));
    child.once('exit', (code) => reject(new Error(`the market ended with ${code} before it was ready`)));
  });
  const answer = await fetch(`http://127.0.0.1:${port}/submit`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ actor: 'exchange', cmdId: 'schedule.overload', body: scheduleNow() }),
  });
  if (!answer.ok) throw new Error(`the auction was not scheduled: ${answer.status}`);
  return {
    port,
    async heap() {
      const memory = (await (await fetch(`http://127.0.0.1:${port}/memory`)).json()) as NodeJS.MemoryUsage;
      return memory.heapUsed + memory.external;
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function scheduleNow(): CommandBody {
  const now = Date.now();
  const [opensAt, closesAt] = [instant(now - 1_000), instant(now + 3_600_000)];
  const terms: AuctionTerms = {
    auctionId: AUCTION,
    format: 'english',
    pricing: 'pay_as_bid',
    ...PLAIN_ENGLISH,
    ownerId: 'seller',
    currency: 'CNY',
    tickSize: '100',
    lotSize: '50000',
    quantity: lots(100),
    minimumBidQuantity: lots(1),
    startingPrice: ticks(800),
    reservePrice: null,
    bidIncrement: ticks(1),
    maximumIncrement: null,
    opensAt,
    closesAt,
    softClose: { mode: 'none' },
    bidSecurity: { mode: 'fixed', amount: '0' },
    rulesVersion: 1,
  };
  return { type: 'schedule_auction', terms };
}

const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);
