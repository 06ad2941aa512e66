/** What this slice needs of others: what listings need, whose ports are public, and some more. */
import type { AccountView } from '@seam/protocol';
import type { Currency } from '@seam/units';
import type { ListingDeps } from '../listings/public.ts';
import type { Connection, Tx } from '../platform/db.ts';
import type { Refusal } from '../platform/refusal.ts';
import type { Search } from '../search/public.ts';

export type { Actor } from '../listings/public.ts';

/** The company's account as its bank confirmed it, with as much of its number as others need to know. */
export type NamedAccount = AccountView & { readonly id: string };

/** Of members: undefined while no bank has confirmed one. */
export type AccountOf = (connection: Connection, organisationId: string) => Promise<NamedAccount | undefined>;

/** Both companies of a negotiation about one lot of an answer, and where the talk begins. */
export type NegotiationStart = {
  readonly requestId: string;
  readonly responseId: string;
  readonly listingId: string;
  readonly buyerId: string;
  readonly sellerId: string;
  /** Who opens it, of the buyer's company. */
  readonly personId: string;
  readonly quantityKg: bigint;
  /** Minor units. */
  readonly pricePerTonne: bigint;
  readonly currency: Currency;
};

/**
 * Of negotiations: opens one in the caller's transaction. When it ends, that slice calls `bookNegotiated` or
 * `endNegotiation` of requests/public.ts, once.
 */
export type StartNegotiation = (
  tx: Tx,
  of: NegotiationStart,
) => Promise<{ readonly negotiationId: string } | Refusal>;

export type RequestDeps = ListingDeps & {
  readonly accountOf: AccountOf;
  readonly search: Pick<Search, 'index' | 'feed'>;
  /** Undefined where nobody negotiates: the command is refused. */
  readonly startNegotiation?: StartNegotiation | undefined;
};
