/**
 * The recorded answers of the rule book for the formats that move by themselves. The same numbers
 * stand in the tests of each format; here they are read from the file they were computed into.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { hybridDurationMs, hybridPriceAtStep, hybridStepCount } from '../../formats/dutch-hybrid/phases.ts';
import { PROZORRO_HYBRID } from '../../formats/dutch-hybrid/presets.ts';
import type { DutchHybridTerms } from '../../formats/dutch-hybrid/types.ts';
import { at } from '../market.ts';
import { common, opened, runTo, sendAt } from './market.ts';

const file = join(process.env['SEAM_SHARED'] ?? '../shared', 'domain/vectors.json');
type Vectors = Record<'A6_clock' | 'A7_dutch' | 'A8_dutch_multi', Record<string, unknown>>;
const vectors = (): Vectors => JSON.parse(readFileSync(file, 'utf8')) as Vectors;

describe.skipIf(!existsSync(file))('the vectors of SEAM_SHARED (skipped where they are absent)', () => {
  it('A6_clock: three rounds of X, Y and Z', () => {
    const market = opened({
      ...common(3_000),
      quantity: lots(100),
      startingPrice: ticks(1_200),
      format: 'clock',
      pricing: 'uniform',
      priceIncrements: [ticks(20)],
      roundMs: 1_000,
      roundsMax: 3,
      demandVisible: true,
      marginRule: 'time',
    });
    const rounds = [
      [60, 50, 40],
      [60, 50, 10],
      [60, 30, 0],
    ];
    for (const [index, wants] of rounds.entries()) {
      for (const [bidder, quantity] of wants.entries()) {
        const command = { type: 'state_quantity', auctionId: 'a', round: index + 1 } as const;
        const accountId = 'XYZ'.charAt(bidder);
        sendAt(market, index * 1_000, { ...command, accountId, quantity: lots(quantity) });
      }
    }
    const awards = runTo(market, 3_000).flatMap((e) => (e.type === 'auction_awarded' ? e.awards : []));
    const won = (accountId: string) => awards.find((line) => line.accountId === accountId)?.quantity ?? 0;
    const price = awards[0]?.price ?? 0;
    const { result, rev_prev: revenueBefore, rev_last: revenueLast } = vectors().A6_clock;
    expect(`(${price}, {'X': ${won('X')}, 'Y': ${won('Y')}, 'Z': ${won('Z')}})`).toBe(result);
    expect([price * 100, (price + 20) * 90]).toEqual([revenueBefore, revenueLast]);
  });

  it('A7_dutch: the stages of the hybrid preset', () => {
    const terms = { ...common(1), startingPrice: ticks(1_000_000), ...PROZORRO_HYBRID } as DutchHybridTerms;
    const stages = hybridStepCount(terms);
    const dutchMs = hybridDurationMs(terms) - 30_000 - 950_000;
    expect({
      stages,
      first: String(hybridPriceAtStep(terms, 0)),
      last: String(hybridPriceAtStep(terms, stages - 1)),
      step_seconds: dutchMs / stages / 1_000,
    }).toEqual(vectors().A7_dutch);
  });

  it('A8_dutch_multi: three acceptances of a multi-unit lot', () => {
    const { fills, left, uniform_last: last, pab_revenue: revenue } = vectors().A8_dutch_multi;
    const paid = sold('pay_as_accepted');
    expect(paid.fills).toEqual(fills);
    expect(paid.unsold).toBe(left);
    expect(paid.fills.reduce((sum, [, quantity, price]) => sum + quantity * price, 0)).toBe(revenue);
    expect(new Set(sold('uniform_last').fills.map(([, , price]) => price))).toEqual(new Set([last]));
  });
});

function sold(pricing: 'pay_as_accepted' | 'uniform_last') {
  const market = opened({
    ...common(16_000),
    quantity: lots(8_000),
    lotSize: '1000',
    format: 'dutch',
    pricing,
    floorPrice: ticks(1_250),
    priceDecrement: ticks(10),
    stepMs: 1_000,
  });
  for (const [accountId, quantity, step] of [
    ['D1', 3_000, 3],
    ['D2', 4_000, 5],
    ['D3', 2_000, 5],
  ] as const) {
    const lot = { auctionId: 'a', quantity: lots(quantity), minimumAcceptable: lots(0) };
    const price = ticks(1_400 - 10 * step);
    sendAt(market, step * 1_000, { type: 'accept_price', accountId, step, price, ...lot });
  }
  expect(market.auction().closesAt).toBe(at(5_000));
  const ended = runTo(market, 16_000).find((event) => event.type === 'auction_awarded');
  const awards = ended?.type === 'auction_awarded' ? ended.awards : [];
  const fills = awards.map((line) => [line.accountId, line.quantity, line.price] as const);
  return { fills, unsold: ended?.type === 'auction_awarded' ? ended.unsold : null };
}
