/** What this slice needs of others, given to it by deps.ts: no slice imports another's insides. */
import type { Clock } from '../platform/clock.ts';
import type { Connection, Tx } from '../platform/db.ts';
import type { HttpDeps } from '../platform/http.ts';
import type { FreightBook } from './market.ts';

export type OrganisationFacts = {
  readonly name: string;
  readonly nameZh: string | null;
  /** What its certification allows. */
  readonly sells: boolean;
  readonly buys: boolean;
};

/** Members by id; an unknown id is left out. */
export type Organisations = (
  connection: Connection,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, OrganisationFacts>>;

/** Of the contracts slice: the sale, and the contract that follows from it. */
export type CreateSale = (
  tx: Tx,
  sale: {
    readonly originKey: string;
    readonly originKind: 'auction' | 'request' | 'listing';
    readonly originId: string;
    readonly listingId: string;
    readonly sellerId: string;
    readonly buyerId: string;
    readonly quantityKg: bigint;
    /** Minor units. */
    readonly pricePerTonne: bigint;
    readonly currency: string;
  },
) => Promise<{ readonly saleId: string; readonly contractId: string }>;

export type ListingDeps = HttpDeps & {
  readonly clock: Clock;
  readonly organisations: Organisations;
  readonly createSale: CreateSale;
  /** Left out: every way is estimated by its distance. */
  readonly freight?: FreightBook;
  /** Names of people by id; an unknown id is left out. */
  readonly personNames: (
    connection: Connection,
    personIds: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>;
};

/** Who acts, for which company. */
export type Actor = { readonly personId: string; readonly organisationId: string };
