/** Sealed bids: digests until the opening, and then exactly what was sealed. */
import type { Fields } from '../chain.ts';
import { isBuying } from '../share.ts';
import { BARRED, type Format, type Trial, bidOf, set, within } from '../trial.ts';
import { isMerit, lowestOf } from './buying.ts';

const isOpening = ({ phase }: Trial): boolean => phase === 'opening';

/** Why an opened bid does not count, in the record's own word. */
function faultOf({ terms, sealed }: Trial, bid: Fields): string | null {
  const { accountId, price, quantity, minimumAcceptable: least, merit } = bid;
  const isBought = isBuying(terms);
  const [from, to] = isBought ? [1, terms.startingPrice] : [terms.startingPrice, Number.MAX_SAFE_INTEGER];
  if (!within(quantity, terms.minimumBidQuantity, sealed.get(accountId)?.quantityMaximum ?? 0))
    return 'quantity_out_of_range';
  if (!within(least, 0, quantity)) return 'minimum_acceptable_invalid';
  if (!isMerit(terms, merit)) return 'merit_invalid';
  if (!within(price, from, to)) return 'price_out_of_range';
  return isBought && price < lowestOf(terms) ? 'below_floor' : null;
}

export const sealed: Format = {
  events: {
    sealed_bid_accepted({ sealed: bids, seq }, event) {
      bids.set(event.accountId, { ...event, seq, opened: false, counts: true });
    },
    sealed_submission_ended: set(() => ({ phase: 'opening' })),
    opening_share_given: ({ shares }, { holder, share }) => void shares.set(holder, share),
    sealed_bids_decrypted: () => {},
    sealed_bid_opened({ bids, sealed: shut }, event) {
      const { accountId, bidSeq: seq, fault } = event;
      Object.assign(shut.get(accountId) ?? {}, { opened: true, counts: fault === null });
      if (fault === null) bids.set(accountId, bidOf({ seq }, event));
    },
    sealed_bid_disqualified({ bids, sealed: shut }, { accountId }) {
      Object.assign(shut.get(accountId) ?? {}, { counts: false });
      bids.delete(accountId);
    },
  },
  rules: {
    sealed_bid_accepted: [
      BARRED,
      ['phase_wrong', 'bids are sealed before the opening', ({ phase }) => phase === 'submission'],
      [
        'seal_copied',
        'no two bidders seal the same digest',
        ({ sealed: shut }, { accountId, digest }) =>
          ![...shut].some(([who, one]) => who !== accountId && one.digest === digest),
      ],
      [
        'bid_quantity',
        'a seal names a band of the terms',
        ({ terms }, { quantityMaximum }) => terms.quantityBands.includes(quantityMaximum),
      ],
    ],
    sealed_submission_ended: [
      [
        'phase_wrong',
        'submission ends once, with every bid counted',
        ({ phase, sealed: shut }, { bids }) => phase === 'submission' && bids === shut.size,
      ],
    ],
    opening_share_given: [
      [
        'phase_wrong',
        'the key is opened after submission, each part once',
        (trial, { holder }) => isOpening(trial) && !trial.shares.has(holder),
      ],
    ],
    sealed_bids_decrypted: [
      [
        'phase_wrong',
        'officers open with both parts of the key',
        (trial) => isOpening(trial) && trial.shares.size === 2,
      ],
    ],
    sealed_bid_opened: [
      [
        'opened_other',
        'the last sealed bid is opened, once',
        (trial, { accountId, bidSeq }) => {
          const shut = trial.sealed.get(accountId);
          return isOpening(trial) && shut?.seq === bidSeq && !shut.opened;
        },
      ],
      [
        'fault_wrong',
        'a bid counts when it keeps to the terms, and only then',
        (trial, event) => event.fault === faultOf(trial, event),
      ],
    ],
    sealed_bid_disqualified: [
      [
        'opened_other',
        'only an opened bid that counts is disqualified',
        ({ sealed: shut }, { accountId }) => shut.get(accountId)?.opened && shut.get(accountId).counts,
      ],
    ],
  },
  turnsAt: ({ terms, end, phase }) => (phase === 'submission' ? end - terms.openingMs : Infinity),
  endsEarly: (_, event, deadline) =>
    event.type === 'sealed_submission_ended' && event.bids === 0 ? deadline : null,
};
