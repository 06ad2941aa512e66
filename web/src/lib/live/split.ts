/**
 * The opening of bids that were sealed to a key in two parts: reading a part from its file, and, once both
 * parts are given, reading the bids with them. Runs in the browser of whoever opens; what comes out is held
 * against the digests here and again by the market.
 */
import { type KeyPart, type Shares, openWith } from '@seam/client';
import { formatMoney, formatScaled, formatTonnes, parseMoney, parseTonnes } from '@seam/units';
import type { Merit } from './command.ts';
import { type Grid, type SealedContent, sealingText } from './sealed.ts';

/** One part as a file: kept by its holder until the opening. */
export type ShareFile = Pick<KeyPart, 'share' | 'shareDigest'> & { readonly kind: 'seam.opening-share/1' };

export type Sealed = { readonly bidSeq: number; readonly ciphertext: string | null; readonly digest: string };
export type Decrypted = SealedContent & {
  readonly bidSeq: number;
  readonly bidder: string;
  readonly nonce: string;
};

export function shareFile({ share, shareDigest }: KeyPart): string {
  return JSON.stringify({ kind: 'seam.opening-share/1', share, shareDigest } satisfies ShareFile, null, 2);
}

/** The part itself, from its file or copied as text; '' when there is none in it. */
export function shareFrom(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return trimmed;
  try {
    const found = JSON.parse(trimmed) as Partial<ShareFile> | null;
    return found?.kind === 'seam.opening-share/1' && typeof found.share === 'string' ? found.share : '';
  } catch {
    return '';
  }
}

/** SHA-256 of a part, as it stands in the terms. */
export async function digestOfText(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

type Opening = { readonly auctionId: string; readonly shares: Shares; readonly grid: Grid };

/** What could be read of `sealed`; `shut` are the places of those that could not, or do not fit their digest. */
export async function decryptAll(
  sealed: readonly Sealed[],
  opening: Opening,
): Promise<{ bids: readonly Decrypted[]; shut: readonly number[] }> {
  const read = await Promise.all(sealed.map(async (one) => decrypt(one, opening)));
  return {
    bids: read.flatMap((bid) => bid ?? []),
    shut: sealed.flatMap(({ bidSeq }, index) => (read[index] === null ? [bidSeq] : [])),
  };
}

async function decrypt(
  { bidSeq, ciphertext, digest }: Sealed,
  { auctionId, shares, grid }: Opening,
): Promise<Decrypted | null> {
  if (ciphertext === null) return null;
  try {
    const text = await openWith(shares, ciphertext);
    const bid = { bidSeq, ...contentOf(text, grid) };
    const again = sealingText({ auctionId, ...bid }, grid);
    return again !== null && (await digestOfText(again)) === digest ? bid : null;
  } catch {
    // Whoever sealed nonsense, or to another key, has sealed nothing.
    return null;
  }
}

type Told = { bidder: string; nonce: string; price: string; qty: string; min?: string; merit?: ToldMerit };
type ToldMerit =
  | { mode: 'energy'; calorificValue: number; freight: string; expectedPenalties: string }
  | { mode: 'mixed'; coefficient: number; addition: string };

/** @throws on a text that is no sealed bid. */
function contentOf(text: string, grid: Grid): Omit<Decrypted, 'bidSeq'> {
  const { bidder, nonce, price, qty, min, merit } = JSON.parse(text) as Told;
  const [tick, lot] = [parseMoney(grid.tickSize) ?? 0n, parseTonnes(grid.lotSize) ?? 0n];
  return {
    bidder,
    nonce,
    price: formatMoney(BigInt(price) * tick),
    quantity: formatTonnes(BigInt(qty) * lot),
    minimumAcceptable: min === undefined ? null : formatTonnes(BigInt(min) * lot),
    merit: merit === undefined ? null : meritOf(merit),
  };
}

const COEFFICIENT_DIGITS = 4;

function meritOf(merit: ToldMerit): Merit {
  if (merit.mode === 'mixed') {
    const { mode, coefficient, addition } = merit;
    return {
      mode,
      coefficient: formatScaled(BigInt(coefficient), COEFFICIENT_DIGITS),
      addition: formatMoney(BigInt(addition)),
    };
  }
  const { mode, calorificValue, freight, expectedPenalties } = merit;
  return {
    mode,
    calorificValue,
    freight: formatMoney(BigInt(freight)),
    expectedPenalties: formatMoney(BigInt(expectedPenalties)),
  };
}

/** As the exchange takes it: what was not said is absent. */
export function wireOf({ minimumAcceptable, merit, ...bid }: Decrypted): object {
  return {
    ...bid,
    ...(minimumAcceptable === null ? {} : { minimumAcceptable }),
    ...(merit === null ? {} : { merit }),
  };
}
