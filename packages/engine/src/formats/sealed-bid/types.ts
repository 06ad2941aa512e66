/**
 * The words of the sealed bid: nobody, staff included, can read a price before the opening. What is
 * journaled until then is a commitment (a digest) or a ciphertext with its digest.
 */
import type { Lots, Ticks } from '@seam/units';
import type { CommonTerms } from '../../auction/types.ts';
import type { BuyingTerms, Merit } from '../../scoring/types.ts';

export type Secrecy =
  /** Each bidder opens its own bid; who does not has no bid and leaves a penalty. */
  | { readonly mode: 'commit_reveal' }
  /**
   * Bids are encrypted to `publicKey`, whose private half is in two parts. Both are journaled at the
   * opening, so that everybody can then check what was decrypted. A bidder may open its own bid too:
   * no officer can hide one.
   */
  | {
      readonly mode: 'split_key';
      readonly publicKey: string;
      /** SHA-256 of each part, fixed before the first bid. */
      readonly ownerShareDigest: string;
      readonly exchangeShareDigest: string;
    };

/**
 * Submission runs until `openingMs` before the close, the opening from then on. Selling asks for
 * `scoring` by price, `award` by quantity and no `floor`; `reservePrice` is the lowest price taken
 * then, the highest in buying. The starting price bounds bids from the other side.
 */
export type SealedBidTerms = CommonTerms &
  BuyingTerms & {
    readonly format: 'sealed_bid';
    readonly direction: 'sell' | 'buy';
    readonly pricing: 'pay_as_bid' | 'uniform';
    readonly secrecy: Secrecy;
    readonly openingMs: number;
    /**
     * Ascending; the last is the whole quantity. A sealed bid names the band its quantity is within
     * and its security covers the band: exact security would tell the quantity.
     */
    readonly quantityBands: readonly Lots[];
    /** Share of that security kept from a bidder whose bid stayed shut. */
    readonly unopenedPenalty: number;
  };

/**
 * What a sealed bid says. `bidder` and `nonce`: 32 to 128 lower-case hexadecimal digits each, made by the
 * bidder. `bidder` is the name the seal carries instead of its company's: once opened everybody can
 * recompute the digest from the public record, which names no company. `nonce`: so that nobody can guess.
 */
export type BidContent = {
  readonly bidder: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly minimumAcceptable: Lots;
  readonly merit: Merit;
  readonly nonce: string;
};

export type ShareHolder = 'owner' | 'exchange';

type InAuction = { readonly auctionId: string };
type OfBidder = InAuction & { readonly accountId: string };

export type SealedBidCommand =
  | (OfBidder & {
      readonly type: 'commit_bid';
      /** SHA-256, lower-case hexadecimal, of `commitmentText`. */
      readonly commitment: string;
      readonly quantityMaximum: Lots;
    })
  | (OfBidder & {
      readonly type: 'submit_sealed';
      readonly ciphertext: string;
      /** SHA-256 of the plaintext, which is `commitmentText`. */
      readonly digest: string;
      readonly quantityMaximum: Lots;
    })
  | (OfBidder & BidContent & { readonly type: 'reveal_bid' })
  /** From an officer of the owner or of the exchange, who was authorised as such outside. */
  | (InAuction & {
      readonly type: 'give_opening_share';
      readonly holder: ShareHolder;
      readonly share: string;
    })
  /** What the two parts together decrypted; bids that could not be are left out. */
  | (InAuction & {
      readonly type: 'open_sealed';
      readonly bids: readonly (BidContent & { readonly bidSeq: number })[];
    })
  /** After the opening: the examination of the bidder failed. */
  | (InAuction & {
      readonly type: 'disqualify_bid';
      readonly bidderId: string;
      readonly reason: string;
    });

export type SealedPhase = 'submission' | 'opening';

export type SealedBidRejection =
  | { readonly code: 'sealed_phase_conflict'; readonly phase: SealedPhase }
  | { readonly code: 'sealed_secrecy_conflict'; readonly secrecy: Secrecy['mode'] }
  /** No SHA-256 in hexadecimal. */
  | { readonly code: 'sealed_digest_invalid' }
  /** Another account has sealed this very digest: whatever is in it is not this bidder's own. */
  | { readonly code: 'sealed_digest_taken' }
  | { readonly code: 'sealed_ciphertext_invalid'; readonly lengthMaximum: number }
  /** Not a band of the terms; `quantityMaximum` is the least that covers what was asked. */
  | { readonly code: 'sealed_band_invalid'; readonly quantityMaximum: Lots }
  | { readonly code: 'sealed_bid_unknown' }
  | { readonly code: 'sealed_bid_open_already' }
  /** What was said is not what was committed to; `digest` is. */
  | { readonly code: 'sealed_reveal_mismatch'; readonly digest: string }
  | { readonly code: 'sealed_share_invalid'; readonly digest: string }
  | { readonly code: 'sealed_share_given_already' }
  | { readonly code: 'sealed_share_missing'; readonly holder: ShareHolder };

/** Why an opened bid does not count. */
export type BidFault =
  | 'price_out_of_range'
  | 'below_floor'
  | 'quantity_out_of_range'
  | 'minimum_acceptable_invalid'
  | 'merit_invalid';

export type SealedBidEvent =
  | (OfBidder & {
      readonly type: 'sealed_bid_accepted';
      readonly digest: string;
      readonly ciphertext: string | null;
      readonly quantityMaximum: Lots;
    })
  | (InAuction & { readonly type: 'sealed_submission_ended'; readonly bids: number })
  | (InAuction & {
      readonly type: 'opening_share_given';
      readonly holder: ShareHolder;
      readonly share: string;
    })
  /** By the officers' decryption; each bid it opened has its own event after this. */
  | (InAuction & { readonly type: 'sealed_bids_decrypted'; readonly opened: number; readonly shut: number })
  | (OfBidder &
      BidContent & {
        readonly type: 'sealed_bid_opened';
        /** The seq that sealed it: an award names the bid by it. */
        readonly bidSeq: number;
        readonly fault: BidFault | null;
        /** Under the buyer's floor, in an auction that takes such bids. */
        readonly abnormallyLow: boolean;
      })
  | (OfBidder & { readonly type: 'sealed_bid_disqualified'; readonly reason: string });

export type SealedBid = {
  readonly accountId: string;
  readonly digest: string;
  readonly ciphertext: string | null;
  readonly quantityMaximum: Lots;
  readonly seq: number;
};

/** `seq` is that of the sealed bid: it was early when it was committed, not when it was opened. */
export type OpenedBid = Omit<BidContent, 'bidder' | 'nonce'> & {
  readonly accountId: string;
  readonly seq: number;
  /** A fault of the bid or the reason of its disqualification; null: it counts. */
  readonly excluded: string | null;
};

export type SealedBidRoom = {
  phase: SealedPhase;
  /** The last of each account, in the order they came. */
  sealed: readonly SealedBid[];
  shares: { readonly owner: string | null; readonly exchange: string | null };
  /** The officers have decrypted what they could. */
  decrypted: boolean;
  opened: readonly OpenedBid[];
};

/** The format in one word, for the table of all. */
export type SealedBidFormat = {
  terms: SealedBidTerms;
  room: SealedBidRoom;
  command: SealedBidCommand;
  event: SealedBidEvent;
  rejection: SealedBidRejection;
};
