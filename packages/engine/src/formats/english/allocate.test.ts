import { lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { type Bid, allocate } from './allocate.ts';

/** Quantities here are tonnes on a 50 t grid, written as lots of 50 t. */
const LOT = 50;

type Line = readonly [accountId: string, price: number, tonnes: number, seq: number, minimum?: number];

function bids(...lines: readonly Line[]): Bid[] {
  return lines.map(([accountId, price, tonnes, seq, minimum = 0]) => ({
    accountId,
    price: ticks(price),
    quantity: lots(tonnes / LOT),
    minimumAcceptable: lots(minimum / LOT),
    seq,
  }));
}

function won(all: readonly Bid[], tonnes: number) {
  const { standing, unallocated, marginalPrice } = allocate(all, lots(tonnes / LOT));
  const winners = standing.filter((line) => line.allocated > 0);
  return {
    awards: winners.map((line) => [line.accountId, line.allocated * LOT, line.price]),
    left: unallocated * LOT,
    marginalPrice,
    revenue: winners.reduce((sum, line) => sum + line.allocated * LOT * line.price, 0),
  };
}

const yankee = bids(
  ['B1', 1310, 4000, 11],
  ['B2', 1345, 2500, 12],
  ['B3', 1310, 6000, 15],
  ['B4', 1290, 3000, 9],
  ['B5', 1310, 4000, 10],
);

describe('allocation', () => {
  it('ranks price, then larger quantity, then earlier bid, and serves the last in part', () => {
    expect(won(yankee, 14_000)).toEqual({
      awards: [
        ['B2', 2500, 1345],
        ['B3', 6000, 1310],
        ['B5', 4000, 1310],
        ['B1', 1500, 1310],
      ],
      left: 0,
      marginalPrice: 1310,
      revenue: 18_427_500,
    });
  });

  it('leaves the next price out when the quantity is exactly used up', () => {
    const { awards, left, marginalPrice } = won(yankee, 16_500);
    expect(awards.map(([id, tonnes]) => [id, tonnes])).toEqual([
      ['B2', 2500],
      ['B3', 6000],
      ['B5', 4000],
      ['B1', 4000],
    ]);
    expect([left, marginalPrice]).toEqual([0, 1310]);
  });

  it('has no marginal price while something is unsold', () => {
    const { awards, left, marginalPrice } = won(yankee, 20_000);
    expect(awards.at(-1)).toEqual(['B4', 3000, 1290]);
    expect([left, marginalPrice]).toEqual([500, null]);
  });

  it('skips a bid that would get less than it accepts and serves the next', () => {
    const all = bids(['B1', 1310, 6000, 1], ['B2', 1300, 5000, 2, 5000], ['B3', 1290, 3000, 3]);
    const { awards, left } = won(all, 10_000);
    expect(awards).toEqual([
      ['B1', 6000, 1310],
      ['B3', 3000, 1290],
    ]);
    expect(left).toBe(1000);
  });

  it('serves a partial quantity that is just what the bidder accepts', () => {
    const all = bids(['B1', 1310, 6000, 1], ['B2', 1300, 5000, 2, 4000]);
    expect(won(all, 10_000).awards.at(-1)).toEqual(['B2', 4000, 1300]);
  });

  it('ranks losers too and does not reorder what it was given', () => {
    const before = [...yankee];
    expect(allocate(yankee, lots(50)).standing.map((line, place) => [place + 1, line.accountId])).toEqual([
      [1, 'B2'],
      [2, 'B3'],
      [3, 'B5'],
      [4, 'B1'],
      [5, 'B4'],
    ]);
    expect(yankee).toEqual(before);
  });
});
