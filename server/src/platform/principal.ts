/** Who is calling, as far as the request proved it. Made by the members slice from a login session. */
import type { CentreRole, Role } from '@seam/protocol';
import type { CommitLimits } from './commit-limit.ts';

export type Principal = {
  readonly personId: string;
  readonly personName: string;
  /** Empty for the centre's own staff. */
  readonly organisationId: string;
  readonly organisationStatus: string;
  /** Owes the exchange for a deposit that was taken back: nothing new may be bid until it is paid. */
  readonly mustTopUp?: boolean;
  readonly roles: readonly Role[];
  readonly staff: boolean;
  /** Offices at the centre; whoever holds none may do nothing in its name. */
  readonly centreRoles: readonly CentreRole[];
  readonly robot: boolean;
  readonly loginSessionId: string;
  /** What this person may bind its company to; left out: anything. */
  readonly commitLimits?: CommitLimits;
};

export type Authenticate = (token: string) => Promise<Principal | null>;

export const SESSION_COOKIE = 'seam_session';
