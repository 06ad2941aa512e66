/** Events as they are decided one after another, each seeing what those before it led to. */
import { type Lots, lots } from '@seam/units';
import { assert } from '../../assert.ts';
import { compareText } from '../../canonical.ts';
import type { Event } from '../../types.ts';
import { requiredSecurity } from '../security.ts';
import type { MinorText } from '../types.ts';
import { type Awarding, type AwardingChange, awardingAfter, standing } from './state.ts';
import type { AwardLine, AwardState } from './types.ts';

export class Draft {
  readonly events: Event[] = [];
  #awarding: Awarding;

  constructor(awarding: Awarding) {
    this.#awarding = awarding;
  }

  get awarding(): Awarding {
    return this.#awarding;
  }

  tell(event: AwardingChange): void {
    this.events.push(event);
    this.#awarding = awardingAfter(this.#awarding, event);
  }

  /** What ends the auction's memory of its awards: nothing is folded after it. */
  end(event: Extract<Event, { type: 'auction_unsold' | 'auction_voided' | 'auction_completed' }>): void {
    this.events.push(event);
  }

  /** Every unit of security goes back: the auction has no result. */
  releaseAll(): void {
    const { terms, security } = this.#awarding;
    for (const accountId of Object.keys(security).sort(compareText)) {
      const amount = security[accountId] ?? '0';
      this.tell({ type: 'bid_security_released', auctionId: terms.auctionId, accountId, amount });
    }
  }

  /**
   * Security of an account leaves in one step, once nothing of it is open any more: what its contracts
   * need stays for them, what its fallen awards would have needed besides is proposed for forfeiture,
   * and the rest goes back.
   */
  dispose(isDone: (accountId: string) => boolean): void {
    const { terms } = this.#awarding;
    const { auctionId } = terms;
    for (const accountId of Object.keys(this.#awarding.security).sort(compareText)) {
      if (!isDone(accountId)) continue;
      const { released, retained, proposed } = shares(this.#awarding, accountId);
      this.#money({ type: 'bid_security_released', auctionId, accountId }, released);
      this.#money({ type: 'bid_security_retained', auctionId, accountId }, retained);
      this.#money({ type: 'bid_security_forfeit_proposed', auctionId, accountId }, proposed);
    }
  }

  #money(event: Omit<Money, 'amount'>, amount: bigint): void {
    if (amount > 0n) this.tell({ ...event, amount: amount.toString() });
  }
}

type Money = Extract<AwardingChange, { amount: MinorText }>;

/** What is open of an account while its awards are to be confirmed and signed. */
export function isOpen({ awards, waiting }: Awarding, accountId: string): boolean {
  return waiting.some((line) => line.accountId === accountId) || openAwards(awards, accountId).length > 0;
}

export function openAwards(awards: readonly AwardLine[], accountId?: string): readonly AwardLine[] {
  return awards.filter(
    (line) =>
      (line.state === 'pending' || line.state === 'confirmed') &&
      (accountId === undefined || line.accountId === accountId),
  );
}

/** Lots that nobody has and somebody may still get: what was offered, less what stands and what the owner keeps. */
export function freeLots({ terms, awards }: Awarding): Lots {
  const kept = awards.filter((line) => line.state === 'released');
  const gone = [...standing(awards), ...kept].reduce((sum, line) => sum + line.quantity, 0);
  return lots(terms.quantity - gone);
}

function shares(awarding: Awarding, accountId: string) {
  const { terms, penalties, security } = awarding;
  const allocated = BigInt(security[accountId] ?? '0');
  // Without a waiting phase an award is done with as soon as it is final.
  const done: AwardState = terms.waiting ? 'concluded' : 'provisional';
  const concluded = quantityIn(awarding, accountId, [done]);
  const fallen = quantityIn(awarding, accountId, ['declined', 'lapsed']);
  const needed = requiredSecurity(terms, concluded);
  const retained = needed + BigInt(penalties[accountId] ?? '0');
  const proposed = requiredSecurity(terms, lots(concluded + fallen)) - needed;
  const released = allocated - retained - proposed;
  assert(released >= 0n, `awards of ${accountId} need more security than it allocated`);
  return { released, retained, proposed };
}

function quantityIn({ awards }: Awarding, accountId: string, states: readonly AwardState[]): Lots {
  const lines = awards.filter((line) => line.accountId === accountId && states.includes(line.state));
  return lots(lines.reduce((sum, line) => sum + line.quantity, 0));
}
