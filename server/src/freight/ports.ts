/** What this slice needs of others, given to it by deps.ts. */
import type { Connection } from '../platform/db.ts';
import type { HttpDeps } from '../platform/http.ts';
import type { Clock } from '../platform/clock.ts';
import type { Organisations } from '../listings/public.ts';
import type { FreightBook } from './book.ts';

/** Of members: whether the company is certified as a carrier. */
export type IsCarrier = (connection: Connection, organisationId: string) => Promise<boolean>;

/** Of contracts: who trades what by it. */
export type ContractFacts = {
  readonly id: string;
  readonly state: string;
  readonly sellerId: string;
  readonly buyerId: string;
  readonly listingId: string;
  readonly quantityKg: bigint;
};
export type ContractOf = (connection: Connection, id: string) => Promise<ContractFacts | undefined>;

export type FreightDeps = HttpDeps & {
  readonly clock: Clock;
  readonly organisations: Organisations;
  readonly isCarrier: IsCarrier;
  readonly contractOf: ContractOf;
  readonly book: FreightBook;
};
