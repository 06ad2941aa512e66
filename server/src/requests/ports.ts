/** What this slice needs of others: the same as listings, whose ports are public. */
export type { Actor, ListingDeps as RequestDeps } from '../listings/public.ts';
