/** How long the HTML of each page takes, one request after the other, beside a bare server that sends its bytes. */
import { type Comparison, compare } from '@seam/testkit/bench';
import { startChild } from '../support/child.ts';
import { quantile, rounded } from '../support/latency.ts';
import type { Place } from './place.ts';

const GOAL_MS = 30;
/** Of each page in each round. */
const REQUESTS = 7;
const WARM_UP = 3;

type Target = {
  readonly route: string;
  readonly url: string;
  readonly bareUrl: string;
  readonly cookie: string;
};

export async function html(place: Place, rounds: number): Promise<Comparison[]> {
  const bare = await startChild('web/bare-server.ts');
  try {
    const origin = `http://127.0.0.1:${await bare.ask<number>({ do: 'port' })}`;
    const cookies = await cookiesOf(place);
    const targets: Target[] = [];
    for (const { route, role, path } of place.pages) {
      const url = place.url + path;
      const cookie = cookies.get(role) ?? '';
      let body = await get(url, cookie);
      // It only leads to another one.
      if (body === '') continue;
      for (let i = 1; i < WARM_UP; i += 1) body = await get(url, cookie);
      const bareUrl = origin + (await bare.ask<string>({ do: 'keep', body }));
      targets.push({ route: `${route} (${role})`, url, bareUrl, cookie });
    }
    const times = new Map<string, number[]>(targets.map(({ route }) => [route, []]));
    const comparison = await compare({
      bench: `web, HTML of ${targets.length} pages: median of their p50`,
      unit: 'ms',
      better: 'less',
      rounds,
      subject: {
        name: 'seam',
        run: async () =>
          medianOf(targets, async ({ route, url, cookie }) => timed(url, cookie, times.get(route)!)),
      },
      peers: [
        {
          name: 'bare Fastify',
          run: async () => medianOf(targets, async ({ bareUrl }) => timed(bareUrl, '', [])),
        },
      ],
    });
    const p50 = [...times]
      .map(([route, all]) => [route, rounded(quantile(all, 0.5))] as const)
      .sort(([, a], [, b]) => b - a);
    const slow = p50.filter(([, ms]) => ms > GOAL_MS);
    comparison.facts[`goal: p50 of each at most ${GOAL_MS} ms; over it`] = Object.fromEntries(slow);
    comparison.facts['p50 of each, ms'] = Object.fromEntries(p50);
    return [comparison];
  } finally {
    await bare.stop();
  }
}

async function cookiesOf({ pages, enterAs }: Place): Promise<Map<string, string>> {
  const cookies = new Map<string, string>();
  for (const role of new Set(pages.map((shown) => shown.role))) {
    const context = await enterAs(role);
    const all = await context.cookies();
    cookies.set(role, all.map(({ name, value }) => `${name}=${value}`).join('; '));
    await context.close();
  }
  return cookies;
}

async function medianOf(
  targets: readonly Target[],
  p50: (target: Target) => Promise<number>,
): Promise<number> {
  const each: number[] = [];
  for (const target of targets) each.push(await p50(target));
  return quantile(each, 0.5);
}

/** @returns the p50 of a few requests; each is kept in `all`. */
async function timed(url: string, cookie: string, all: number[]): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < REQUESTS; i += 1) {
    const from = performance.now();
    await get(url, cookie);
    times.push(performance.now() - from);
  }
  all.push(...times);
  return quantile(times, 0.5);
}

/** @returns '' where the answer leads elsewhere. @throws Error when the page is refused. */
async function get(url: string, cookie: string): Promise<string> {
  const answer = await fetch(url, { headers: { cookie, 'accept-encoding': 'identity' }, redirect: 'manual' });
  const body = await answer.text();
  if (answer.status >= 300 && answer.status < 400) return '';
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return body;
}
