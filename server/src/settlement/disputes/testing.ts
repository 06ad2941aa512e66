/** A dispute on the desk of the settlement's tests: its commands by anybody, and its deadlines. */
import type { Answer, Desk, Trade } from '../trade/testing.ts';

export const POST = 'POST';
export const REASONS = 'The tickets and the reserve sample agree with each other.';

export class Case {
  readonly desk: Desk;
  readonly trade: Trade;
  readonly id: string;

  constructor(desk: Desk, trade: Trade, id: string) {
    this.desk = desk;
    this.trade = trade;
    this.id = id;
  }

  /** Of a delivery of 100 t that came to 60,000.00: the buyer says 50,000.00. The seller has free money, too. */
  static async filed(desk: Desk, trade: Trade, amount = '50000.00'): Promise<Case> {
    const { body } = await desk.dispute(trade, trade.buyer, amount);
    return new Case(desk, trade, body.id);
  }

  async call(as: string, path: string, body: object = {}): Promise<Answer> {
    const url = as.startsWith('staff') ? `/v1/staff/disputes/${this.id}` : `/v1/disputes/${this.id}`;
    return this.desk.call(as, POST, `${url}/${path}`, body);
  }

  async view(as = this.trade.buyer): Promise<Answer['body']> {
    return (await this.desk.call(as, 'GET', `/v1/disputes/${this.id}`)).body;
  }

  /** Heard, and both sides have said all. */
  async heard(): Promise<this> {
    await this.call('staff1', 'admission');
    for (const side of [this.trade.buyer, this.trade.seller]) await this.call(side, 'evidence-end');
    return this;
  }

  /** By two persons of the centre. */
  async decided(amount: string, by: readonly [string, string] = ['staff1', 'staff2'], more: object = {}) {
    const made = await this.call(by[0], 'proposals', { amount, reasons: REASONS, ...more });
    return this.call(by[1], 'confirmation', { proposal: made.body.proposal?.number ?? 1 });
  }

  /** Its time is over, as a server finds it that starts after that. */
  async deadline(): Promise<string[]> {
    await this.desk.db.sql`update outbox set not_before = now()
      where topic = 'dispute.deadline' and payload ->> 'disputeId' = ${this.id} and done_at is null`;
    return this.desk.work();
  }

  /** What became of its holds: filing first, then the appeal. */
  async fees(): Promise<string[]> {
    const rows = await this.desk.db.sql<{ state: string }[]>`
      select state from ledger_hold where hold_key in (select t.key from ledger_transfer t
        where t.effect_key in (${`dispute-fee.${this.id}`}, ${`dispute-appeal-fee.${this.id}`})) order by held_at`;
    return rows.map(({ state }) => state);
  }
}
