/**
 * The independent verifier against the engine: it finds nothing wrong with what the engine did, whatever
 * the format, and it finds what a broken engine would have done.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@seam/units';
import { verifyAuction } from '@seam/verifier';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockAim } from '../../../../packages/engine/src/oracle/clock/aim.ts';
import { dutchAim } from '../../../../packages/engine/src/oracle/dutch/aim.ts';
import { hybridAim } from '../../../../packages/engine/src/oracle/dutch-hybrid/aim.ts';
import { reverseOpenAim } from '../../../../packages/engine/src/oracle/reverse-open/aim.ts';
import { reverseRoundsAim } from '../../../../packages/engine/src/oracle/reverse-rounds/aim.ts';
import { sealedBidAim } from '../../../../packages/engine/src/oracle/sealed-bid/aim.ts';
import { type Aim, play as playMoving } from '../../../../packages/engine/src/oracle/moving/workload.ts';
import { type Entry, plans, play } from '../../../../packages/engine/src/oracle/workload.ts';
import type { JournalEntry } from '../../exchange/types.ts';
import { BUGS, type Bug, type Lines } from './broken-engines.ts';
import { AFTER_BUGS } from './broken-afterwards.ts';
import { FORMAT_BUGS } from './broken-formats.ts';
import { type RecordLine, auctionsOf, recordLine } from './lines.ts';

const SECRET = 'of this test';
type Published = { lines: RecordLine[]; heads: object[]; head: string };

/** What the exchange publishes of each auction that ended, by the same code as the product. */
function records(entries: readonly Entry[]): Published[] {
  const lines = new Map<string, RecordLine[]>();
  for (const { command, events } of entries) {
    const from = { shard: 0, epoch: 1, actor: null, cmdId: null };
    const entry: JournalEntry = { ...from, seq: command.seq, at: command.at, command, events };
    for (const auctionId of auctionsOf(entry)) {
      const line = recordLine(entry, auctionId, SECRET);
      const known = lines.get(auctionId);
      if (line && known) known.push(line);
      else if (line?.events.some((event) => event['type'] === 'auction_scheduled'))
        lines.set(auctionId, [line]);
    }
  }
  return [...lines.values()].filter(hasEnded).map(published);
}

function hasEnded(lines: readonly RecordLine[]): boolean {
  return lines.some(({ events }) =>
    events.some((event) => /^auction_(awarded|unsold|voided)$/.test(String(event['type']))),
  );
}

/** Chained anew: a bug of the engine would be chained as faithfully as the truth. */
function published(lines: RecordLine[]): Published {
  const head = lines.reduce(
    (hash, line) => createHash('sha256').update(hash).update(canonicalJson(line)).digest(),
    Buffer.alloc(32),
  );
  return { lines, heads: [], head: head.toString('hex') };
}

async function everyRecord(history: fc.Arbitrary<Entry[]>, numRuns: number): Promise<number> {
  let checked = 0;
  await fc.assert(
    fc.asyncProperty(history, async (entries) => {
      for (const record of records(entries)) {
        const { problems } = await verifyAuction(record);
        expect(problems.map(({ seq, code, says }) => `${seq} ${code}: ${says}`)).toEqual([]);
        expect(JSON.stringify(record)).not.toMatch(/account-\d|seller/);
        checked += 1;
      }
    }),
    { numRuns, endOnFailure: true },
  );
  return checked;
}

const MOVING: Readonly<Record<string, Aim>> = {
  clock: clockAim,
  dutch: dutchAim,
  dutch_hybrid: hybridAim,
  sealed_bid: sealedBidAim,
  reverse_open: reverseOpenAim,
  reverse_rounds: reverseRoundsAim,
};

describe('the verifier', () => {
  it('agrees with the engine on English auctions of every pricing, margin and proxy', async () => {
    expect(
      await everyRecord(
        plans(250).map((plan) => play(plan)),
        150,
      ),
    ).toBeGreaterThan(100);
  });

  it('agrees with the engine on lots of a catalogue, on standstills and on bidders who wait', async () => {
    const plan = plans(250, { afterClose: true });
    expect(
      await everyRecord(
        plan.map((one) => play(one)),
        100,
      ),
    ).toBeGreaterThan(100);
  });

  for (const [format, aim] of Object.entries(MOVING)) {
    it(`agrees with the engine on ${format}`, async () => {
      expect(
        await everyRecord(
          plans(200).map((plan) => playMoving(plan, aim)),
          60,
        ),
      ).toBeGreaterThan(20);
    });
  }
});

/** Every bug is tried where it can be, and found wherever it is tried. */
async function isCaught(histories: readonly Published[], { falsify }: Bug): Promise<void> {
  let tried = 0;
  for (const record of histories) {
    const lines = structuredClone(record.lines) as unknown as Lines;
    if (!falsify(lines)) continue;
    tried += 1;
    const { valid, problems } = await verifyAuction(published(lines as unknown as RecordLine[]));
    expect(valid, `not caught: ${JSON.stringify(lines)}`).toBe(false);
    expect(problems.map(({ code }) => code)).not.toContain('record_unreadable');
    if (tried >= 5) return;
  }
  expect(tried).toBeGreaterThan(0);
}

describe('a broken engine', () => {
  const histories = fc.sample(plans(120), { numRuns: 120, seed: 11 }).flatMap((plan) => records(play(plan)));

  for (const bug of BUGS) it(`is caught when ${bug.bug}`, () => isCaught(histories, bug));

  describe('after the close', () => {
    const histories = fc
      .sample(plans(200, { afterClose: true }), { numRuns: 100, seed: 11 })
      .flatMap((plan) => records(play(plan)));
    for (const bug of AFTER_BUGS) it(`is caught when ${bug.bug}`, () => isCaught(histories, bug));
  });

  for (const [format, aim] of Object.entries(MOVING)) {
    describe(`of ${format}`, () => {
      const histories = fc
        .sample(plans(200), { numRuns: 60, seed: 11 })
        .flatMap((plan) => records(playMoving(plan, aim)));
      for (const bug of FORMAT_BUGS[format] ?? [])
        it(`is caught when ${bug.bug}`, () => isCaught(histories, bug));
    });
  }
});

describe('a record', () => {
  const [record] = fc.sample(plans(120), { numRuns: 40, seed: 3 }).flatMap((plan) => records(play(plan)));

  it('changed after its head was published is caught', async () => {
    if (!record) throw new Error('no record');
    const heads = [{ seq: record.lines[1]?.seq, lines: 2, hash: 'ab'.repeat(32) }];
    expect((await verifyAuction({ ...record, heads })).problems).toMatchObject([{ code: 'head_differs' }]);
    const lines = record.lines.map((line, i) => (i === 1 ? { ...line, at: line.at + 1 } : line));
    expect((await verifyAuction({ ...record, lines })).problems).toMatchObject([{ code: 'chain_broken' }]);
  });

  it('that is none is invalid, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.anything(),
          fc.json().map((text): unknown => JSON.parse(text)),
        ),
        async (nonsense) => {
          expect((await verifyAuction(nonsense)).valid).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });
});
