import { describePromises } from '../../oracle/moving/promises.ts';
import { sealedBidAim } from '../../oracle/sealed-bid/aim.ts';
import { naiveSealedBid } from '../../oracle/sealed-bid/naive.ts';
import type { SealedBidEvent, SealedBidRejection } from './types.ts';

const EVENTS = {
  sealed_bid_accepted: true,
  sealed_submission_ended: true,
  opening_share_given: true,
  sealed_bids_decrypted: true,
  sealed_bid_opened: true,
  sealed_bid_disqualified: true,
} satisfies Record<SealedBidEvent['type'], true>;
const REFUSALS = {
  sealed_phase_conflict: true,
  sealed_secrecy_conflict: true,
  sealed_digest_invalid: true,
  sealed_digest_taken: true,
  sealed_ciphertext_invalid: true,
  sealed_band_invalid: true,
  sealed_bid_unknown: true,
  sealed_bid_open_already: true,
  sealed_reveal_mismatch: true,
  sealed_share_invalid: true,
  sealed_share_given_already: true,
  sealed_share_missing: true,
} satisfies Record<SealedBidRejection['code'], true>;

describePromises({
  name: 'the sealed bid',
  aim: sealedBidAim,
  naive: naiveSealedBid,
  events: EVENTS,
  refusals: REFUSALS,
});
