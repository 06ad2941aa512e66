/** The market in figures, and what its call would end with if it ended now. */
import { clearing } from '@seam/engine/book';
import type { MarketStatus } from '@seam/protocol';
import { divideHalfEven, formatMoney } from '@seam/units';
import { gridOf, massText, priceText } from '../grid.ts';
import type { LiveMarket } from './live-market.ts';

/** Phases in which orders are collected towards one price. */
const COLLECTS: ReadonlySet<string> = new Set(['pre_open', 'call', 'pre_close']);

export function statusOf(market: LiveMarket): MarketStatus {
  const { terms, tape, buys, sells } = market;
  const price = (value: number | null): string | null => (value === null ? null : priceText(terms, value));
  const { tickSize } = gridOf(terms);
  return {
    phase: market.phase,
    until: market.until === null ? null : new Date(market.until).toISOString(),
    mode: market.mode,
    reason: market.reason,
    referencePrice: priceText(terms, market.referencePrice),
    priceMinimum: priceText(terms, market.priceMinimum),
    priceMaximum: priceText(terms, market.priceMaximum),
    bestBuy: price(buys.best()),
    bestSell: price(sells.best()),
    last: price(tape.last),
    open: price(tape.open),
    high: price(tape.high),
    low: price(tape.low),
    volume: massText(terms, tape.volume),
    vwap: tape.volume === 0 ? null : formatMoney(divideHalfEven(tape.value * tickSize, BigInt(tape.volume))),
    indicative: COLLECTS.has(market.phase) ? indicativeOf(market) : null,
  };
}

function indicativeOf({ terms, buys, sells, referencePrice }: LiveMarket): MarketStatus['indicative'] {
  const side = (levels: typeof buys) => levels.all().map(([price, { quantity }]) => ({ price, quantity }));
  const found = clearing(side(buys), side(sells), referencePrice);
  if (!found) return { price: null, volume: massText(terms, 0), surplus: massText(terms, 0), rule: 'none' };
  const { price, volume, surplus, rule } = found;
  return {
    price: priceText(terms, price),
    volume: massText(terms, volume),
    surplus: massText(terms, surplus),
    rule,
  };
}
