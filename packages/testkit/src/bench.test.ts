import { describe, expect, it } from 'vitest';
import { type Side, compare, growth } from './bench.ts';

const giving = (name: string, values: number[], log: string[] = []): Side => ({
  name,
  run: () => {
    log.push(name);
    return values.shift()!;
  },
});

describe('compare', () => {
  it('takes the ratio inside each round, not of the medians', async () => {
    const subject = giving('ours', [100, 300, 40]);
    const peer = giving('theirs', [10, 100, 5]);
    const { ratios, sides } = await compare({ bench: 'b', unit: '/s', subject, peers: [peer], rounds: 3 });
    expect(ratios['theirs']).toEqual({ median: 8, min: 3, max: 10 });
    expect(sides['ours']).toEqual({ median: 100, min: 40, max: 300, rounds: [100, 300, 40] });
  });

  it('turns the ratio over where less is better', async () => {
    const options = { bench: 'b', unit: 'ms', rounds: 1, better: 'less' } as const;
    const { ratios } = await compare({
      ...options,
      subject: giving('ours', [2]),
      peers: [giving('theirs', [60])],
    });
    expect(ratios['theirs']?.median).toBe(30);
  });

  it('lets the sides take turns, another one first in each round', async () => {
    const log: string[] = [];
    const [a, b] = [giving('a', [1, 1], log), giving('b', [1, 1], log)];
    await compare({ bench: 'b', unit: '/s', subject: a, peers: [b], rounds: 2 });
    expect(log).toEqual(['a', 'b', 'b', 'a']);
  });

  it('refuses a side that measured nothing', async () => {
    const options = { bench: 'b', unit: '/s', peers: [] };
    for (const value of [0, Number.NaN, Infinity]) {
      await expect(compare({ ...options, subject: giving('ours', [value]) })).rejects.toThrow(
        'ours measured',
      );
    }
  });
});

describe('growth', () => {
  it('is the exponent of cost against size', () => {
    const law = (exponent: number) => [1, 10, 100].map((size) => ({ size, cost: 3 * size ** exponent }));
    for (const exponent of [0, 0.5, 1, 2]) expect(growth(law(exponent))).toBeCloseTo(exponent, 10);
  });

  it('needs two sizes', () => {
    expect(() => growth([{ size: 5, cost: 1 }])).toThrow(RangeError);
  });
});
