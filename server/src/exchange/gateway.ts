/** The one door for commands: finds the shard of a market and waits for the journal's answer. */
import { hash } from 'node:crypto';
import type { CommandBody } from '@seam/engine';
import type { Outcome, Submission } from './types.ts';

export type Gateway = {
  /**
   * Resolves when the outcome is in the journal, or with a refusal that says when to try again.
   * The same `(actor, cmdId)` gives the same outcome for ever.
   * @throws RangeError or TypeError on a submission that no journal can hold: the caller's bug.
   */
  submit(submission: Submission): Promise<Outcome>;
};

type Host = { submit(submission: Submission): Promise<Outcome> };

export function createGateway(hosts: readonly Host[]): Gateway {
  return {
    async submit(submission) {
      const host = hosts[shardIndex(marketOf(submission.body), hosts.length)];
      if (!host) throw new RangeError('no shards');
      return host.submit(submission);
    },
  };
}

/** The auction or instrument a command is about: everything that competes for one price is in one shard. */
function marketOf(body: CommandBody): string {
  if (body.type === 'schedule_auction') return body.terms.auctionId;
  if (body.type === 'list_instrument') return body.terms.instrumentId;
  return 'instrumentId' in body ? body.instrumentId : body.auctionId;
}

/** Index of a market's shard among `count`. Never changes: its command ids live in that shard. */
export function shardIndex(market: string, count: number): number {
  return hash('sha256', market, 'buffer').readUInt32BE(0) % count;
}
