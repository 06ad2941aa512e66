/** The bids on trial, format by format: each against the rules as they stood when it came. */
import { type Award, type Bid, type Fields, type Line, type Won } from './chain.ts';
import { Frame } from './frame.ts';
import { compare, inProportion } from './share.ts';

export abstract class Bids extends Frame {
  protected readonly bids = new Map<string, Bid>();

  protected readonly instructions = new Map<string, number>();

  protected sales: Award[] = [];

  protected round: Map<string, Bid> = new Map();

  protected before: Map<string, Bid> = new Map();

  protected roundNumber = 1;

  protected step = 0;

  protected lastWord: Bid | null = null;

  protected readonly sealedAt = new Map<string, number>();

  protected margin: number | null = null;

  protected format(event: Fields, { seq, at, events }: Line): void {
    const { accountId: who, price, quantity } = event;
    const bid = (more: Partial<Bid> = {}): Bid => ({
      who,
      price,
      quantity,
      seq,
      least: event['minimumAcceptable'] ?? 0,
      since: [],
      merit: event['merit'] ?? null,
      ...more,
    });
    switch (event['type']) {
      case 'bid_accepted':
        this.englishBid(bid(), event, { at, events });
        return;
      case 'maximum_accepted': {
        const own = this.bids.get(who);
        const held = { price: event['maximum'], seq };
        this.must(
          !own || held.price > own.price || quantity > own.quantity,
          'bid_falls',
          'a revision improves',
        );
        this.bids.set(
          who,
          bid({ price: held.price, since: own && own.quantity === quantity ? [...own.since, held] : [held] }),
        );
        return;
      }
      case 'auto_bid_set':
        this.instructions.set(who, seq);
        return;
      case 'bids_raised':
        for (const raise of event['raises']) {
          const own = this.bids.get(raise.accountId);
          if (!own) return this.must(false, 'raise_without_bid', 'only a bid can be raised');
          this.bids.set(own.who, {
            ...own,
            price: raise.price,
            seq: Math.max(own.seq, this.instructions.get(own.who) ?? 0),
          });
        }
        this.margin = this.marginOf(this.serve());
        return;
      case 'quantity_stated':
        this.must(
          quantity <=
            ((this.roundNumber === 1 ? this.terms['quantity'] : this.before.get(who)?.quantity) ?? 0),
          'demand_rises',
          'on the clock demand only falls',
        );
        this.round.delete(who);
        this.round.set(who, bid());
        return;
      case 'clock_round_ended': {
        const wanted = [...this.round.values()].reduce((sum, one) => sum + one.quantity, 0);
        this.must(
          wanted === event['demand'] && (event['nextPrice'] === null) === wanted <= this.terms['quantity'],
          'round_wrong',
          'the clock goes on while more is wanted than offered',
        );
        if (event['nextPrice'] === null) return;
        [this.before, this.round] = [
          new Map([...this.round].filter(([, one]) => one.quantity > 0)),
          new Map(),
        ];
        this.roundNumber += 1;
        return;
      }
      case 'price_lowered':
        this.must(event['step'] === this.step + 1, 'step_skipped', 'the price falls step by step');
        this.step = event['step'];
        return;
      case 'price_accepted': {
        this.must(
          event['step'] === this.step && price === this.stepPrice(),
          'step_price_wrong',
          'a step is taken at its own price, while it lasts',
        );
        const left = this.terms['quantity'] - this.sales.reduce((sum, sale) => sum + sale.quantity, 0);
        const won = this.terms['format'] === 'dutch' ? Math.min(quantity, left) : this.terms['quantity'];
        this.must(
          won > 0 && (event['allocated'] ?? won) === won && won >= (event['minimumAcceptable'] ?? 0),
          'sale_wrong',
          'a sale is what was wanted or what was left',
        );
        this.sales.push({ who, price, quantity: won, seq });
        return;
      }
      case 'offer_taken':
        if (this.sales[0]?.who === who)
          this.lastWord = price === null ? null : bid({ quantity: this.terms['quantity'] });
        else if (price === null) this.bids.delete(who);
        else this.bids.set(who, bid({ quantity: this.terms['quantity'] }));
        if (price !== null)
          this.must(
            price > (this.sales[0]?.price ?? 0),
            'offer_low',
            'an offer goes above the accepted price',
          );
        return;
      case 'sealed_bid_accepted':
        this.sealedAt.set(who, seq);
        return;
      case 'sealed_bid_opened':
        this.must(
          this.sealedAt.get(who) === event['bidSeq'],
          'opened_other',
          'the last sealed bid is the one that is opened',
        );
        if (event['fault'] === null) this.bids.set(who, bid({ seq: event['bidSeq'] }));
        return;
      case 'sealed_bid_disqualified':
        this.bids.delete(who);
        return;
      case 'offer_accepted':
      case 'entry_offer_accepted': {
        const own = this.bids.get(who);
        if (own && event['type'] === 'offer_accepted')
          this.must(
            compare(this.score(bid()), this.score(own)) < 0 || quantity > own.quantity,
            'bid_falls',
            'a revision improves',
          );
        this.must(price <= this.terms['startingPrice'], 'above_start', 'no offer above the ceiling');
        this.bids.set(who, bid());
        return;
      }
      case 'turn_ended':
        if (event['offer']) {
          const { minimumAcceptable: least, merit, seq: offeredAt, ...rest } = event['offer'] as Fields;
          this.bids.set(who, {
            ...bid({ price: rest['price'], quantity: rest['quantity'] }),
            least: least ?? 0,
            merit: merit ?? null,
            seq: offeredAt,
          });
        }
    }
  }

