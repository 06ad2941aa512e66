/** What the tests of the hot path share: a small auction, a host on a real database, its entries. */
import { randomUUID } from 'node:crypto';
import { type EngineState, type EnglishTerms, PLAIN_ENGLISH } from '@seam/engine';
import { instant, lots, ticks } from '@seam/units';
import type { Sql } from 'postgres';
import { EngineHost, type HostOptions } from '../engine-host.ts';
import { openJournal } from '../journal.ts';
import { marketRules } from '../rules.ts';
import { type JournalEntry, type Submission, silentLog } from '../types.ts';

export const SELLER = 'org-seller';

/** 100 lots of 50 t from 800.00 a tonne, open for an hour from now, without bid security. */
export function auctionTerms(auctionId: string, more: Partial<EnglishTerms> = {}): EnglishTerms {
  // Past by the database's clock too, so that it opens in the batch that schedules it.
  const now = Date.now() - 1_000;
  return {
    auctionId,
    format: 'english',
    pricing: 'pay_as_bid',
    ...PLAIN_ENGLISH,
    ownerId: SELLER,
    currency: 'CNY',
    tickSize: '100',
    lotSize: '50000',
    quantity: lots(100),
    minimumBidQuantity: lots(1),
    startingPrice: ticks(800),
    reservePrice: null,
    bidIncrement: ticks(1),
    maximumIncrement: null,
    opensAt: instant(now),
    closesAt: instant(now + 3_600_000),
    softClose: {
      mode: 'window',
      windowMs: 120_000,
      extensionMs: 120_000,
      hardEndAt: instant(now + 7_200_000),
      extensionsMax: 100,
    },
    bidSecurity: { mode: 'fixed', amount: '0' },
    rulesVersion: 1,
    ...more,
  };
}

export function schedule(auctionId: string, more: Partial<EnglishTerms> = {}): Submission {
  const body = { type: 'schedule_auction', terms: auctionTerms(auctionId, more) } as const;
  return { actor: 'exchange', cmdId: `schedule.${auctionId}`, body };
}

export type Bid = { auctionId: string; by: string; price: number; quantity?: number; cmdId?: string };

export function bid({ auctionId, by, price, quantity = 100, cmdId = randomUUID() }: Bid): Submission {
  const amounts = { price: ticks(price), quantity: lots(quantity), minimumAcceptable: lots(0) };
  return { actor: by, cmdId, body: { type: 'place_bid', auctionId, accountId: by, ...amounts } };
}

export type TestHost = {
  readonly host: EngineHost<EngineState>;
  /** What was shown to the outside, in order. */
  readonly entries: JournalEntry[];
  readonly fenced: Promise<Error>;
  readonly halted: Promise<Error>;
};

type TestOptions = Partial<HostOptions<EngineState>> & { url: string; sql: Sql; appendStallMs?: number };

/** A host as production builds it, on shard 0 of `url`. Not started. */
export function testHost(options: TestOptions): TestHost {
  const entries: JournalEntry[] = [];
  const fenced = Promise.withResolvers<Error>();
  const halted = Promise.withResolvers<Error>();
  const owner = randomUUID();
  const { url, appendStallMs } = options;
  const journalOptions = { url, shard: 0, owner, ...(appendStallMs === undefined ? {} : { appendStallMs }) };
  const host = new EngineHost<EngineState>({
    shard: 0,
    rules: marketRules,
    openJournal: () => openJournal(journalOptions),
    view: { apply: () => {}, snapshot: () => '', restore: () => {} },
    onEntry: (entry) => entries.push(entry),
    onFenced: fenced.resolve,
    onHalted: halted.resolve,
    log: silentLog,
    ...options,
  });
  return { host, entries, fenced: fenced.promise, halted: halted.promise };
}
