/**
 * Every way the exchange says no: code → status and title. Codes are public API: add, never rename.
 * Each area keeps its own table in `problems/`; here they become one.
 */
import { auctionProblems } from './problems/auctions.ts';
import { certificateProblems } from './problems/certificates.ts';
import { commonProblems } from './problems/common.ts';
import { contractTermsProblems } from './problems/contract-terms.ts';
import { contractProblems } from './problems/contracts.ts';
import { demoProblems } from './problems/demo.ts';
import { disputeProblems } from './problems/disputes.ts';
import { freightProblems } from './problems/freight.ts';
import { inspectionProblems } from './problems/inspection.ts';
import { listingProblems } from './problems/listings.ts';
import { logisticsProblems } from './problems/logistics.ts';
import { longTermProblems } from './problems/long-term.ts';
import { memberProblems } from './problems/members.ts';
import { negotiationProblems } from './problems/negotiation.ts';
import type { ProblemEntry } from './problems/entry.ts';
import { orderProblems } from './problems/orders.ts';
import { requestProblems } from './problems/requests.ts';
import { searchProblems } from './problems/search.ts';
import { settlementProblems } from './problems/settlement.ts';

export type { ProblemEntry } from './problems/entry.ts';

export const PROBLEMS = {
  ...commonProblems,
  ...memberProblems,
  ...listingProblems,
  ...requestProblems,
  ...negotiationProblems,
  ...auctionProblems,
  ...orderProblems,
  ...certificateProblems,
  ...contractProblems,
  ...contractTermsProblems,
  ...inspectionProblems,
  ...logisticsProblems,
  ...longTermProblems,
  ...searchProblems,
  ...freightProblems,
  ...settlementProblems,
  ...disputeProblems,
  ...demoProblems,
} as const satisfies Record<string, ProblemEntry>;

export type ProblemCode = keyof typeof PROBLEMS;

export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEMS, text);
}