  /** A plain bid: its price against the margin before it, what it was told, and whether it moved the end. */
  protected englishBid(
    bid: Bid,
    told: Fields,
    { at, events }: { at: number; events: readonly Fields[] },
  ): void {
    const own = this.bids.get(bid.who);
    const { quantity, minimumBidQuantity, softClose, proxy } = this.terms;
    const floor = this.floor();
    this.must(bid.price >= floor, 'bid_low', `a bid names at least ${floor}`);
    if (own)
      this.must(
        bid.price >= own.price &&
          bid.quantity >= own.quantity &&
          (bid.price > own.price || bid.quantity > own.quantity) &&
          bid.least <= own.least,
        'bid_falls',
        'a revision improves and binds no less',
      );
    if (own && bid.price > own.price)
      this.must(
        bid.price >= own.price + this.increment(own.price),
        'bid_low',
        'an own price rises by the increment',
      );
    this.must(
      bid.quantity >= minimumBidQuantity &&
        bid.quantity <= Math.min(quantity, this.terms['quantityPerBidderMaximum'] ?? quantity),
      'bid_quantity',
      'a quantity is within the terms',
    );
    const before = this.serve();
    this.bids.set(bid.who, bid);
    if (proxy === 'stepped') return void (this.margin = this.marginOf(this.serve()));
    const after = this.serve();
    const margin = this.marginOf(after);
    const won = (of: readonly Won[], who: string): number => of.find((one) => one.who === who)?.won ?? 0;
    const changed = margin !== this.margin || after.some(({ who }) => won(before, who) !== won(after, who));
    this.margin = margin;
    this.must(
      told['allocated'] === won(after, bid.who) &&
        told['marginalPrice'] === margin &&
        told['standingChanged'] === changed,
      'standing_differs',
      `by the rules the bid wins ${won(after, bid.who)} lots at a margin of ${margin}`,
    );
    if (softClose.mode !== 'window') return;
    const later = Math.min(this.hardEnd, Math.max(this.end, at + softClose.extensionMs));
    const due =
      changed &&
      this.end - at <= softClose.windowMs &&
      this.extensions < softClose.extensionsMax &&
      later > this.end;
    const moved = events.find((event) => event['type'] === 'auction_extended');
    this.must(
      (moved?.['closesAt'] ?? null) === (due ? later : null),
      'extension_wrong',
      due ? `the end moves to ${later}` : 'the end does not move',
    );
  }

