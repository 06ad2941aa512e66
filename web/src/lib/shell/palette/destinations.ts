/** Where the palette leads, and who sees it. A page without a place here is a page of one thing (`/lots/[id]`). */
import type { Session } from '#lib/api/session.ts';
import type { palette } from '#lib/i18n/palette.ts';

export type Destination = {
  readonly key: Exclude<keyof (typeof palette)['en'], 'searchFor'>;
  readonly href: string;
  /** Pressed after `g`. */
  readonly letter?: string;
};
export type Group = {
  readonly heading: 'groupDo' | 'groupGo' | 'groupCentre';
  readonly items: readonly Destination[];
};

const open: readonly Destination[] = [
  { key: 'auctions', href: '/auctions', letter: 'a' },
  { key: 'markets', href: '/markets', letter: 'm' },
  { key: 'trades', href: '/markets/trades' },
  { key: 'find', href: '/find', letter: 'f' },
  { key: 'compare', href: '/find/compare' },
  { key: 'wanted', href: '/lots/wanted' },
  { key: 'requests', href: '/requests', letter: 'r' },
];
const learn: readonly Destination[] = [
  { key: 'verify', href: '/verify', letter: 'v' },
  { key: 'help', href: '/help', letter: 'h' },
  { key: 'glossary', href: '/glossary' },
  { key: 'fees', href: '/fees' },
  { key: 'preferences', href: '/preferences', letter: 'p' },
];
/** Parties and the centre both look at these. */
const shared: readonly Destination[] = [
  { key: 'negotiations', href: '/negotiations', letter: 't' },
  { key: 'contracts', href: '/contracts', letter: 'c' },
  { key: 'freight', href: '/freight' },
  { key: 'deliveries', href: '/deliveries', letter: 'd' },
  { key: 'money', href: '/money', letter: 'y' },
];
const business: readonly Destination[] = [
  { key: 'saved', href: '/find/saved' },
  { key: 'myLots', href: '/lots/mine', letter: 'l' },
  { key: 'pools', href: '/requests/pools' },
  { key: 'freightCost', href: '/freight/cost' },
  { key: 'transport', href: '/freight/transport' },
  { key: 'gate', href: '/deliveries/gate' },
  { key: 'statement', href: '/money/statement' },
  { key: 'invoices', href: '/money/invoices' },
  { key: 'security', href: '/money/security' },
  { key: 'company', href: '/company' },
  { key: 'people', href: '/company/people' },
  { key: 'papers', href: '/company/papers' },
  { key: 'account', href: '/company/account' },
  { key: 'keys', href: '/company/keys' },
  { key: 'password', href: '/company/password' },
];
const tasks: readonly Destination[] = [
  { key: 'newLot', href: '/lots/new' },
  { key: 'importLots', href: '/lots/import' },
  { key: 'newRequest', href: '/requests/new' },
  { key: 'newAuction', href: '/auctions/new' },
  { key: 'newWanted', href: '/lots/wanted/new' },
  { key: 'newTransport', href: '/freight/transport/new' },
];
const centre: readonly Destination[] = [
  { key: 'staff', href: '/staff', letter: 's' },
  { key: 'staffWork', href: '/staff/work' },
  { key: 'staffCertification', href: '/staff/certification' },
  { key: 'staffCertificates', href: '/staff/certificates' },
  { key: 'staffAuctions', href: '/staff/auctions' },
  { key: 'staffMarkets', href: '/staff/markets' },
  { key: 'staffBank', href: '/staff/bank' },
  { key: 'staffLedger', href: '/staff/ledger' },
  { key: 'staffSecurity', href: '/staff/security' },
  { key: 'staffDisputes', href: '/staff/disputes' },
  { key: 'staffFees', href: '/staff/fees' },
  { key: 'staffRatings', href: '/staff/ratings' },
  { key: 'staffListings', href: '/staff/listings' },
  { key: 'staffFreight', href: '/staff/freight' },
  { key: 'staffLongTerm', href: '/staff/long-term' },
];

/** A visitor reads, a company also trades, the centre supervises: it owns no coal and offers none. */
export function destinations(session: Session | null): readonly Group[] {
  if (session === null) return [{ heading: 'groupGo', items: [...open, ...learn] }];
  if (session.staff) {
    return [
      { heading: 'groupCentre', items: centre },
      { heading: 'groupGo', items: [...open, ...shared, ...learn] },
    ];
  }
  return [
    { heading: 'groupDo', items: tasks },
    { heading: 'groupGo', items: [...open, ...shared, ...business, ...learn] },
  ];
}

/** Where `g` and this letter lead. */
export function byLetter(session: Session | null, letter: string): Destination | undefined {
  return destinations(session)
    .flatMap(({ items }) => items)
    .find((item) => item.letter === letter);
}
