import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Session } from '#lib/api/session.ts';
import { byLetter, destinations } from './destinations.ts';

const ROUTES = path.resolve(import.meta.dirname, '../../../routes');
const member = { staff: false } as Session;
const staff = { staff: true } as Session;
const hrefs = (session: Session | null): string[] =>
  destinations(session).flatMap(({ items }) => items.map(({ href }) => href));

/** Pages that one does not go to by name, or from another page only. */
const ELSEWHERE = [
  '/',
  '/login',
  '/logout',
  '/register',
  '/find/stop-mail',
  '/demo/bank',
  '/styleguide',
  '/lots',
  '/negotiations/new',
];

it('every page that is not of one thing has a place in the palette, and every place a page', () => {
  const pages = fs
    .globSync('**/+page.svelte', { cwd: ROUTES })
    .map((file) => `/${path.dirname(file)}`.replace(/^\/\.$/, '/'))
    .filter((page) => !page.includes('['));
  const places = new Set([...hrefs(null), ...hrefs(member), ...hrefs(staff), ...ELSEWHERE]);
  const underDesk = (page: string): boolean => /^\/(staff\/[^/]+|freight|requests\/pools)\/./.test(page);
  expect(pages.filter((page) => !places.has(page) && !underDesk(page))).toEqual([]);
  expect([...places].filter((place) => !pages.includes(place))).toEqual([]);
});

it('shows nobody the desks of others', () => {
  expect(hrefs(null).filter((href) => /staff|money|company|new$/.test(href))).toEqual([]);
  expect(hrefs(member).filter((href) => href.startsWith('/staff'))).toEqual([]);
  expect(hrefs(staff).filter((href) => /company|lots\/(new|mine|import)/.test(href))).toEqual([]);
});

it('names every place and every letter once', () => {
  for (const session of [null, member, staff]) {
    const items = destinations(session).flatMap((group) => group.items);
    const letters = items.flatMap(({ letter }) => letter ?? []);
    expect(new Set(letters).size).toBe(letters.length);
    expect(new Set(items.map(({ href }) => href)).size).toBe(items.length);
  }
  expect(byLetter(member, 'a')?.href).toBe('/auctions');
  expect(byLetter(null, 's')).toBeUndefined();
});
