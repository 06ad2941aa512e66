import fs from 'node:fs';
import { expect, it } from 'vitest';
import { ROUTES } from './routes.ts';

it('every group of routes is in the list, and no name or address stands for two routes', async () => {
  const files = fs
    .readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const found = new Map<string, Set<unknown>>();
  for (const file of files) {
    const exported = (await import(`./${file}`)) as Record<string, unknown>;
    for (const [name, group] of Object.entries(exported))
      if (name.endsWith('Routes'))
        for (const [route, of] of Object.entries(group as object))
          found.set(route, (found.get(route) ?? new Set()).add(of));
  }
  expect([...found.keys()].toSorted()).toEqual(Object.keys(ROUTES).toSorted());
  // Spread into one object, the later of two with one name would take the place of the other.
  expect([...found].filter(([, routes]) => routes.size > 1).map(([name]) => name)).toEqual([]);
  const addresses = Object.values(ROUTES).map(({ method, url }) => `${method} ${url}`);
  expect(addresses.filter((one, at) => addresses.indexOf(one) !== at)).toEqual([]);
});
