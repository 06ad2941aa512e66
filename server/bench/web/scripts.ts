/** What a browser that has never been here loads of scripts before a page can be used. */
import { type Comparison, compare } from '@seam/testkit/bench';
import type { Place } from './place.ts';

/** Compressed, as it travels. */
const GOAL_KB = { route: 120, 'auction room': 100 };
const ROOM = '/auctions/[id]';

export async function scripts(place: Place): Promise<Comparison[]> {
  const sizes = new Map<string, number>();
  for (const shown of place.pages) {
    const kb = await loadedBy(place, shown);
    sizes.set(shown.route, Math.max(kb, sizes.get(shown.route) ?? 0));
  }
  const byWeight = [...sizes].sort(([, a], [, b]) => b - a);
  const over = byWeight.filter(([route, kb]) => kb > (route === ROOM ? 100 : 120));
  const facts = {
    'over the goal': Object.fromEntries(over),
    'kB of each route': Object.fromEntries(byWeight),
  };
  const [heaviest] = byWeight.filter(([route]) => route !== ROOM);
  const room = sizes.get(ROOM);
  return [
    ...(heaviest ? [await beside(`heaviest route, ${heaviest[0]}`, heaviest[1], GOAL_KB.route, facts)] : []),
    ...(room === undefined ? [] : [await beside('auction room', room, GOAL_KB['auction room'], {})]),
  ];
}

async function beside(what: string, kb: number, goal: number, facts: object): Promise<Comparison> {
  return compare({
    bench: `web, scripts of a first load: ${what}`,
    unit: 'kB compressed',
    better: 'less',
    rounds: 1,
    subject: { name: 'seam', run: () => kb },
    peers: [{ name: 'goal', run: () => goal }],
    facts: { ...facts },
  });
}

async function loadedBy(place: Place, shown: Place['pages'][number]): Promise<number> {
  const context = await place.enterAs(shown.role);
  try {
    const page = await context.newPage();
    const sizes: Promise<number>[] = [];
    page.on('requestfinished', (request) => {
      if (request.resourceType() === 'script')
        sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await page.goto(place.url + shown.path, { waitUntil: 'load' });
    await page.waitForSelector('html[data-ready]');
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    return Math.round(bytes / 100) / 10;
  } finally {
    await context.close();
  }
}
