/**
 * Every page of the product with who sees it and where it is found in the furnished exchange. The pages are read
 * from the file system: one without an entry here, or an entry without a page, is an error.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { World } from './world/index.ts';
import type { Role } from './world/people.ts';

const ROUTES = path.resolve(import.meta.dirname, '../../src/routes');

export type Shown = {
  readonly route: string;
  readonly role: Role;
  readonly path: string;
  /** What tells two looks at one route apart. */
  readonly name: string;
};
/** Who, and with which values in place of `[id]`; `?` and what follows is added to the address. */
type Look = readonly [role: Role, name?: string, id?: string, query?: string];

/** @throws Error naming every page without an entry, and every entry without a page. */
export function checkPages(): void {
  const entries = Object.keys(looks(ANY_WORLD));
  const routes = pagesOnDisk();
  const missing = routes.filter((route) => !entries.includes(route));
  const gone = entries.filter((route) => !routes.includes(route));
  if (missing.length > 0) throw new Error(`no entry in gallery/pages.ts for: ${missing.join(', ')}`);
  if (gone.length > 0) throw new Error(`no page for the entries of gallery/pages.ts: ${gone.join(', ')}`);
}

/** All that `checkPages` found good. */
export function allPages(world: World): Shown[] {
  return Object.entries(looks(world)).flatMap(([route, all]) =>
    all.map(([role, name = '', id = '', query = '']) => ({
      route,
      role,
      name,
      path: route.replace(/\[\w+\]/, id) + query,
    })),
  );
}

/** Whatever is asked of it, it is itself: the entries can be told before there is a world. */
const ANY_WORLD: World = new Proxy((): string => '', {
  get: (_target, key): unknown => (key === Symbol.toPrimitive ? () => '' : ANY_WORLD),
  apply: (): unknown => ANY_WORLD,
}) as unknown as World;

/** Route ids as the router names them, groups left out. */
export function pagesOnDisk(): string[] {
  return fs
    .readdirSync(ROUTES, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === '+page.svelte')
    .map((file) => `/${path.dirname(file).replaceAll(path.sep, '/').replace(/^\.$/, '')}`)
    .sort();
}

function looks(world: World): Record<string, readonly Look[]> {
  const { auctions, trades, talks, centre } = world;
  const staff: readonly Look[] = [['staff']];
  const members: readonly Look[] = [['seller'], ['buyer']];
  return {
    '/': [['visitor'], ['seller'], ['buyer'], ['staff']],
    '/login': [['visitor']],
    '/logout': [['rival']],
    '/register': [['visitor']],
    '/help': [['visitor']],
    '/glossary': [['visitor']],
    '/preferences': [['visitor']],
    '/verify': [['visitor']],
    '/styleguide': [['visitor']],
    '/demo/bank': [['buyer']],
    ...marketPages(world, members),
    ...coalPages(talks),
    '/negotiations': members,
    '/negotiations/new': [['rival', '', '', `?lot=${talks.lot}`]],
    '/negotiations/[id]': [
      ['buyer', '', talks.talk],
      ['seller', '', talks.talk],
    ],
    '/negotiations/[id]/offer': [['buyer', '', talks.talk]],
    '/negotiations/[id]/redline': [['buyer', '', talks.talk, '?from=1&to=2']],
    '/requests': [['visitor'], ['buyer'], ['seller']],
    '/requests/new': [['buyer']],
    '/requests/[id]': [
      ['buyer', '', talks.request],
      ['seller', '', talks.request],
    ],
    '/requests/[id]/blend': [['buyer', '', talks.request]],
    '/requests/pools': [['buyer']],
    '/requests/pools/new': [['buyer']],
    '/requests/pools/[id]': [
      ['buyer', '', talks.pool],
      ['rival', '', talks.pool],
    ],
    '/auctions': [['visitor'], ['buyer'], ['buyer', 'ended', '', '?show=ended']],
    '/auctions/new': [['seller', '', '', `?listing=${talks.lot}`]],
    '/auctions/[id]': [
      ['visitor', 'live', auctions.live],
      ['buyer', 'live', auctions.live],
      ['seller', 'live', auctions.live],
      ['buyer', 'closed', auctions.closed],
      ['buyer', 'scheduled', auctions.scheduled],
      ['buyer', 'sealed', auctions.sealed],
      ['seller', 'reverse', auctions.reverse],
    ],
    '/auctions/[id]/awards': [
      ['buyer', '', auctions.closed],
      ['seller', '', auctions.closed],
      ['staff', '', auctions.closed],
    ],
    '/auctions/[id]/keys': [['seller', '', auctions.sealed]],
    ...companyPages(world, members),
    ...contractPages(trades),
    ...staffPages(world, centre, staff),
  };
}

function marketPages(world: World, members: readonly Look[]): Record<string, readonly Look[]> {
  return {
    '/markets': [['visitor'], ['buyer']],
    '/markets/[id]': [
      ['visitor', '', world.instrument],
      ['buyer', '', world.instrument],
    ],
    '/markets/trades': [['buyer'], ['rival']],
    '/freight': [['visitor'], ['carrier']],
    '/freight/new': [['carrier']],
    '/freight/cost': [['buyer']],
    '/freight/[id]': [
      ['buyer', '', world.lane],
      ['carrier', '', world.lane],
    ],
    '/freight/transport': [['buyer'], ['carrier']],
    '/freight/transport/new': [['buyer']],
    '/freight/transport/[id]': [
      ['buyer', '', world.talks.transport],
      ['carrier', '', world.talks.transport],
    ],
    '/deliveries': members,
    '/deliveries/gate': [['seller']],
  };
}

