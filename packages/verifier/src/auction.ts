/**
 * Checks the public record of an ended auction without the exchange: that no line was changed since its
 * heads were published, that no bid came too early, too late or from the owner's side, that the end
 * moved only as the terms allow, and that the award is the one the rules of the format give. Shares no
 * code with the exchange and imports nothing but the small files beside it; runs in Node and in a browser. What it cannot see: refusals
 * that depended on money, and the digests of sealed bids, which cover the bidder's real name.
 */
import {
  type Award,
  type Bid,
  type Fields,
  type Held,
  type Line,
  type Problem,
  type Verdict,
  type Won,
  checkChain,
} from './chain.ts';
import { Bids } from './bids.ts';
import { inProportion } from './share.ts';

export type { Problem, Verdict } from './chain.ts';

/** @param record the document of `GET /v1/auctions/:id/record`, parsed. Never throws: nonsense is invalid. */
export async function verifyAuction(record: unknown): Promise<Verdict> {
  const problems: Problem[] = [];
  const trial = new Trial(problems);
  try {
    const { lines, heads, head } = record as { lines: Line[]; heads: Fields[]; head: string };
    await checkChain(problems, { lines, heads, head });
    for (const line of lines) trial.hear(line);
    trial.judge();
  } catch (error) {
    problems.push({ seq: null, code: 'record_unreadable', says: (error as Error).message });
  }
  return { valid: problems.length === 0, problems, explanation: trial.explanation };
}

const BIDS =
  /^(bid_accepted|maximum_accepted|auto_bid_set|price_accepted|offer_taken|quantity_stated|sealed_bid_accepted|offer_accepted|entry_offer_accepted|turn_offer_made)$/;
const bySeq = (a: Held, b: Held): number => a.seq - b.seq;

class Trial extends Bids {
  readonly explanation: string[] = [];

  hear(line: Line): void {
    this.must(
      line.seq > this.last.seq && line.at >= this.last.at,
      'order_broken',
      'lines go forward in number and time',
    );
    this.last = line;
    for (const event of line.events) {
      if (BIDS.test(event['type'])) this.mayBid(event, line);
      this.frame(event, line);
      this.format(event, line);
    }
    const refused = line.events[0]?.['rejection'];
    if (refused && line.command) this.refusal(refused, line.command);
  }

  judge(): void {
    const { result } = { result: this.result };
    if (!result) return void this.must(false, 'no_end', 'the record has an end');
    if (result['type'] === 'auction_voided') return;
    const bidders = new Set(
      [...this.bids.values(), ...this.sales, ...this.round.values(), ...this.before.values()]
        .filter(({ quantity }) => quantity > 0)
        .map(({ who }) => who),
    );
    const few = bidders.size < (this.terms['minimumBidders'] ?? 1);
    const expected = few ? [] : this.awards();
    const text = ({ who, price, quantity, seq }: Award): string =>
      `${who} ${quantity} lots at ${price} (bid ${seq})`;
    const told: Award[] = (result['awards'] ?? []).map((award: Fields) => ({
      who: award['accountId'],
      price: award['price'],
      quantity: award['quantity'],
      seq: award['bidSeq'],
    }));
    const sorted = (awards: readonly Award[]): string => awards.map(text).sort().join('; ');
    this.must(
      sorted(told) === sorted(expected),
      'award_differs',
      `the rules give: ${sorted(expected) || 'nothing sold'}; the record says: ${sorted(told) || 'nothing sold'}`,
    );
    const sold = told.reduce((sum, { quantity }) => sum + quantity, 0);
    this.must(sold <= this.terms['quantity'], 'oversold', 'no more is sold than offered');
    if (result['type'] === 'auction_awarded')
      this.must(
        sold + result['unsold'] === this.terms['quantity'],
        'unsold_differs',
        'sold and unsold are what was offered',
      );
    for (const award of expected) this.explanation.push(text(award));
  }

