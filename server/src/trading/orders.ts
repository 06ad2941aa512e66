/** Orders over HTTP: the frames of the socket, through the same session, with the same ids and outcomes. */
import type { MarketClientFrame } from '@seam/protocol';
import type { MarketAnswer, MarketSession } from '../exchange/markets/market-session.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { acceptedOr } from './market.ts';

type Verdict = ReturnType<Extract<MarketAnswer, { verdict: unknown }>['verdict']>;
type Receipt<Told> = { readonly seq: number; readonly at: string; readonly outcome: Told };

/** `Told`: the outcome that frames of this kind have. */
export async function order<Told extends Verdict>(
  session: Pick<MarketSession, 'handle'>,
  principal: Principal,
  frame: MarketClientFrame,
): Promise<Receipt<Told> | Refusal> {
  const answer = await session.handle(frame, principal);
  if ('refused' in answer) {
    const { accepted } = answer;
    return refuse(answer.refused, accepted && { accepted });
  }
  const accepted = acceptedOr(answer.outcome, answer.market.terms);
  if (isRefusal(accepted)) return accepted;
  const { seq, at } = accepted;
  return { seq, at: new Date(at).toISOString(), outcome: answer.verdict(accepted) as Told };
}
