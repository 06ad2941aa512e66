/** After the crashes: what the bidders were told against what the journal has, and every award recomputed. */
import { type EnglishTerms, hardEndOf } from '@seam/engine';
import type { Sql } from 'postgres';
import { readJournal } from '../journal-reader.ts';
import { marketRules } from '../rules.ts';
import type { JournalEntry } from '../types.ts';
import { verifyShard } from '../verify.ts';
import type { Acknowledged } from './bidder.ts';
import { type PaperBid, naiveAward } from './naive-award.ts';

export type Audit = {
  readonly entries: number;
  readonly auctions: number;
  readonly acceptedBids: number;
  /** Acknowledged, and not in the journal. */
  readonly lost: number;
  /** Acknowledged as something else than the journal has, or at another place. */
  readonly changed: number;
  /** The same command twice in the journal, or two awards of one auction, or more awarded than offered. */
  readonly doubled: number;
  /** Awards that differ from the recomputed ones. */
  readonly wrongAwards: number;
  /** Closes at another instant than the end in force, or bids accepted at or after it. */
  readonly wrongCloses: number;
  /** `intact`, or what is broken. */
  readonly chain: string;
};

type History = {
  terms: EnglishTerms;
  end: number;
  bids: PaperBid[];
  closes: JournalEntry[];
  lateBids: number;
};

export async function audit(sql: Sql, acknowledged: readonly Acknowledged[]): Promise<Audit> {
  const shards = await sql<{ shard_id: number }[]>`select shard_id from shard order by shard_id`;
  const entries: JournalEntry[] = [];
  let chain: Audit['chain'] = 'intact';
  for (const { shard_id: shard } of shards) {
    try {
      await verifyShard(sql, { shard, rules: marketRules });
      for await (const { entry } of readJournal(sql, shard, 0)) entries.push(entry);
    } catch (error) {
      chain = (error as Error).message;
    }
  }
  const histories = historiesOf(entries);
  const told = compareAnswers(entries, acknowledged);
  const all = [...histories.values()];
  return {
    entries: entries.length,
    auctions: histories.size,
    acceptedBids: all.reduce((sum, { bids }) => sum + bids.length, 0),
    ...told,
    doubled: told.doubled + all.filter(isDoubled).length,
    wrongAwards: all.filter((history) => !isAwardRight(history)).length,
    wrongCloses: all.filter((history) => !isCloseRight(history)).length,
    chain,
  };
}

function compareAnswers(
  entries: readonly JournalEntry[],
  acknowledged: readonly Acknowledged[],
): Pick<Audit, 'lost' | 'changed' | 'doubled'> {
  const journaled = new Map<string, JournalEntry>();
  let doubled = 0;
  for (const entry of entries) {
    if (entry.cmdId === null) continue;
    const key = `${entry.actor} ${entry.cmdId}`;
    if (journaled.has(key)) doubled += 1;
    journaled.set(key, entry);
  }
  let lost = 0;
  let changed = 0;
  for (const { bidder, id, seq, at, status } of acknowledged) {
    const entry = journaled.get(`org:${bidder} ${id}`);
    if (!entry) lost += 1;
    else {
      const has = entry.events[0]?.type === 'command_rejected' ? 'rejected' : 'accepted';
      if (entry.seq !== seq || entry.at !== Date.parse(at) || has !== status) changed += 1;
    }
  }
  return { lost, changed, doubled };
}

function historiesOf(entries: readonly JournalEntry[]): Map<string, History> {
  const histories = new Map<string, History>();
  for (const entry of entries) {
    for (const event of entry.events) {
      if (event.type === 'auction_scheduled') {
        // The chaos schedules no other format.
        const terms = event.terms as EnglishTerms;
        histories.set(terms.auctionId, { terms, end: terms.closesAt, bids: [], closes: [], lateBids: 0 });
      } else if ('auctionId' in event) {
        const history = histories.get(event.auctionId);
        if (!history) continue;
        if (event.type === 'auction_extended') history.end = event.closesAt;
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
  const paper = naiveAward(bids, terms.quantity, terms.reservePrice ?? terms.startingPrice);
  const awards = awardsOf(history);
  return (
    awards.length === paper.size && awards.every((award) => paper.get(award.accountId) === award.quantity)
  );
}

function isCloseRight({ closes, end, terms, lateBids }: History): boolean {
  const [close] = closes;
  if (!close || close.command.type !== 'close_auction') return false;
  return lateBids === 0 && close.command.deadline === end && close.at >= end && end <= hardEndOf(terms);
}