  /** Refused for its price although the price was good: for plain bids, where the record shows all that counts. */
  protected refusal({ code }: Fields, command: Fields): void {
    if (
      command['type'] !== 'place_bid' ||
      this.terms['format'] !== 'english' ||
      this.terms['proxy'] !== 'none'
    )
      return;
    const floor = this.floor();
    const own = this.bids.get(command['accountId']);
    if (code === 'bid_price_below_start')
      this.must(
        !(command['price'] >= this.terms['startingPrice']),
        'refused_wrongly',
        'the price was not below the start',
      );
    if (code === 'bid_below_increment' && !own)
      this.must(command['price'] < floor, 'refused_wrongly', `a price from ${floor} on is taken`);
    if (code === 'auction_closed')
      this.must(
        this.last.at >= this.end || this.state === 'ended',
        'refused_wrongly',
        'the auction was still open',
      );
  }

  /** Every bid best first with what it wins: price (or score), then quantity, then time. */
  protected serve(
    counts: (bid: Bid) => boolean = () => true,
    bids: readonly Bid[] = [...this.bids.values()],
  ): Won[] {
    const { quantity, margin, award } = this.terms;
    const buys =
      this.terms['scoring'] !== undefined &&
      (this.terms['format'] !== 'sealed_bid' || this.terms['direction'] === 'buy');
    const better = (a: Bid, b: Bid): number =>
      buys ? compare(this.score(a), this.score(b)) : b.price - a.price;
    const shares =
      buys && award.mode === 'shares'
        ? inProportion(
            award.basisPoints.map((points: number) => ({ quantity: points, least: 0, seq: 0 })),
            quantity,
          )
        : null;
    const sorted = bids
      .filter(counts)
      .sort((a, b) => better(a, b) || (shares ? 0 : b.quantity - a.quantity) || a.seq - b.seq);
    if (shares) return sorted.map((bid, place) => ({ ...bid, won: shares[place] ?? 0 }));
    let rest: number = quantity;
    const out: Won[] = [];
    while (out.length < sorted.length) {
      const level =
        margin === 'pro_rata'
          ? sorted.filter((bid) => bid.price === sorted[out.length]!.price)
          : [sorted[out.length]!];
      for (const [place, won] of inProportion(level, rest).entries()) {
        out.push({ ...level[place]!, won });
        rest -= won;
      }
    }
    return out;
  }

  protected marginOf(served: readonly Won[]): number | null {
    const winners = served.filter(({ won }) => won > 0);
    return winners.reduce((sum, { won }) => sum + won, 0) === this.terms['quantity']
      ? winners.at(-1)!.price
      : null;
  }

  protected stepPrice(): number {
    const { format, startingPrice, floorPrice, priceDecrement, stepBasisPoints, floorBasisPoints } =
      this.terms;
    if (format === 'dutch') return Math.max(floorPrice, startingPrice - this.step * priceDecrement);
    const share = Math.max(floorBasisPoints, 10_000 - this.step * stepBasisPoints);
    return Math.floor((2 * startingPrice * share + 10_000) / 20_000);
  }

  /** Lowest price a new bidder may name: shares at the margin may be joined, places in time must be beaten. */
  protected floor(): number {
    if (this.margin === null) return this.terms['startingPrice'];
    return this.margin + (this.terms['margin'] === 'pro_rata' ? 0 : this.increment(this.margin));
  }

  protected increment(price: number): number {
    const band = (this.terms['incrementBands'] ?? []).findLast((one: Fields) => one['from'] <= price);
    return band?.increment ?? this.terms['bidIncrement'];
  }

  /** Less is better: money per tonne as a fraction. */
  protected score({ price, merit }: Bid): readonly [bigint, bigint] {
    const money = BigInt(price) * BigInt(this.terms['tickSize']);
    const { mode, calorificReference } = this.terms['scoring'];
    if (mode === 'energy')
      return [
        (money + BigInt(merit!['freight'])) * BigInt(calorificReference) +
          BigInt(merit!['expectedPenalties']) * BigInt(merit!['calorificValue']),
        BigInt(merit!['calorificValue']),
      ];
    return mode === 'mixed'
      ? [
          money * 10_000n + BigInt(merit!['addition']) * BigInt(merit!['coefficient']),
          BigInt(merit!['coefficient']),
        ]
      : [money, 1n];
  }
}
