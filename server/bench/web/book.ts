/** The page of a market while its book changes two hundred times a second. */
import { type Comparison, compare } from '@seam/testkit/bench';
import { rounded } from '../support/latency.ts';
import { type Flood, startFlood } from './flood.ts';
import type { BrowserContext, Place } from './place.ts';

const PER_SECOND = 200;
const WARM_UP_MS = 5_000;
const GOAL = { longestMs: 50, growthMb: 10 };

type Page = Awaited<ReturnType<BrowserContext['newPage']>>;
type Measured = {
  readonly longestMs: number;
  readonly longTasks: number;
  readonly growthMb: number;
  readonly busy: number;
  readonly perSecond: number;
};

export async function book(place: Place, seconds: number): Promise<Comparison[]> {
  const flood = await startFlood(place.url, place.world.instrument);
  try {
    const measured = await watch(place, flood, seconds);
    const facts = {
      'updates a second': rounded(measured.perSecond),
      seconds,
      [`tasks over ${GOAL.longestMs} ms`]: measured.longTasks,
      'share of the page’s thread that is busy': rounded(measured.busy),
    };
    const bench = `web, market page at ${PER_SECOND} book updates/s`;
    const one = (what: string, unit: string, value: number, goal: number) =>
      compare({
        bench: `${bench}: ${what}`,
        unit,
        better: 'less',
        rounds: 1,
        // A task is told of from 50 ms on, and a heap may shrink.
        subject: { name: 'seam', run: () => Math.max(value, 0.01) },
        peers: [{ name: 'goal', run: () => goal }],
        facts,
      });
    return [
      await one('longest task', 'ms', measured.longestMs, GOAL.longestMs),
      await one('growth of the heap after collection', 'MB', measured.growthMb, GOAL.growthMb),
    ];
  } finally {
    await flood.close();
  }
}

async function watch(place: Place, flood: Flood, seconds: number): Promise<Measured> {
  const context = await place.enterAs('buyer', flood.url);
  try {
    await context.addInitScript(() => {
      const tasks: number[] = [];
      Object.assign(globalThis, { seamLongTasks: tasks });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) tasks.push(duration);
      }).observe({ type: 'longtask' });
    });
    const page = await context.newPage();
    await page.goto(`${flood.url}/markets/${place.world.instrument}`);
    await page.waitForSelector('[data-knowledge="live"]');
    const devtools = await context.newCDPSession(page);
    const heap = async (): Promise<number> => {
      await devtools.send('HeapProfiler.collectGarbage');
      return (await devtools.send('Runtime.getHeapUsage')).usedSize;
    };
    const busy = async (): Promise<number> => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration')!.value;
    };
    await devtools.send('Performance.enable');
    flood.begin(PER_SECOND);
    await page.waitForTimeout(WARM_UP_MS);
    const [{ told }, heapBefore] = [flood.end(), await heap()];
    const [busyBefore, from] = [await busy(), performance.now()];
    await page.evaluate(() => {
      (globalThis as unknown as { seamLongTasks: number[] }).seamLongTasks.length = 0;
    });
    flood.begin(PER_SECOND);
    await page.waitForTimeout(seconds * 1000);
    const end = flood.end();
    const tookS = (performance.now() - from) / 1000;
    const worked = (await busy()) - busyBefore;
    const tasks = await page.evaluate(
      () => (globalThis as unknown as { seamLongTasks: number[] }).seamLongTasks,
    );
    await shows(page, end.best);
    return {
      longestMs: tasks.reduce((longest, ms) => Math.max(longest, ms), 0),
      longTasks: tasks.length,
      growthMb: ((await heap()) - heapBefore) / 1e6,
      busy: worked / tookS,
      perSecond: (end.told - told) / tookS,
    };
  } finally {
    await context.close();
  }
}

/** A page that had fallen behind, or had missed an update, would show another quantity. */
async function shows(page: Page, [price, quantity]: readonly [string, string, number]): Promise<void> {
  const text = Number(quantity).toLocaleString('en-US');
  const row = page.locator(`[data-ladder] tr[data-price="${price}"]`).getByText(text, { exact: true });
  await row.first().waitFor();
}