  protected awards(): readonly Award[] {
    const { format, pricing, direction, reservePrice, startingPrice } = this.terms;
    if (format === 'clock') return this.clock();
    if (format === 'dutch')
      return pricing === 'uniform_last'
        ? this.sales.map((sale) => ({ ...sale, price: this.sales.at(-1)!.price }))
        : this.sales;
    if (format === 'dutch_hybrid') {
      const offers = [...this.sales, ...(this.lastWord ? [this.lastWord] : []), ...this.bids.values()];
      const best = offers.sort((a, b) => b.price - a.price || a.seq - b.seq)[0];
      return best
        ? [{ who: best.who, price: best.price, quantity: this.terms['quantity'], seq: best.seq }]
        : [];
    }
    const buys = format.startsWith('reverse') || direction === 'buy';
    const base: number = reservePrice ?? (buys ? Infinity : format === 'english' ? startingPrice : 0);
    const served = this.serve(buys ? (bid) => bid.price <= base : () => true).filter(
      (bid) => buys || bid.price >= base,
    );
    const winners = served.filter(({ won }) => won > 0);
    const each = (price: (bid: Won) => number): Award[] =>
      winners.map((bid) => ({ who: bid.who, price: price(bid), quantity: bid.won, seq: bid.seq }));
    if (this.terms['proxy'] === 'threshold') return each((bid) => Math.max(base, this.threshold(bid)));
    if (pricing === 'pay_as_bid' || !pricing) return each(({ price }) => price);
    if (buys) return each(() => Math.max(...winners.map(({ price }) => price)));
    const lowest = Math.min(...winners.map(({ price }) => price));
    const unserved = served.filter(({ won, quantity }) => won < quantity).map(({ price }) => price);
    if (unserved.length === 0) return each(() => reservePrice ?? startingPrice);
    return each(() =>
      pricing === 'uniform' ? lowest : Math.max(base, Math.min(lowest, Math.max(...unserved))),
    );
  }

  /**
   * The least price at which the bid would keep what it wins, the others staying at their maxima; or, by the
   * other rule, one increment above the first rival behind it that would leave it less.
   */
  protected threshold(bid: Won): number {
    const base: number = this.terms['startingPrice'];
    if (this.terms['proxyLead'] === 'increment') {
      const order = this.serve();
      const place = order.findIndex(({ who }) => who === bid.who);
      let left = order
        .slice(0, place)
        .reduce((rest, { won }) => rest - won, this.terms['quantity'] as number);
      for (const rival of order.slice(place + 1)) {
        if (Math.min(rival.quantity, left) >= rival.least) left -= Math.min(rival.quantity, left);
        if (left < bid.won)
          return Math.max(base, Math.min(bid.price, rival.price + this.increment(rival.price)));
      }
      return base;
    }
    const rivals = [...this.bids.values()].filter(({ who }) => who !== bid.who);
    const keeps = (price: number): boolean => {
      const seq = bid.since.find((held) => held.price >= price)?.seq ?? Infinity;
      const served = this.serve(undefined, [...rivals, { ...bid, price, seq }]);
      return served.find(({ who }) => who === bid.who)!.won >= bid.won;
    };
    const candidates = [base, ...rivals.flatMap(({ price }) => [price, price + 1])];
    const fitting = candidates.filter((price) => price >= base && price <= bid.price).sort((a, b) => a - b);
    return fitting.find(keeps) ?? bid.price;
  }

  protected clock(): readonly Award[] {
    const { quantity, marginRule } = this.terms;
    const price = (round: number): number =>
      Array.from(
        { length: round - 1 },
        (_, i) => this.terms['priceIncrements'][i] ?? this.terms['priceIncrements'].at(-1),
      ).reduce((sum, more) => sum + more, this.terms['startingPrice']);
    const now = [...this.round.values()];
    const demand = now.reduce((sum, one) => sum + one.quantity, 0);
    const share = (claims: readonly Bid[], rest: number): number[] =>
      marginRule === 'pro_rata'
        ? inProportion(
            claims.map((claim) => ({ ...claim, least: 0 })),
            rest,
          )
        : claims.map(
            (claim) => [Math.min(claim.quantity, rest), (rest -= Math.min(claim.quantity, rest))][0]!,
          );
    const awards = (of: readonly Bid[], won: readonly number[], at: number): Award[] =>
      of.flatMap(({ who, seq }, i) => (won[i] ? [{ who, price: at, quantity: won[i], seq }] : []));
    const round = this.roundNumber;
    if (demand > quantity) return awards(now, share(now, quantity), price(round));
    if (round === 1 || BigInt(price(round)) * BigInt(demand) > BigInt(price(round - 1)) * BigInt(quantity))
      return awards(
        now,
        now.map((one) => one.quantity),
        price(round),
      );
    const before = [...this.before.values()].sort(bySeq);
    const kept = before.map(({ who }) => this.round.get(who)?.quantity ?? 0);
    const extra = share(
      before.map((one, i) => ({ ...one, quantity: one.quantity - kept[i]! })),
      quantity - demand,
    );
    return awards(
      before,
      kept.map((lots, i) => lots + (extra[i] ?? 0)),
      price(round - 1),
    );
  }
}
