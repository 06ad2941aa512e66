/** Where the header leads, and who sees it. Areas add a line here when they add pages. */
import type { Component } from 'svelte';
import ChartCandlestick from '@lucide/svelte/icons/chart-candlestick';
import Handshake from '@lucide/svelte/icons/handshake';
import FileText from '@lucide/svelte/icons/file-text';
import Gavel from '@lucide/svelte/icons/gavel';
import Megaphone from '@lucide/svelte/icons/megaphone';
import Route from '@lucide/svelte/icons/route';
import Mountain from '@lucide/svelte/icons/mountain';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import Truck from '@lucide/svelte/icons/truck';
import Wallet from '@lucide/svelte/icons/wallet';
import type { Session } from '#lib/api/session.ts';

type Icon = Component<{ class?: string }>;
export type NavItem = {
  href: string;
  key:
    | 'auctions'
    | 'markets'
    | 'find'
    | 'requests'
    | 'negotiations'
    | 'contracts'
    | 'freight'
    | 'deliveries'
    | 'money'
    | 'staff';
  icon: Icon;
  /** Pages of the same subject at another address. */
  also?: string;
};

const market: readonly NavItem[] = [
  { href: '/auctions', key: 'auctions', icon: Gavel },
  { href: '/markets', key: 'markets', icon: ChartCandlestick },
  { href: '/find', key: 'find', icon: Mountain, also: '/lots' },
  { href: '/requests', key: 'requests', icon: Megaphone },
];
const business: readonly NavItem[] = [
  { href: '/negotiations', key: 'negotiations', icon: Handshake },
  { href: '/contracts', key: 'contracts', icon: FileText },
  { href: '/freight', key: 'freight', icon: Route },
  { href: '/deliveries', key: 'deliveries', icon: Truck },
  { href: '/money', key: 'money', icon: Wallet },
];
const centre: readonly NavItem[] = [{ href: '/staff', key: 'staff', icon: ShieldCheck }];

/** Everybody sees the market; a company also its business; staff also the centre's desk. */
export function navigation(session: Session | null): readonly NavItem[] {
  if (session === null) return market;
  return [...market, ...business, ...(session.staff ? centre : [])];
}

export function isCurrent(item: NavItem, pathname: string): boolean {
  return [item.href, item.also].some(
    (href) => href !== undefined && (pathname === href || pathname.startsWith(`${href}/`)),
  );
}
