import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sequencer } from './sequencer.ts';
import { TokenBucket } from './token-bucket.ts';

describe('the queue', () => {
  it('is first come, first served, never above its limit, whatever is put back', () => {
    const action = fc.oneof(
      fc.constant('offer'),
      fc.constant('take'),
      fc.constant('back'),
      fc.constant('drain'),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), fc.integer({ min: 1, max: 8 }), (actions, limit) => {
        const queue = new Sequencer<number>(limit);
        let model: number[] = [];
        let taken: number[] = [];
        actions.forEach((next, i) => {
          if (next === 'offer') {
            expect(queue.offer(i)).toBe(model.length < limit);
            if (model.length < limit) model.push(i);
          } else if (next === 'take') {
            const first = model.shift();
            expect(queue.take()).toBe(first);
            if (first !== undefined) taken.push(first);
          } else if (next === 'back') {
            queue.putBack(taken);
            model = [...taken, ...model];
            taken = [];
          } else {
            expect(queue.drain()).toEqual(model);
            model = [];
          }
          expect(queue.size).toBe(model.length);
        });
      }),
    );
  });

  it('wakes whoever rests on it: at once when something is there, or was, or comes', async () => {
    const queue = new Sequencer<number>();
    queue.offer(1);
    await queue.rest(1e9);
    queue.take();
    queue.wake();
    await queue.rest(1e9);
    const resting = queue.rest(1e9);
    queue.offer(2);
    await resting;
    queue.take();
    await queue.rest(1);
  });
});

describe('a token bucket', () => {
  it('gives a burst, then its rate, and says how long to wait', () => {
    const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, 0);
    expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([0, 0, 0]);
    expect(bucket.take(0)).toBe(500);
    expect(bucket.take(499)).toBeGreaterThan(0);
    expect(bucket.take(500)).toBe(0);
    expect([1, 2, 3].map(() => bucket.take(1e6))).toEqual([0, 0, 0]);
    expect(bucket.take(1e6)).toBe(500);
  });
});
