/**
 * Sealing a bid in the browser of its bidder: what is sent is a digest, what is kept opens it.
 *
 * The text that is hashed is canonical JSON of the auction, a name made up for this bid alone, the bid in
 * ticks and lots, and a random number that nobody can guess. Whoever sees the opened bid can make the text
 * again and compare.
 */
import { canonicalJson, kilograms, minor, parseMoney, parseScaled, parseTonnes } from '@seam/units';
import type { CommandOf, Merit } from './command.ts';

/** Everything that opens a sealed bid. Written into a file as it is: the backup. */
export type Opening = {
  readonly kind: 'seam.opening/1';
  readonly auctionId: string;
  readonly price: string;
  readonly quantity: string;
  readonly minimumAcceptable: string | null;
  readonly merit: Merit | null;
  readonly bidder: string;
  readonly nonce: string;
  /** Of the sealing text: what the market was sent. */
  readonly digest: string;
  /** RFC 3339, by this machine's clock: for people only. */
  readonly sealedAt: string;
};
export type SealedContent = Pick<Opening, 'price' | 'quantity' | 'minimumAcceptable' | 'merit'>;
export type Grid = { readonly tickSize: string; readonly lotSize: string };

const SECRET_BYTES = 32;
const COEFFICIENT_DIGITS = 4;

/** @returns null when price or quantity is no whole number of steps: it could never be opened. */
export async function seal(auctionId: string, content: SealedContent, grid: Grid): Promise<Opening | null> {
  const secrets = { bidder: random(), nonce: random() };
  const text = sealingText({ auctionId, ...content, ...secrets }, grid);
  if (text === null) return null;
  return {
    kind: 'seam.opening/1',
    auctionId,
    ...content,
    ...secrets,
    digest: await digestOf(text),
    sealedAt: new Date().toISOString(),
  };
}

/** Whether `opening` really opens the bid with this digest: its own word is not taken. */
export async function opens(opening: Opening, digest: string, grid: Grid): Promise<boolean> {
  const text = sealingText(opening, grid);
  return text !== null && (await digestOf(text)) === digest;
}

type Sealed = SealedContent & Pick<Opening, 'auctionId' | 'bidder' | 'nonce'>;

export function sealingText(sealed: Sealed, { tickSize, lotSize }: Grid): string | null {
  const price = steps(parseMoney(sealed.price), parseMoney(tickSize));
  const quantity = steps(parseTonnes(sealed.quantity), parseTonnes(lotSize));
  const least = steps(parseTonnes(sealed.minimumAcceptable ?? '0'), parseTonnes(lotSize));
  const merit = sealed.merit === null ? null : meritText(sealed.merit);
  if (price === null || quantity === null || least === null || merit === undefined) return null;
  return canonicalJson({
    auction: sealed.auctionId,
    bidder: sealed.bidder,
    price: String(price),
    qty: String(quantity),
    nonce: sealed.nonce,
    ...(least === 0n ? {} : { min: String(least) }),
    ...(merit === null ? {} : { merit }),
  });
}

export function revealOf({
  price,
  quantity,
  minimumAcceptable,
  merit,
  bidder,
  nonce,
}: Opening): CommandOf<'reveal_bid'> {
  return {
    t: 'reveal_bid',
    price,
    quantity,
    ...(minimumAcceptable === null ? {} : { minimumAcceptable }),
    ...(merit === null ? {} : { merit }),
    bidder,
    nonce,
  };
}

/** A file that somebody chose; null when it is no backup of an opening. */
export function openingFrom(text: string): Opening | null {
  try {
    const found = JSON.parse(text) as Partial<Opening> | null;
    const texts = ['auctionId', 'price', 'quantity', 'bidder', 'nonce', 'digest'] as const;
    const isOne = found?.kind === 'seam.opening/1' && texts.every((key) => typeof found[key] === 'string');
    if (!isOne) return null;
    return { minimumAcceptable: null, merit: null, sealedAt: '', ...found } as Opening;
  } catch {
    return null;
  }
}

/** The least band that covers `quantity`; null when it is more than all. */
export function bandFor(quantity: string, bands: readonly string[]): string | null {
  const wanted = parseTonnes(quantity);
  if (wanted === undefined || wanted === 0n) return null;
  return bands.find((band) => (parseTonnes(band) ?? kilograms(0n)) >= wanted) ?? null;
}

function meritText(merit: Merit): object | undefined {
  if (merit.mode === 'energy') {
    const freight = parseMoney(merit.freight);
    const expectedPenalties = parseMoney(merit.expectedPenalties);
    if (freight === undefined || expectedPenalties === undefined) return undefined;
    const { mode, calorificValue } = merit;
    return { mode, calorificValue, freight: String(freight), expectedPenalties: String(expectedPenalties) };
  }
  const coefficient = parseScaled(merit.coefficient, COEFFICIENT_DIGITS);
  const addition = parseMoney(merit.addition);
  if (coefficient === undefined || addition === undefined) return undefined;
  return { mode: merit.mode, coefficient: Number(coefficient), addition: String(addition) };
}

/** How many `step`s are in `value`; null when not a whole number of them. */
function steps(value: bigint | undefined, step: bigint | undefined): bigint | null {
  if (value === undefined || step === undefined || step <= minor(0n) || value % step !== 0n) return null;
  return value / step;
}

async function digestOf(text: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}

const random = (): string => hex(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
