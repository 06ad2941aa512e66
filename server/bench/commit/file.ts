/**
 * The floor: the same hash-chained lines into a file of one's own, one write and one fdatasync for all
 * that came meanwhile. No rules, no ids, no reader, no fence.
 */
import fs from 'node:fs/promises';
import { GENESIS, chainHash } from '../../src/exchange/chain.ts';
import { canonicalJson } from '../../src/exchange/canonical.ts';
import type { Submission } from '../../src/exchange/types.ts';

const BATCH_MAX = 1_000;

export type FileJournal = { append(submission: Submission): Promise<void>; stop(): Promise<void> };

export async function openFileJournal(file: string): Promise<FileJournal> {
  const handle = await fs.open(file, 'a');
  let waiting: { submission: Submission; done: () => void }[] = [];
  let hash = GENESIS;
  let seq = 0;
  let writing = false;
  const write = async (): Promise<void> => {
    writing = true;
    // Like the exchange: what came together is written together.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_MAX);
      waiting = waiting.slice(BATCH_MAX);
      const lines: string[] = [];
      for (const { submission } of batch) {
        seq += 1;
        const { actor, cmdId, body } = submission;
        const line = canonicalJson({
          actor,
          cmd: body,
          cmd_id: cmdId,
          engine_ver: 'auction-1.1',
          epoch: 1,
          events: [{ ...body, type: 'bid_accepted', allocated: 100, rank: 1, marginalPrice: 800 }],
          seq,
          shard: 0,
          ts: Date.now(),
        });
        hash = chainHash(hash, line);
        lines.push(`${hash} ${line}\n`);
      }
      await handle.write(lines.join(''));
      await handle.datasync();
      for (const { done } of batch) done();
      await new Promise((resolve) => setImmediate(resolve));
    }
    writing = false;
  };
  return {
    async append(submission) {
      const done = new Promise<void>((resolve) => waiting.push({ submission, done: resolve }));
      if (!writing) void write();
      await done;
    },
    stop: () => handle.close(),
  };
}
