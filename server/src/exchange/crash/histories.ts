/** What happened to each auction, read from the journal's entries alone, and whether it was right. */
import { type EnglishTerms, hardEndOf } from '@seam/engine';
import type { JournalEntry } from '../types.ts';
import { type PaperBid, naiveAward } from './naive-award.ts';

export type Histories = {
  readonly auctions: number;
  readonly acceptedBids: number;
  /** Auctions with two ends, or more awarded than offered. */
  readonly doubled: number;
  /** Awards that differ from the recomputed ones. */
  readonly wrongAwards: number;
  /** Closes at another instant than the end in force, or bids accepted at or after it. */
  readonly wrongCloses: number;
};

type History = {
  terms: EnglishTerms;
  end: number;
  hardEnd: number;
  voided: boolean;
  bids: PaperBid[];
  closes: JournalEntry[];
  lateBids: number;
};

/** What is wrong in a history by itself, whatever anybody was told. */
export function auditEntries(entries: readonly JournalEntry[]): Histories {
  const histories = [...historiesOf(entries).values()];
  return {
    auctions: histories.length,
    acceptedBids: histories.reduce((sum, { bids }) => sum + bids.length, 0),
    doubled: histories.filter(isDoubled).length,
    wrongAwards: histories.filter((history) => !isAwardRight(history)).length,
    wrongCloses: histories.filter((history) => !isCloseRight(history)).length,
  };
}

function historiesOf(entries: readonly JournalEntry[]): Map<string, History> {
  const histories = new Map<string, History>();
  for (const entry of entries) {
    for (const event of entry.events) {
      if (event.type === 'auction_scheduled') {
        // The chaos schedules no other format.
        const terms = event.terms as EnglishTerms;
        const [end, hardEnd] = [terms.closesAt, hardEndOf(terms)];
        const empty = { bids: [], closes: [], lateBids: 0, voided: false };
        histories.set(terms.auctionId, { terms, end, hardEnd, ...empty });
      } else if ('auctionId' in event) {
        const history = histories.get(event.auctionId);
        if (!history) continue;
        if (event.type === 'auction_extended') history.end = event.closesAt;
        if (event.type === 'auction_resumed' || event.type === 'auction_extended_for_outage') {
          history.end = event.closesAt;
          history.hardEnd = event.hardEndAt;
        }
        if (event.type === 'auction_voided') history.voided = true;
        if (event.type === 'auction_awarded' || event.type === 'auction_unsold') history.closes.push(entry);
        if (event.type === 'bid_accepted') {
          if (entry.at >= history.end || history.closes.length > 0) history.lateBids += 1;
          const { accountId, price, quantity, minimumAcceptable } = event;
          history.bids.push({
            account: accountId,
            price,
            quantity,
            least: minimumAcceptable,
            seq: entry.seq,
          });
        }
      }
    }
  }
  return histories;
}

const awardsOf = ({ closes }: History): { accountId: string; quantity: number }[] =>
  closes.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === 'auction_awarded' ? event.awards : [])),
  );

function isDoubled(history: History): boolean {
  const awards = awardsOf(history);
  const total = awards.reduce((sum, { quantity }) => sum + quantity, 0);
  const winners = new Set(awards.map(({ accountId }) => accountId));
  return history.closes.length > 1 || winners.size !== awards.length || total > history.terms.quantity;
}

function isAwardRight(history: History): boolean {
  const { terms, bids } = history;
  if (history.voided) return awardsOf(history).length === 0;
  const paper = naiveAward(bids, terms.quantity, terms.reservePrice ?? terms.startingPrice);
  const awards = awardsOf(history);
  return (
    awards.length === paper.size && awards.every((award) => paper.get(award.accountId) === award.quantity)
  );
}

function isCloseRight({ closes, end, hardEnd, lateBids, voided }: History): boolean {
  const [close] = closes;
  if (voided) return lateBids === 0 && !close;
  if (!close || close.command.type !== 'close_auction') return false;
  return lateBids === 0 && close.command.deadline === end && close.at >= end && end <= hardEnd;
}
