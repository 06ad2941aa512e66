import { DISPUTE_STATES } from '@seam/protocol';
import { describe, expect, it } from 'vitest';
import { TIME_BOXES, disputeLifecycle, isOver, moveDispute } from './lifecycle.ts';
import { appealHelped, feeOf, losers, outcomeOf, rangeOf } from './rules.ts';

const yuan = (amount: number) => BigInt(Math.round(amount * 100));

describe('the life of a dispute', () => {
  it('goes from filing to a decision, and over an appeal to its end', () => {
    expect(moveDispute('filed', 'admit')).toBe('evidence');
    expect(moveDispute('evidence', 'close_evidence')).toBe('decision');
    expect(moveDispute('decision', 'decide_partly')).toBe('partly');
    expect(moveDispute('partly', 'appeal')).toBe('appealed');
    expect(moveDispute('appealed', 'finish')).toBe('final');
  });

  it('is withdrawn until it is decided, and ended by agreement until it is final', () => {
    const which = (move: 'withdraw' | 'agree') =>
      DISPUTE_STATES.filter((state) => moveDispute(state, move) !== undefined);
    expect(which('withdraw')).toEqual(['filed', 'evidence', 'decision']);
    expect(which('agree')).toEqual(DISPUTE_STATES.filter((state) => !isOver(state)));
  });

  it('takes one appeal, and decides nothing twice', () => {
    expect(moveDispute('appealed', 'appeal')).toBeUndefined();
    expect(moveDispute('declined', 'satisfy')).toBeUndefined();
    for (const over of ['final', 'agreed', 'withdrawn', 'rejected'] as const)
      expect(disputeLifecycle[over]).toEqual({});
  });

  it('has no state from which nobody can act, and a deadline in each that lasts', () => {
    for (const state of DISPUTE_STATES) {
      const box = TIME_BOXES[state];
      expect(box === null, state).toBe(isOver(state));
      if (!box) continue;
      const byTime = box.byTime && moveDispute(state, box.byTime);
      const byCentre = state === 'decision' || state === 'appealed';
      expect(byCentre || typeof byTime === 'string', state).toBe(true);
    }
  });
});

describe('what is disputed', () => {
  const result = { computed: yuan(60_000), byContract: yuan(60_000) };

  it('lies between the result and the claim', () => {
    expect(rangeOf({ ...result, side: 'buyer', claimed: yuan(50_000) })).toEqual({
      low: yuan(50_000),
      high: yuan(60_000),
    });
    expect(rangeOf({ ...result, side: 'seller', claimed: yuan(61_000) })).toEqual({
      low: yuan(60_000),
      high: yuan(61_000),
    });
  });

  it('is nothing where a claim asks for what the result gives, or for less', () => {
    expect(rangeOf({ ...result, side: 'buyer', claimed: yuan(60_000) })).toBeUndefined();
    expect(rangeOf({ ...result, side: 'buyer', claimed: yuan(60_000.01) })).toBeUndefined();
    expect(rangeOf({ ...result, side: 'seller', claimed: yuan(59_000) })).toBeUndefined();
  });

  it('without a result lies against the price of the contract, or against nothing', () => {
    const open = { computed: null, byContract: yuan(57_000) };
    expect(rangeOf({ ...open, side: 'buyer', claimed: 0n })).toEqual({ low: 0n, high: yuan(57_000) });
    expect(rangeOf({ ...open, side: 'seller', claimed: yuan(40_000) })).toEqual({
      low: 0n,
      high: yuan(40_000),
    });
  });

  it('costs half a per cent between 100 and 10,000, and twice that to appeal', () => {
    const fee = (of: number, instance: 'filing' | 'appeal' = 'filing') =>
      feeOf({ low: 0n, high: yuan(of) }, instance);
    expect(fee(5000)).toBe(yuan(100));
    expect(fee(100_000)).toBe(yuan(500));
    expect(fee(100_000, 'appeal')).toBe(yuan(1000));
    expect(fee(9_000_000)).toBe(yuan(10_000));
  });
});

describe('an outcome', () => {
  const range = { low: yuan(50_000), high: yuan(60_000) };
  const of = (amount: number, compensation = 0, owedBy: 'buyer' | 'seller' | null = null) => ({
    amount: yuan(amount),
    compensation: yuan(compensation),
    owedBy,
  });
  const forBuyer = (verdict: ReturnType<typeof of>) => outcomeOf('buyer', range.low, range, verdict);

  it('is all, a part or nothing of what was claimed', () => {
    expect(forBuyer(of(50_000))).toBe('satisfied');
    expect(forBuyer(of(55_000))).toBe('partly');
    expect(forBuyer(of(60_000))).toBe('declined');
    expect(outcomeOf('seller', range.high, range, of(60_000))).toBe('satisfied');
    expect(outcomeOf('seller', range.high, range, of(50_000))).toBe('declined');
  });

  it('counts a compensation for and against', () => {
    expect(forBuyer(of(60_000, 10, 'seller'))).toBe('partly');
    expect(forBuyer(of(50_000, 10, 'buyer'))).toBe('partly');
    expect(forBuyer(of(60_000, 10, 'buyer'))).toBe('declined');
  });

  it('is appealed by whoever did not get all', () => {
    expect(losers('satisfied', 'buyer')).toEqual(['seller']);
    expect(losers('declined', 'buyer')).toEqual(['buyer']);
    expect(losers('partly', 'seller')).toEqual(['buyer', 'seller']);
    expect(losers('evidence', 'buyer')).toEqual([]);
  });

  it('helps an appeal where it moves towards whoever appealed', () => {
    expect(appealHelped('buyer', of(60_000), of(59_999.99))).toBe(true);
    expect(appealHelped('buyer', of(60_000), of(60_000))).toBe(false);
    expect(appealHelped('seller', of(50_000), of(50_000, 1, 'buyer'))).toBe(true);
    expect(appealHelped('seller', of(55_000), of(54_000))).toBe(false);
  });
});
