/** What this slice needs of others; ports.ts of the server binds each to their public functions. */
import type { ContractPorts } from '../contracts/public.ts';
import type { Organisations } from '../listings/public.ts';
import type { Clock } from '../platform/clock.ts';
import type { Connection, Tx } from '../platform/db.ts';
import type { HttpDeps } from '../platform/http.ts';
import type { Refusal } from '../platform/refusal.ts';

export type Sale = { readonly saleId: string; readonly contractId: string };

type About = { readonly requestId: string; readonly responseId: string; readonly now: Date };

/** What becomes of the answer to a request that a talk was about; one of the two is called, once. */
export type RequestPort = {
  /** Lowers the need and takes the answer; refuses when less is needed by now. */
  readonly book: (tx: Tx, of: About & { readonly quantityKg: bigint }) => Promise<Refusal | undefined>;
  /** There was no sale: the answer stands again where it stood. */
  readonly release: (tx: Tx, of: About) => Promise<void>;
};

/** Whether this person may bind its company to so much; undefined when it may. */
export type MayCommit = (
  tx: Tx,
  of: {
    readonly personId: string;
    readonly organisationId: string;
    /** Minor units of the whole contract. */
    readonly value: bigint;
    readonly currency: string;
  },
) => Promise<Refusal | undefined>;

export type NegotiationDeps = HttpDeps & {
  readonly clock: Clock;
  readonly organisations: Organisations;
  readonly contracts: Pick<ContractPorts, 'partyOf' | 'goodsOf' | 'feesOf' | 'personNamesOf'>;
  /** False for a company that is suspended, has left, or is not certified yet. */
  readonly isActive: (connection: Connection, organisationId: string) => Promise<boolean>;
  readonly requests: RequestPort;
  readonly mayCommit: MayCommit;
};
