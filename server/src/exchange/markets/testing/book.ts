/** An order book for tests: the real rules, entries as the journal would give them, time under control. */
import {
  type CommandBody,
  type EngineState,
  type Event,
  type InstrumentTerms,
  createState,
  dueTimers,
  step,
} from '@seam/engine';
import { instant, ticks } from '@seam/units';
import type { JournalEntry } from '../../types.ts';

export const ORIGIN = 1_700_000_000_000;
export const INSTRUMENT = 'q5500-jan';

/** Ticks of 1.00, lots of 50 t, around 800.00; continuous from second 1 on for an hour. */
export function instrument(change: Partial<InstrumentTerms> = {}): InstrumentTerms {
  return {
    instrumentId: INSTRUMENT,
    gradeId: 'Q5500',
    specificationId: 'Q5500-1',
    deliveryTerm: 'fob',
    deliveryPlace: 'Qinhuangdao',
    deliveryPeriod: '2027-01',
    currency: 'CNY',
    tickSize: '100',
    lotSize: '50000',
    referencePrice: ticks(800),
    collar: { hardBasisPoints: 1_000, softBasisPoints: 500 },
    maximumOrderNotional: '100000000000',
    volatility: { basisPoints: 10_000, windowMs: 300_000, callMs: 60_000 },
    reopeningCallMs: 60_000,
    session: [
      { phase: 'continuous', startsAt: instant(ORIGIN + 1_000) },
      { phase: 'closed', startsAt: instant(ORIGIN + 3_600_000) },
    ],
    rulesVersion: 1,
    ...change,
  };
}

export class TestBook {
  readonly state: EngineState = createState();
  readonly entries: JournalEntry[] = [];
  readonly #onEntry: (entry: JournalEntry) => void;
  #ms = 0;

  /** Listed, open, with `accounts` admitted through escrow and rich. */
  constructor(
    accounts: readonly string[],
    options: { onEntry?: (entry: JournalEntry) => void; terms?: InstrumentTerms } = {},
  ) {
    this.#onEntry = options.onEntry ?? (() => {});
    this.send({ type: 'list_instrument', terms: options.terms ?? instrument() });
    for (const accountId of accounts) {
      const to = { instrumentId: INSTRUMENT, accountId };
      this.send({
        type: 'admit_account',
        ...to,
        ownerGroup: `group of ${accountId}`,
        settlementClass: 'escrow',
      });
      this.send({ type: 'allocate_exposure', ...to, amount: '900000000000000' });
    }
    this.pass(1_000);
  }

  /** Time goes on, and what is due happens. */
  pass(ms: number): void {
    this.#ms += ms;
    const now = instant(ORIGIN + this.#ms);
    for (let [timer] = dueTimers(this.state, now); timer; [timer] = dueTimers(this.state, now))
      this.send(timer);
  }

  send(body: CommandBody, from: { actor: string; cmdId: string } | null = null): readonly Event[] {
    const seq = this.state.seq + 1;
    const at = instant(Math.max(this.state.lastAt, ORIGIN + this.#ms));
    const command = { ...body, seq, at };
    const events = step(this.state, command);
    const { actor = null, cmdId = null } = from ?? {};
    const entry: JournalEntry = { shard: 0, seq, epoch: 1, at, actor, cmdId, command, events };
    this.entries.push(entry);
    this.#onEntry(entry);
    return events;
  }
}
