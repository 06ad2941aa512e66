/** How this slice speaks to the market, and how the market's answers become refusals for people. */
import type { CommandBody } from '@seam/engine';
import type { ProblemCode } from '@seam/protocol';
import type { Exchange } from '../exchange/exchange.ts';
import type { GridTerms } from '../exchange/grid.ts';
import { publicRejection } from '../exchange/rejection-codes.ts';
import type { Outcome, Recorded, Refused } from '../exchange/types.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';

/** Of the exchange, what order books need. */
export type Market = Pick<Exchange, 'gateway' | 'market' | 'now'>;
export type Accepted = Extract<Recorded, { status: 'accepted' }>;

/** What the exchange does by itself: admission, money, random ends, settled trades. */
export const EXCHANGE_ACTOR = 'exchange';
export const staffActor = (personId: string): string => `staff:${personId}`;

const refusedCodes = {
  overloaded: 'service.overloaded',
  not_leading: 'service.unavailable',
  cmd_id_reused: 'bid.command_id_reused',
  unknown: 'bid.outcome_unknown',
  quarantined: 'internal.error',
} as const satisfies Record<Refused['code'], ProblemCode>;

/** @param terms give what would be accepted in the caller's units. */
export function acceptedOr(outcome: Outcome, terms: GridTerms | undefined): Accepted | Refusal {
  if (outcome.status === 'accepted') return outcome;
  if (outcome.status === 'refused') return refuse(refusedCodes[outcome.code]);
  const { code, accepted } = publicRejection(outcome.rejection, terms);
  return refuse(code, { accepted });
}

/** A command of the exchange itself, the same however often it is sent. */
export async function submit(
  market: Market,
  command: { readonly actor: string; readonly cmdId: string; readonly body: CommandBody },
  terms: GridTerms | undefined,
): Promise<Accepted | Refusal> {
  return acceptedOr(await market.gateway.submit(command), terms);
}

/** Not in the journal by this try: the same command is to be sent again. */
export function mayBeTriedAgain(answer: Accepted | Refusal): answer is Refusal {
  if (!isRefusal(answer)) return false;
  const passing: readonly ProblemCode[] = [
    'service.overloaded',
    'service.unavailable',
    'bid.outcome_unknown',
    'internal.error',
  ];
  return passing.includes(answer.refused);
}
