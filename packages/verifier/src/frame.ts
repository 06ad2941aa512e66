/** The life of an auction on trial: its order, its time, its end, and who may bid at all. */
import type { Fields, Line, Problem } from './chain.ts';

export abstract class Frame {
  protected readonly problems: Problem[];

  protected terms: Fields = {};

  protected state = 'none';

  protected end = 0;

  protected hardEnd = Infinity;

  protected extensions = 0;

  protected last = { seq: 0, at: 0 };

  protected readonly barred = new Set<string>();

  protected result: Fields | null = null;

  constructor(problems: Problem[]) {
    this.problems = problems;
  }

  protected must(holds: boolean, code: string, says: string): void {
    if (!holds) this.problems.push({ seq: this.last.seq, code, says });
  }

  protected frame(event: Fields, { at }: Line): void {
    const { softClose } = this.terms;
    switch (event['type']) {
      case 'auction_scheduled':
        this.must(this.state === 'none', 'scheduled_twice', 'an auction is scheduled once');
        this.terms = event['terms'];
        this.end = this.terms['closesAt'];
        this.hardEnd = this.terms['softClose'].hardEndAt ?? Infinity;
        for (const who of [this.terms['ownerId'], ...(this.terms['excludedIds'] ?? [])]) this.barred.add(who);
        this.state = 'scheduled';
        return;
      case 'auction_opened':
        this.must(
          this.state === 'scheduled' && at >= this.terms['opensAt'],
          'opened_early',
          'an auction opens once and not before its time',
        );
        this.state = 'open';
        return;
      case 'auction_extended':
        this.extensions += 1;
        this.must(
          event['closesAt'] > this.end &&
            event['closesAt'] <= this.hardEnd &&
            this.extensions <= softClose.extensionsMax,
          'extension_wrong',
          'an extension moves the end later, within its bounds',
        );
        this.end = event['closesAt'];
        return;
      case 'auction_shortened':
        this.end = event['closesAt'];
        return;
      case 'auction_extended_for_outage':
        this.must(
          event['closesAt'] - this.end >= Math.min(900_000, this.terms['closesAt'] - this.terms['opensAt']),
          'outage_wrong',
          'an outage gives at least a quarter of an hour, or the whole planned length of a shorter auction',
        );
        [this.end, this.hardEnd] = [event['closesAt'], event['hardEndAt']];
        return;
      case 'auction_suspended':
        this.must(this.state === 'open', 'suspension_wrong', 'only an open auction is suspended');
        this.state = 'suspended';
        return;
      case 'auction_resumed':
        this.must(
          this.state === 'suspended' && event['closesAt'] - at >= 300_000,
          'resumption_wrong',
          'five minutes remain after a pause',
        );
        [this.state, this.end, this.hardEnd] = ['open', event['closesAt'], event['hardEndAt']];
        return;
      case 'bidder_excluded':
        this.barred.add(event['accountId']);
        return;
      case 'auction_awarded':
      case 'auction_unsold':
      case 'auction_voided':
        this.must(this.result === null, 'ended_twice', 'an auction ends once');
        if (event['type'] !== 'auction_voided')
          this.must(
            at >= this.end && this.state === 'open',
            'closed_early',
            'no auction closes before its end',
          );
        [this.result, this.state] = [event, 'ended'];
    }
  }

  protected mayBid({ accountId }: Fields, { at }: Line): void {
    this.must(this.state === 'open', 'bid_while_closed', 'bids are taken only while the auction is open');
    this.must(at < this.end, 'bid_late', 'a bid at the end or after it is late');
    this.must(!this.barred.has(accountId), 'bid_barred', 'the owner and its group do not bid');
  }
}
