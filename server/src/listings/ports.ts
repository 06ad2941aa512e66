/** What this slice needs of others, given to it by deps.ts: no slice imports another's insides. */
import type { Clock } from '../platform/clock.ts';
import type { Connection, Tx } from '../platform/db.ts';
import type { HttpDeps } from '../platform/http.ts';
import type { Refusal } from '../platform/refusal.ts';
import type { FreightBook } from './market.ts';
import type { MonthPart } from './tables.ts';

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
    /** As `ContractBeforehand` gave it. */
    readonly agreedTerms?: string | null;
  },
) => Promise<{ readonly saleId: string; readonly contractId: string }>;

/** Of members: why this person may not bind its company to so much; `value` in minor units. */
export type MayCommit = (
  connection: Connection,
  of: { readonly personId: string; readonly value: bigint; readonly currency: string },
) => Promise<Refusal | undefined>;

/** Of contracts: the terms that a sale has to carry, or why its contract could not be printed or signed. */
export type ContractBeforehand = (
  connection: Connection,
  sale: Omit<Parameters<CreateSale>[1], 'originKey' | 'originKind' | 'agreedTerms'> & {
    readonly originKind: 'request' | 'listing';
    readonly months: readonly MonthPart[] | null;
  },
) => Promise<{ readonly agreedTerms: string | null } | Refusal>;

export type ListingDeps = HttpDeps & {
  readonly clock: Clock;
  readonly organisations: Organisations;
  readonly createSale: CreateSale;
  readonly mayCommit: MayCommit;
  readonly contractBeforehand: ContractBeforehand;
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
