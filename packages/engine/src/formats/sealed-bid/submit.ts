/** Submission: replaceable until its end, the last one counts; nothing here says what is inside. */
import { type CommandOf, refuse } from '../../auction/refusal.ts';
import { refuseSecurity } from '../../auction/security.ts';
import type { Auction } from '../../state.ts';
import type { Event, Rejection } from '../../types.ts';
import { isDigest } from './commitment.ts';
import type { SealedBidTerms } from './types.ts';

/** Ciphertexts of a few hundred bytes with their wrapped key, as base64. */
const CIPHERTEXT_MAX = 4_096;

type Sealed = CommandOf<'commit_bid'> | CommandOf<'submit_sealed'>;

export function submitBid(auction: Auction<'sealed_bid'>, command: Sealed): readonly Event[] {
  const { terms, room } = auction;
  const digest = command.type === 'commit_bid' ? command.commitment : command.digest;
  const ciphertext = command.type === 'commit_bid' ? null : command.ciphertext;
  const { auctionId, accountId, quantityMaximum } = command;
  const refused =
    (room.phase === 'submission'
      ? undefined
      : ({ code: 'sealed_phase_conflict', phase: room.phase } as const)) ??
    refuseSecrecy(terms, command.type) ??
    refuseDigest(auction, accountId, digest) ??
    refuseCiphertext(ciphertext) ??
    refuseBand(terms, quantityMaximum) ??
    refuseSecurity(auction, { accountId, quantity: quantityMaximum });
  if (refused) return refuse(refused);
  return [{ type: 'sealed_bid_accepted', auctionId, accountId, digest, ciphertext, quantityMaximum }];
}

function refuseSecrecy({ secrecy }: SealedBidTerms, type: Sealed['type']): Rejection | undefined {
  const wanted = secrecy.mode === 'commit_reveal' ? 'commit_bid' : 'submit_sealed';
  return type === wanted ? undefined : { code: 'sealed_secrecy_conflict', secrecy: secrecy.mode };
}

/** A copied digest could be opened by whoever copied it, once its maker has opened it before all eyes. */
function refuseDigest(
  { room }: Auction<'sealed_bid'>,
  accountId: string,
  digest: string,
): Rejection | undefined {
  if (!isDigest(digest)) return { code: 'sealed_digest_invalid' };
  const isTaken = room.sealed.some((bid) => bid.digest === digest && bid.accountId !== accountId);
  return isTaken ? { code: 'sealed_digest_taken' } : undefined;
}

function refuseCiphertext(ciphertext: string | null): Rejection | undefined {
  if (ciphertext === null) return undefined;
  const isText = typeof ciphertext === 'string' && ciphertext.length > 0;
  if (isText && ciphertext.length <= CIPHERTEXT_MAX) return undefined;
  return { code: 'sealed_ciphertext_invalid', lengthMaximum: CIPHERTEXT_MAX };
}

function refuseBand(terms: SealedBidTerms, asked: number): Rejection | undefined {
  const { quantityBands, quantity } = terms;
  if (quantityBands.some((band) => band === asked)) return undefined;
  const covering = quantityBands.find((band) => band >= asked);
  return { code: 'sealed_band_invalid', quantityMaximum: covering ?? quantity };
}
