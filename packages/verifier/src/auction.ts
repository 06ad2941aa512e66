/**
 * Checks the public record of an ended auction without the exchange, and says in words who wins what and
 * why. Shares no code with the exchange, imports nothing but the small files beside it, and runs in Node and
 * in a browser. Read in this order: `chain` (nothing was changed), `share` and `award` (who wins what), `life`
 * and the format at hand in `formats` (what its words mean and what must hold of them), `lines` (was each line
 * in time, and what did it tell); the rest are details of these.
 *
 * What it cannot see: money held as security, and so refusals for want of it; and who is behind a name.
 */
import { isSameAward, told } from './afterwards.ts';
import { type Award, awardsOf, reasonOf } from './award.ts';
import { type Fields, type Problem, Unreadable, canonical, checkChain, sha256 } from './chain.ts';
import { parseRecord } from './parse.ts';
import { hearLine } from './lines.ts';
import { type Trial, newTrial } from './trial.ts';
import { explain } from './words.ts';

export { type Problem, Unreadable } from './chain.ts';
export { TEXT_MAX } from './parse.ts';
export type Verdict = {
  readonly valid: boolean;
  readonly problems: readonly Problem[];
  /** By the rules, whatever the record says. */
  readonly awards: readonly Award[];
  readonly explanation: readonly string[];
};

/** @param text the document of `GET /v1/auctions/:id/record`. Never throws: nonsense is invalid. */
export async function verifyRecord(text: string): Promise<Verdict> {
  try {
    return await verifyAuction(parseRecord(text));
  } catch (error) {
    return unread(error);
  }
}

/** The verdict on what cannot be read. */
export function unread(error: unknown): Verdict {
  const code = error instanceof Unreadable ? error.code : 'record_unreadable';
  const problems = [{ seq: null, code, says: (error as Error).message }];
  return { valid: false, problems, awards: [], explanation: [] };
}

/** @param record the same, parsed. Never throws. */
export async function verifyAuction(record: unknown): Promise<Verdict> {
  const problems: Problem[] = [];
  const trial = newTrial();
  const must = (holds: boolean, code: string, says: string): void => {
    if (!holds) problems.push({ seq: trial.seq, code, says });
  };
  let awards: readonly Award[] = [];
  let explanation: readonly string[] = [];
  try {
    const { lines } = record as Fields;
    await checkChain(record, problems);
    for (const line of lines) {
      hearLine(trial, line, must);
      for (const event of line.events) await checkSeal(trial, event, must);
    }
    must(trial.result !== null, 'no_end', 'the record has an end');
    if (trial.result && trial.result.type !== 'auction_voided') awards = judge(trial, must);
    explanation = explain(trial, awards);
  } catch (error) {
    problems.push(...unread(error).problems);
  }
  return { valid: problems.length === 0, problems, awards, explanation };
}

/** What was opened is what was sealed: anybody can make the digest again. */
async function checkSeal(
  { terms, sealed }: Trial,
  event: Fields,
  must: (holds: boolean, code: string, says: string) => void,
): Promise<void> {
  if (event.type === 'opening_share_given') {
    const digest =
      event.holder === 'owner' ? terms.secrecy.ownerShareDigest : terms.secrecy.exchangeShareDigest;
    must(
      (await sha256(event.share)) === digest,
      'seal_broken',
      'a part of the key is the one that was fixed before the first bid',
    );
  }
  if (event.type !== 'sealed_bid_opened') return;
  const { accountId, bidder, nonce, price, quantity, minimumAcceptable: min, merit } = event;
  const said = { auction: terms.auctionId, bidder, nonce, price: `${price}`, qty: `${quantity}` };
  const text = canonical({
    ...said,
    ...(min === 0 ? {} : { min: `${min}` }),
    ...(merit === null ? {} : { merit }),
  });
  must(
    (await sha256(text)) === sealed.get(accountId)?.digest,
    'seal_broken',
    'what was opened is what was sealed',
  );
}

/** The award of the record against the one the rules give. */
function judge(trial: Trial, must: (holds: boolean, code: string, says: string) => void): readonly Award[] {
  const { terms, result } = trial;
  const expected = awardsOf(trial);
  const recorded = told(result.awards);
  const text = (awards: readonly Award[]): string =>
    awards
      .map(({ who, price, quantity, seq }) => `${who} ${quantity} lots at ${price} (bid ${seq})`)
      .sort()
      .join('; ') || 'nothing sold';
  must(
    isSameAward(recorded, expected),
    'award_differs',
    `the rules give: ${text(expected)}; the record says: ${text(recorded)}`,
  );
  const sold = expected.reduce((sum, { quantity }) => sum + quantity, 0);
  must(sold <= terms.quantity, 'oversold', 'no more is sold than offered');
  if (result.type === 'auction_awarded')
    must(sold + result.unsold === terms.quantity, 'unsold_differs', 'sold and unsold are what was offered');
  else must(result.reason === reasonOf(trial), 'reason_differs', `by the rules: ${reasonOf(trial)}`);
  return expected;
}