function coalPages(talks: World['talks']): Record<string, readonly Look[]> {
  return {
    '/find': [['visitor'], ['buyer', 'landed', '', `?to=${talks.plant}&costCurrency=CNY`]],
    '/find/compare': [['buyer', '', '', `?ids=${talks.compare.join(',')}&to=${talks.plant}`]],
    '/find/saved': [['buyer']],
    '/find/stop-mail': [['visitor']],
    '/lots': [['visitor']],
    '/lots/mine': [['seller']],
    '/lots/new': [['seller']],
    '/lots/import': [['seller']],
    '/lots/[id]': [
      ['visitor', '', talks.lot],
      ['buyer', '', talks.lot],
      ['seller', '', talks.lot],
      ['staff', '', talks.lot],
    ],
    '/lots/[id]/certificate': [['seller', '', talks.lot]],
    '/lots/[id]/change': [['seller', '', talks.lot]],
    '/lots/wanted': [['visitor'], ['buyer']],
    '/lots/wanted/new': [['buyer']],
    '/lots/wanted/[id]': [
      ['seller', '', talks.posting],
      ['buyer', '', talks.posting],
    ],
  };
}

function companyPages(world: World, members: readonly Look[]): Record<string, readonly Look[]> {
  return {
    '/companies/[id]': [
      ['visitor', '', world.company],
      ['buyer', '', world.company],
    ],
    '/fees': [['visitor']],
    '/company': [['seller']],
    '/company/account': [['seller']],
    '/company/keys': [['seller']],
    '/company/papers': [['seller']],
    '/company/password': [['seller']],
    '/company/people': [['seller']],
    '/company/people/[id]': [['seller', '', world.person]],
    '/money': members,
    '/money/invoices': members,
    '/money/security': [['buyer']],
    '/money/statement': [['buyer']],
  };
}

function contractPages(trades: World['trades']): Record<string, readonly Look[]> {
  return {
    '/contracts': [['seller'], ['buyer']],
    '/contracts/[id]': [
      ['seller', 'waiting', trades.waiting],
      ['buyer', 'waiting', trades.waiting],
      ['buyer', 'signed', trades.signed],
      ['staff', 'signed', trades.signed],
    ],
    '/contracts/[id]/amendments': [['buyer', '', trades.signed]],
    '/contracts/[id]/call-offs': [
      ['buyer', '', trades.longTerm],
      ['seller', '', trades.longTerm],
    ],
    '/contracts/[id]/call-offs/arrange': [['seller', '', trades.waiting]],
    '/contracts/[id]/terms': [
      ['buyer', '', trades.waiting],
      ['seller', '', trades.waiting],
    ],
    '/contracts/[id]/terms/propose': [['buyer', '', trades.signed]],
    '/contracts/[id]/terms/redline': [['buyer', '', trades.waiting, '?from=1&to=2']],
    '/money/contracts/[id]': [
      ['buyer', 'under way', trades.signed],
      ['seller', 'closed', trades.closed],
      ['staff', 'closed', trades.closed],
    ],
    '/money/contracts/[id]/report': [['buyer', '', trades.closed]],
    '/companies/[id]': [
      ['buyer', 'own trade', trades.sellerId],
      ['seller', 'own', trades.sellerId],
    ],
    '/deliveries/[id]': [
      ['buyer', 'under way', trades.order],
      ['seller', 'under way', trades.order],
      ['staff', 'analysed', trades.closedOrder],
    ],
    '/deliveries/[id]/papers': [
      ['seller', 'under way', trades.order],
      ['buyer', 'under way', trades.order],
    ],
    '/deliveries/[id]/track': [['seller', 'under way', trades.order]],
    '/deliveries/[id]/quality': [
      ['seller', 'under way', trades.order],
      ['staff', 'analysed', trades.closedOrder],
    ],
  };
}

function staffPages(
  world: World,
  centre: World['centre'],
  staff: readonly Look[],
): Record<string, readonly Look[]> {
  return {
    '/staff': staff,
    '/staff/auctions': staff,
    '/staff/bank': staff,
    '/staff/certificates': staff,
    '/staff/certificates/all': staff,
    '/staff/certificates/all/[serial]': [['staff', '', centre.serial]],
    '/staff/certificates/log': staff,
    '/staff/certification': staff,
    '/staff/certification/[id]': [['staff', '', centre.applicant]],
    '/staff/disputes': staff,
    '/staff/disputes/[id]': [['staff', '', world.trades.dispute]],
    '/staff/fees': staff,
    '/staff/freight': staff,
    '/staff/ledger': staff,
    '/staff/ledger/accounts': staff,
    '/staff/ledger/[account]': [['staff', '', world.ledger.account.replaceAll('/', '~')]],
    '/staff/ledger/effect': [['staff', '', '', `?key=${encodeURIComponent(world.ledger.effect)}`]],
    '/staff/listings': staff,
    '/staff/listings/channels': staff,
    '/staff/long-term': staff,
    '/staff/markets': staff,
    '/staff/markets/[id]': [['staff', '', world.instrument]],
    '/staff/markets/new': staff,
    '/staff/ratings': staff,
    '/staff/security': staff,
    '/staff/work': staff,
  };
}
