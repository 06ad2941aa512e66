/** What this slice needs of others, given to it by deps.ts: no slice imports another's insides. */
import type { Clock } from '../platform/clock.ts';
import type { Connection, Tx } from '../platform/db.ts';
import type { HttpDeps } from '../platform/http.ts';

export type OrganisationName = { readonly name: string; readonly nameZh: string | null };

/** Names of companies by id; an unknown id is left out. */
export type OrganisationNames = (
  connection: Connection,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, OrganisationName>>;

/** Makes (once per `externalId`) a company that nobody can log in to. @returns its id. */
export type CreateImportedOrganisation = (
  tx: Tx,
  of: { readonly externalId: string; readonly name: string; readonly country: string },
) => Promise<string>;

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
  readonly organisationNames: OrganisationNames;
  readonly createSale: CreateSale;
};

/** Who acts, for which company. */
export type Actor = { readonly personId: string; readonly organisationId: string };
