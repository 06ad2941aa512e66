/**
 * What a sealed bid is a digest of: canonical JSON of {auction, bidder, price, qty, nonce}, with `min`
 * and `merit` where the bid has them, numbers as text (ticks and lots).
 *
 * The auction is in it so that a commitment is of no use in the next one, the nonce so that nobody can
 * try all prices. The bidder's name in it is one it made up: with its company's a stranger could check
 * no digest without being told who bid. Nobody can use another's commitment all the same: a digest is
 * taken from the first account only (`submit.ts`), and no second digest opens to the same text.
 */
import { canonicalJson } from '../../canonical.ts';
import { isInteger } from '../../auction/rules.ts';
import { sha256 } from './sha256.ts';
import type { BidContent } from './types.ts';

const UNGUESSABLE = /^[0-9a-f]{32,128}$/;
const DIGEST = /^[0-9a-f]{64}$/;

export type Committed = {
  readonly auctionId: string;
  readonly content: BidContent;
};

/** @throws InvariantError when a number of the content is no safe integer. */
export function commitmentText({ auctionId, content }: Committed): string {
  const { bidder, price, quantity, minimumAcceptable, merit, nonce } = content;
  return canonicalJson({
    auction: auctionId,
    bidder,
    price: canonicalJson(price),
    qty: canonicalJson(quantity),
    nonce,
    ...(minimumAcceptable === 0 ? {} : { min: canonicalJson(minimumAcceptable) }),
    ...(merit === null ? {} : { merit }),
  });
}

/** Whether `digest` was made from exactly this. Takes what it is given: wrong types are a no. */
export function matches(digest: string, committed: Committed): boolean {
  const { bidder, price, quantity, minimumAcceptable, merit, nonce } = committed.content;
  const most = Number.MAX_SAFE_INTEGER;
  const isWhole = [price, quantity, minimumAcceptable].every((value) => isInteger(value, 0, most));
  if (!isWhole || !isText(nonce, UNGUESSABLE) || !isText(bidder, UNGUESSABLE)) return false;
  const heat = merit?.mode === 'energy' ? merit.calorificValue : merit?.coefficient;
  if (heat !== undefined && !isInteger(heat, 0, most)) return false;
  return sha256(commitmentText(committed)) === digest;
}

export function isDigest(text: string): boolean {
  return isText(text, DIGEST);
}

function isText(text: string, pattern: RegExp): boolean {
  return typeof text === 'string' && pattern.test(text);
}
