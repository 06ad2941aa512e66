/** How this slice speaks to the market, and how the market's answers become refusals for people. */
import type { AuctionTerms } from '@seam/engine';
import type { ProblemCode } from '@seam/protocol';
import { publicRejection } from '../exchange/rejection-codes.ts';
import type { Outcome, Refused, Submission } from '../exchange/types.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';

export type Market = { submit(submission: Submission): Promise<Outcome> };

/** The account an organisation has in the market is the organisation itself. */
export const actorOf = (organisationId: string): string => `org:${organisationId}`;
export const STAFF_ACTOR = 'staff';

const refusedCodes = {
  overloaded: 'service.overloaded',
  not_leading: 'service.unavailable',
  cmd_id_reused: 'bid.command_id_reused',
  unknown: 'bid.outcome_unknown',
  quarantined: 'internal.error',
} as const satisfies Record<Refused['code'], ProblemCode>;

/** @returns undefined when the outcome is acceptance. `terms` give the limits in the caller's units. */
export function refusalOf(outcome: Outcome, terms: AuctionTerms): Refusal | undefined {
  if (outcome.status === 'accepted') return undefined;
  if (outcome.status === 'refused') return refuse(refusedCodes[outcome.code]);
  const { code, accepted } = publicRejection(outcome.rejection, terms);
  return refuse(code, { accepted });
}
