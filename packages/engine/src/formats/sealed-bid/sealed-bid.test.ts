import { createHash } from 'node:crypto';
import { lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { validateTerms } from '../../auction/terms.ts';
import { Arena, BUYING, COMMON, at, refusal } from '../../oracle/reverse-open/arena.ts';
import type { Event } from '../../types.ts';
import { commitmentText } from './commitment.ts';
import { sealedBid } from './index.ts';
import { publicSealed, publicSealedEvents } from './public.ts';
import type { BidContent, SealedBidTerms } from './types.ts';

/** The platform's digest, not ours: an outside tool must come to the same. */
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const NONCE = '0123456789abcdef0123456789abcdef';
const SHARES = { owner: 'part of the owner', exchange: 'part of the exchange' };
const SPLIT_KEY = {
  mode: 'split_key',
  publicKey: 'public key',
  ownerShareDigest: sha256(SHARES.owner),
  exchangeShareDigest: sha256(SHARES.exchange),
} as const;

/** Sale of 10 lots from 100; submission for 60 s, opening for 60 s; bands of 4 and 10 lots. */
function terms(change: Partial<SealedBidTerms> = {}): SealedBidTerms {
  return {
    ...COMMON,
    ...BUYING,
    format: 'sealed_bid',
    direction: 'sell',
    pricing: 'pay_as_bid',
    startingPrice: ticks(100),
    secrecy: { mode: 'commit_reveal' },
    softClose: { mode: 'none' },
    openingMs: 60_000,
    quantityBands: [lots(4), lots(10)],
    unopenedPenalty: 2_500,
    ...change,
  };
}

/** The name an account makes up for its seals. */
const nameOf = (accountId: string): string => sha256(accountId).slice(0, 32);

class Sealed extends Arena<'sealed_bid'> {
  readonly contents = new Map<string, BidContent>();

  static with(change: Partial<SealedBidTerms> = {}): Sealed {
    return new Sealed(terms(change));
  }

  content(price: number, quantity: number, more: Partial<BidContent> = {}): BidContent {
    const counts = { price: ticks(price), quantity: lots(quantity), minimumAcceptable: lots(0) };
    return { ...counts, merit: null, bidder: NONCE, nonce: NONCE, ...more };
  }

  seal(accountId: string, said: BidContent, band = 10): readonly Event[] {
    const content = said.bidder === NONCE ? { ...said, bidder: nameOf(accountId) } : said;
    this.contents.set(accountId, content);
    const digest = sha256(commitmentText({ auctionId: 'a', content }));
    const of = { auctionId: 'a', accountId, quantityMaximum: lots(band) };
    return this.auction.terms.secrecy.mode === 'commit_reveal'
      ? this.send({ type: 'commit_bid', ...of, commitment: digest })
      : this.send({ type: 'submit_sealed', ...of, digest, ciphertext: `shut ${accountId}` });
  }

  bid(accountId: string, price: number, quantity: number, more: Partial<BidContent> = {}): void {
    expect(refusal(this.seal(accountId, this.content(price, quantity, more)))).toBeUndefined();
  }

  reveal(accountId: string, change: Partial<BidContent> = {}): readonly Event[] {
    const content = this.contents.get(accountId) ?? this.content(1, 1);
    return this.send({ type: 'reveal_bid', auctionId: 'a', accountId, ...content, ...change });
  }

  open(): this {
    this.until(60_000);
    return this;
  }

  /** Everybody opens. */
  all(): this {
    this.open();
    for (const accountId of this.contents.keys()) expect(refusal(this.reveal(accountId))).toBeUndefined();
    return this;
  }

  share(holder: 'owner' | 'exchange', share: string = SHARES[holder]): readonly Event[] {
    return this.send({ type: 'give_opening_share', auctionId: 'a', holder, share });
  }

  decrypt(accounts: readonly string[], change: Partial<BidContent> = {}): readonly Event[] {
    const bids = this.auction.room.sealed
      .filter((sealed) => accounts.includes(sealed.accountId))
      .flatMap(({ accountId, seq }) => {
        const content = this.contents.get(accountId);
        return content ? [{ ...content, ...change, bidSeq: seq }] : [];
      });
    return this.send({ type: 'open_sealed', auctionId: 'a', bids });
  }

  disqualify(bidderId: string): readonly Event[] {
    return this.send({ type: 'disqualify_bid', auctionId: 'a', bidderId, reason: 'no licence' });
  }

  security(accountId: string): readonly string[] {
    this.end();
    return this.log
      .filter((event) => event.type === 'bid_security_released' || event.type === 'bid_security_retained')
      .filter((event) => event.accountId === accountId)
      .map((event) => `${event.type.slice(13)} ${event.amount}`);
  }
}

describe('a commitment', () => {
  const content = { price: ticks(1310), quantity: lots(80), minimumAcceptable: lots(0), merit: null };
  const text = (more: Partial<BidContent> = {}) =>
    commitmentText({ auctionId: 'A1', content: { ...content, bidder: 'B1', nonce: NONCE, ...more } });

  it('is of canonical JSON {auction, bidder, nonce, price, qty}, numbers as text', () => {
    expect(text()).toBe(`{"auction":"A1","bidder":"B1","nonce":"${NONCE}","price":"1310","qty":"80"}`);
  });

  it('covers whatever else the bid says', () => {
    const merit = { mode: 'mixed', coefficient: 10_500, addition: '0' } as const;
    const texts = [text(), text({ minimumAcceptable: lots(1) }), text({ merit }), text({ price: ticks(1) })];
    expect(new Set(texts).size).toBe(texts.length);
    expect(text({ minimumAcceptable: lots(1) })).toContain('"min":"1"');
  });
});

describe('submission', () => {
  it('takes commitments only, replaceable until its end, the last one counts', () => {
    const arena = Sealed.with();
    arena.bid('b1', 300, 10);
    arena.bid('b1', 120, 10);
    arena.bid('b2', 110, 10);
    expect(arena.auction.room.sealed.map((sealed) => sealed.accountId)).toEqual(['b1', 'b2']);
    arena.open();
    const content = arena.content(300, 10);
    expect(refusal(arena.reveal('b1', content))?.code).toBe('sealed_reveal_mismatch');
    arena.reveal('b1');
    arena.reveal('b2');
    expect(arena.awards).toEqual(['b1 10 120']);
  });

  it('ends at its instant: a bid then is late, and no reveal comes before', () => {
    const arena = Sealed.with();
    arena.bid('b1', 120, 10);
    expect(refusal(arena.reveal('b1'))).toEqual({ code: 'sealed_phase_conflict', phase: 'submission' });
    arena.until(59_999);
    arena.bid('b2', 130, 10);
    arena.until(60_000);
    const late = arena.seal('b3', arena.content(999, 10));
    expect(refusal(late)).toEqual({ code: 'sealed_phase_conflict', phase: 'opening' });
  });

  it('with nothing in it ends the auction', () => {
    const arena = Sealed.with();
    expect(arena.end()).toMatchObject({ type: 'auction_unsold', reason: 'no_bid' });
    expect(arena.state.ended.get('a')?.closedAt).toBe(at(60_000));
  });

  it('refuses what is no digest, no band, and bids sealed in another way', () => {
    const arena = Sealed.with();
    const commit = { type: 'commit_bid', auctionId: 'a', accountId: 'b1' } as const;
    const [commitment, quantityMaximum] = ['a'.repeat(64), lots(10)];
    const codes = ['', 'a'.repeat(63), 'A'.repeat(64), null as never].map(
      (bad) => refusal(arena.send({ ...commit, commitment: bad, quantityMaximum }))?.code,
    );
    expect(new Set(codes)).toEqual(new Set(['sealed_digest_invalid']));
    const band = (asked: number) =>
      refusal(arena.send({ ...commit, commitment, quantityMaximum: asked as never }));
    expect([3, 5, 11, 4.5].map(band)).toEqual(
      [4, 10, 10, 10].map((quantity) => ({ code: 'sealed_band_invalid', quantityMaximum: quantity })),
    );
    const other = { ...commit, type: 'submit_sealed', digest: commitment, quantityMaximum } as const;
    expect(refusal(arena.send({ ...other, ciphertext: 'x' }))).toEqual({
      code: 'sealed_secrecy_conflict',
      secrecy: 'commit_reveal',
    });
    const split = Sealed.with({ secrecy: SPLIT_KEY });
    const lengths = ['', 'x'.repeat(4_097), 7 as never].map((ciphertext) =>
      refusal(split.send({ ...other, ciphertext })),
    );
    expect(new Set(lengths.map((refused) => refused?.code))).toEqual(new Set(['sealed_ciphertext_invalid']));
    expect(refusal(split.send({ ...other, ciphertext: 'x'.repeat(4_096) }))).toBeUndefined();
    expect(refusal(split.send({ ...commit, commitment, quantityMaximum }))?.code).toBe(
      'sealed_secrecy_conflict',
    );
  });

  it('of the owner on its own lot is refused', () => {
    const arena = Sealed.with();
    expect(refusal(arena.seal('buyer', arena.content(120, 1)))).toEqual({ code: 'bid_own_lot' });
  });

  it('needs security for the band, which says less than the quantity', () => {
    const arena = Sealed.with({ bidSecurity: { mode: 'per_tonne', amountPerTonne: '1000' } });
    arena.deposit('b1', '200000');
    expect(refusal(arena.seal('b1', arena.content(120, 1), 10))).toMatchObject({
      code: 'bid_security_insufficient',
      required: '500000',
      quantityMaximum: 4,
    });
    expect(refusal(arena.seal('b1', arena.content(120, 1), 4))).toBeUndefined();
  });
});

describe('the secret', () => {
  /** What is told before the opening, in a run in which the bidders bid these prices. */
  function told(prices: readonly number[], secrecy: SealedBidTerms['secrecy']): string {
    const arena = Sealed.with({ secrecy });
    prices.forEach((price, i) => arena.bid(`b${i % 3}`, price, 1 + (price % 10)));
    arena.open();
    const digests = /"(digest|ciphertext)":"[^"]*"/g;
    return JSON.stringify([arena.log, arena.auction]).replace(digests, '');
  }

  it.each([{ secrecy: { mode: 'commit_reveal' } as const }, { secrecy: SPLIT_KEY }])(
    'of $secrecy.mode: nothing told before the opening depends on a price or a quantity',
    ({ secrecy }) => {
      expect(told([101, 150, 203, 120], secrecy)).toBe(told([160, 102, 110, 999], secrecy));
    },
  );
});

describe('the public view', () => {
  it('counts the sealed bids, and shows reserve and bids with the opening only', () => {
    const arena = Sealed.with({ secrecy: SPLIT_KEY, reservePrice: ticks(105) });
    arena.bid('b1', 120, 10);
    arena.bid('b1', 130, 10);
    const shut = publicSealed(arena.auction);
    const hidden = { phase: 'submission', sealedCount: 1, endsAt: at(60_000), reservePrice: null };
    expect(shut).toEqual({ ...hidden, sharesGiven: [], opened: [] });
    expect(publicSealedEvents(arena.log).map((event) => event.type)).toEqual([
      'auction_scheduled',
      'auction_opened',
    ]);
    arena.open();
    arena.share('exchange');
    arena.reveal('b1');
    expect(publicSealed(arena.auction)).toMatchObject({
      phase: 'opening',
      endsAt: at(120_000),
      reservePrice: 105,
      sharesGiven: ['exchange'],
      opened: [{ accountId: 'b1', price: 130 }],
    });
  });
});

describe('what binds a bidder', () => {
  it('is the band while the bid is shut, then its quantity, and nothing once it is out', () => {
    const arena = Sealed.with();
    arena.bid('b1', 120, 3);
    expect(sealedBid.bound(arena.auction, 'b1')).toBe(10);
    arena.open();
    expect(sealedBid.bound(arena.auction, 'b1')).toBe(10);
    arena.reveal('b1');
    expect(sealedBid.bound(arena.auction, 'b1')).toBe(3);
    arena.disqualify('b1');
    expect(sealedBid.bound(arena.auction, 'b1')).toBe(0);
    expect(sealedBid.bound(arena.auction, 'b2')).toBe(0);
  });
});

describe('the opening by the bidders', () => {
  it('takes just what was committed to, once, from who committed to it', () => {
    const arena = Sealed.with();
    arena.bid('b1', 120, 10);
    arena.open();
    const { digest } = arena.auction.room.sealed[0]!;
    const wrong: Partial<BidContent>[] = [
      { price: ticks(121) },
      { price: 120.5 as never },
      { price: '120' as never },
      { quantity: lots(9) },
      { minimumAcceptable: lots(1) },
      { nonce: 'f'.repeat(32) },
      { nonce: 7 as never },
      { merit: { mode: 'mixed', coefficient: 1, addition: '0' } },
      { merit: { mode: 'energy', calorificValue: Number.NaN, freight: '0', expectedPenalties: '0' } },
    ];
    for (const change of wrong) {
      expect(refusal(arena.reveal('b1', change))).toEqual({ code: 'sealed_reveal_mismatch', digest });
    }
    expect(refusal(arena.reveal('b2'))).toEqual({ code: 'sealed_bid_unknown' });
    expect(refusal(arena.reveal('b1'))).toBeUndefined();
    expect(refusal(arena.reveal('b1'))).toEqual({ code: 'sealed_bid_open_already' });
  });

  it('does not take a bid whose nonce could be guessed', () => {
    const arena = Sealed.with();
    arena.bid('b1', 120, 10, { nonce: '0123456789abcdef' });
    arena.open();
    expect(refusal(arena.reveal('b1'))?.code).toBe('sealed_reveal_mismatch');
  });

  it('takes a digest from the first account alone, and again from that one', () => {
    const arena = Sealed.with();
    arena.bid('b1', 120, 10);
    const { digest: commitment } = arena.auction.room.sealed[0]!;
    const of = { type: 'commit_bid', auctionId: 'a', commitment, quantityMaximum: lots(10) } as const;
    expect(refusal(arena.send({ ...of, accountId: 'b2' }))).toEqual({ code: 'sealed_digest_taken' });
    expect(refusal(arena.send({ ...of, accountId: 'b1' }))).toBeUndefined();
    arena.all();
    expect(arena.awards).toEqual(['b1 10 120']);
  });

  it('does not let anybody open a copy of another’s commitment, not of one given up either', () => {
    const arena = Sealed.with();
    arena.bid('b1', 120, 10);
    const { digest: commitment } = arena.auction.room.sealed[0]!;
    arena.bid('b1', 125, 10);
    const copy = { auctionId: 'a', accountId: 'b2', commitment, quantityMaximum: lots(10) };
    expect(refusal(arena.send({ type: 'commit_bid', ...copy }))).toBeUndefined();
    arena.open();
    arena.reveal('b1');
    const content = arena.contents.get('b1');
    expect(refusal(arena.reveal('b2', content))?.code).toBe('sealed_reveal_mismatch');
  });

  it('does not take a copied ciphertext under another digest', () => {
    const arena = Sealed.with({ secrecy: SPLIT_KEY });
    arena.bid('b1', 120, 10);
    const [sealed] = arena.auction.room.sealed;
    const of = { type: 'submit_sealed', auctionId: 'a', accountId: 'b2', quantityMaximum: lots(10) } as const;
    arena.send({ ...of, ciphertext: sealed!.ciphertext!, digest: 'a'.repeat(64) });
    arena.contents.set('b2', arena.contents.get('b1')!);
    arena.open().share('owner');
    arena.share('exchange');
    const [decrypted] = arena.decrypt(['b1', 'b2']);
    expect(decrypted).toMatchObject({ opened: 1, shut: 1 });
  });

  it('does not take a name for the seal that could be a company’s', () => {
    const arena = Sealed.with();
    arena.bid('b1', 120, 10, { bidder: 'org-1' });
    arena.open();
    expect(refusal(arena.reveal('b1'))?.code).toBe('sealed_reveal_mismatch');
  });

  it('keeps a bid that is out of the limits in the record, without a penalty', () => {
    const arena = Sealed.with({ bidSecurity: { mode: 'fixed', amount: '1000' } });
    for (const account of ['b1', 'b2', 'b3', 'b4']) arena.deposit(account, '1000');
    arena.bid('b1', 99, 10);
    arena.seal('b2', arena.content(120, 5), 4);
    arena.bid('b3', 120, 5, { minimumAcceptable: lots(6) });
    arena.bid('b4', 120, 5, { merit: { mode: 'mixed', coefficient: 1, addition: '0' } });
    arena.all();
    expect(arena.auction.room.opened.map((bid) => bid.excluded)).toEqual([
      'price_out_of_range',
      'quantity_out_of_range',
      'minimum_acceptable_invalid',
      'merit_invalid',
    ]);
    expect(arena.end()).toMatchObject({ type: 'auction_unsold', reason: 'no_valid_bid' });
    expect(arena.security('b1')).toEqual(['released 1000']);
  });

  it('costs who does not open a share of the security, and the bid', () => {
    const arena = Sealed.with({ bidSecurity: { mode: 'per_tonne', amountPerTonne: '1001' } });
    arena.deposit('b1', '600000');
    arena.deposit('b2', '600000');
    arena.bid('b1', 500, 1);
    arena.bid('b2', 120, 4);
    arena.open();
    arena.reveal('b2');
    expect(arena.awards).toEqual(['b2 4 120']);
    // A quarter of 500 t × 10.01, half even: 125,125 of 500,500.
    expect(arena.security('b1')).toEqual(['released 474875', 'retained 125125']);
    expect(arena.security('b2')).toEqual(['released 399800', 'retained 200200']);
  });

  it('costs nothing who was excluded after it had sealed its bid', () => {
    const arena = Sealed.with({ bidSecurity: { mode: 'fixed', amount: '1000' } });
    arena.deposit('b1', '1000');
    arena.bid('b1', 120, 10);
    arena.send({ type: 'exclude_bidder', auctionId: 'a', accountId: 'b1', reason: 'related' });
    arena.open();
    expect(refusal(arena.reveal('b1'))).toEqual({ code: 'bid_conflict_of_interest' });
    expect(arena.security('b1')).toEqual(['released 1000']);
  });

  it('by nobody is no sale', () => {
    const arena = Sealed.with();
    arena.bid('b1', 120, 10);
    expect(arena.end()).toMatchObject({ type: 'auction_unsold', reason: 'not_opened' });
  });
});

describe('the opening by two officers', () => {
  function sealed(): Sealed {
    const arena = Sealed.with({ secrecy: SPLIT_KEY, bidSecurity: { mode: 'fixed', amount: '1000' } });
    for (const account of ['b1', 'b2', 'b3']) arena.deposit(account, '1000');
    arena.bid('b1', 120, 4);
    arena.bid('b2', 130, 4);
    arena.bid('b3', 140, 4);
    return arena;
  }

  it('needs both parts, which fit what was agreed, and none before the end of submission', () => {
    const arena = sealed();
    expect(refusal(arena.share('owner'))).toEqual({ code: 'sealed_phase_conflict', phase: 'submission' });
    arena.open();
    expect(refusal(arena.decrypt(['b1']))).toEqual({ code: 'sealed_share_missing', holder: 'owner' });
    expect(refusal(arena.share('owner', SHARES.exchange))).toEqual({
      code: 'sealed_share_invalid',
      digest: SPLIT_KEY.ownerShareDigest,
    });
    expect(refusal(arena.share('owner'))).toBeUndefined();
    expect(refusal(arena.share('owner'))).toEqual({ code: 'sealed_share_given_already' });
    expect(refusal(arena.decrypt(['b1']))).toEqual({ code: 'sealed_share_missing', holder: 'exchange' });
    expect(refusal(arena.share('exchange'))).toBeUndefined();
    expect(arena.decrypt(['b1', 'b2', 'b3'])[0]).toMatchObject({ opened: 3, shut: 0 });
    expect(arena.awards).toEqual(['b3 4 140', 'b2 4 130', 'b1 2 120']);
  });

  it('cannot alter a bid nor hide one: its bidder opens it with the nonce', () => {
    const arena = sealed().open();
    arena.share('owner');
    arena.share('exchange');
    expect(arena.decrypt(['b1'], { price: ticks(999) })[0]).toMatchObject({ opened: 0, shut: 3 });
    expect(arena.decrypt(['b1', 'b2'])[0]).toMatchObject({ opened: 2, shut: 1 });
    expect(refusal(arena.reveal('b3'))).toBeUndefined();
    expect(arena.decrypt(['b1', 'b2', 'b3'])[0]).toMatchObject({ opened: 0, shut: 0 });
    expect(arena.awards).toEqual(['b3 4 140', 'b2 4 130', 'b1 2 120']);
  });

  it('that never comes costs the bidders nothing', () => {
    const arena = sealed();
    expect(arena.end()).toMatchObject({ type: 'auction_unsold', reason: 'not_opened' });
    expect(arena.security('b1')).toEqual(['released 1000']);
  });

  it('that finds rubbish in a ciphertext costs who sent it the penalty', () => {
    const arena = sealed().open();
    arena.share('owner');
    arena.share('exchange');
    arena.decrypt(['b1', 'b2']);
    expect(arena.security('b3')).toEqual(['released 750', 'retained 250']);
  });

  it('belongs to auctions with a split key only', () => {
    const arena = Sealed.with();
    arena.bid('b1', 120, 4);
    arena.open();
    const refused = { code: 'sealed_secrecy_conflict', secrecy: 'commit_reveal' };
    expect(refusal(arena.share('owner'))).toEqual(refused);
    expect(refusal(arena.decrypt(['b1']))).toEqual(refused);
  });
});

describe('the award of a sale', () => {
  const yankee = (change: Partial<SealedBidTerms> = {}) => {
    const arena = Sealed.with({ quantityBands: [lots(10)], ...change });
    arena.bid('b1', 120, 4);
    arena.bid('b2', 150, 3);
    arena.bid('b3', 120, 5);
    arena.bid('b4', 110, 5);
    return arena;
  };

  it('is by price, quantity and time of the sealed bid, each at its own price', () => {
    expect(yankee().all().awards).toEqual(['b2 3 150', 'b3 5 120', 'b1 2 120']);
  });

  it('does not depend on who opens first', () => {
    const arena = yankee().open();
    for (const account of ['b4', 'b3', 'b2', 'b1']) arena.reveal(account);
    expect(arena.awards).toEqual(['b2 3 150', 'b3 5 120', 'b1 2 120']);
  });

  it('at one price is the last accepted, or the reserve when nobody was left short', () => {
    expect(yankee({ pricing: 'uniform' }).all().awards).toEqual(['b2 3 120', 'b3 5 120', 'b1 2 120']);
    const few = Sealed.with({ pricing: 'uniform', reservePrice: ticks(105) });
    few.bid('b1', 120, 4);
    few.bid('b2', 104, 4);
    expect(few.all().awards).toEqual(['b1 4 105']);
  });

  it('keeps to the hidden reserve', () => {
    const arena = yankee({ reservePrice: ticks(121) });
    expect(arena.all().awards).toEqual(['b2 3 150']);
    const none = yankee({ reservePrice: ticks(151) }).all();
    expect(none.end()).toMatchObject({ type: 'auction_unsold', reason: 'reserve_not_met' });
  });

  it('passes over who was disqualified after the opening, and only then', () => {
    const arena = yankee();
    expect(refusal(arena.disqualify('b2'))).toEqual({ code: 'sealed_bid_unknown' });
    arena.all();
    expect(refusal(arena.disqualify('b2'))).toBeUndefined();
    expect(refusal(arena.disqualify('b2'))).toEqual({ code: 'sealed_bid_unknown' });
    expect(arena.awards).toEqual(['b3 5 120', 'b1 4 120', 'b4 1 110']);
  });
});

describe('the award of a purchase', () => {
  const request = (change: Partial<SealedBidTerms> = {}) =>
    Sealed.with({
      direction: 'buy',
      startingPrice: ticks(800),
      minimumBidQuantity: lots(10),
      quantityBands: [lots(10)],
      ...change,
    });

  it('is the lowest under the ceiling and not under the floor, the earlier one on ties', () => {
    const arena = request({ floor: { price: ticks(600), below: 'refuse' } });
    arena.bid('s1', 801, 10);
    arena.bid('s2', 599, 10);
    arena.bid('s3', 600, 10);
    arena.bid('s4', 600, 10);
    arena.all();
    expect(arena.auction.room.opened.map((bid) => bid.excluded)).toEqual([
      'price_out_of_range',
      'below_floor',
      null,
      null,
    ]);
    expect(arena.awards).toEqual(['s3 10 600']);
  });

  it('flags what is under the floor where the terms take it', () => {
    const arena = request({ floor: { price: ticks(600), below: 'flag' } });
    arena.bid('s1', 599, 10);
    arena.open();
    expect(arena.reveal('s1')[0]).toMatchObject({ fault: null, abnormallyLow: true });
    expect(arena.awards).toEqual(['s1 10 599']);
  });

  it('ranks by heat where the terms say so', () => {
    const arena = request({
      scoring: {
        mode: 'energy',
        calorificReference: 5_500,
        unit: 'kcal_per_kg',
        basis: 'nar',
        calorificMinimum: 4_000,
      },
    });
    const heat = (calorificValue: number, freight: string, expectedPenalties = '0') =>
      ({ merit: { mode: 'energy', calorificValue, freight, expectedPenalties } }) as const;
    arena.bid('A', 642, 10, heat(5_500, '5800'));
    arena.bid('B', 571, 10, heat(4_950, '6100', '600'));
    arena.bid('C', 690, 10, heat(5_820, '4000'));
    expect(arena.all().awards).toEqual(['C 10 690']);
  });

  it('at one price pays all the highest that was accepted', () => {
    const change = { pricing: 'uniform', minimumBidQuantity: lots(1) } as const;
    const arena = request(change);
    arena.bid('s1', 700, 6);
    arena.bid('s2', 720, 3);
    arena.bid('s3', 750, 6);
    expect(arena.all().awards).toEqual(['s1 6 750', 's2 3 750', 's3 1 750']);
  });
});

describe('a suspension', () => {
  it('moves the end of submission along', () => {
    const arena = Sealed.with();
    arena.until(30_000);
    arena.send({ type: 'suspend_auction', auctionId: 'a', reason: 'fault' }, 30_000);
    arena.send({ type: 'resume_auction', auctionId: 'a' }, 90_000);
    arena.until(90_000 + 299_999);
    arena.bid('b1', 120, 10);
    arena.until(90_000 + 300_000);
    expect(arena.auction.room.phase).toBe('opening');
  });
});

describe('terms', () => {
  it('are refused field by field', () => {
    const fault = (change: object) => validateTerms({ ...terms(), ...change });
    const energy = { mode: 'energy', calorificReference: 5_500, calorificMinimum: 1, unit: 'j_per_g' };
    const cases: [object, string | null][] = [
      [{}, null],
      [{ direction: 'lend' }, 'direction'],
      [{ scoring: { ...energy, basis: 'nar' } }, 'scoring'],
      [{ award: { mode: 'shares', basisPoints: [10_000] } }, 'award'],
      [{ floor: { price: 1, below: 'flag' } }, 'floor'],
      [{ reservePrice: 99 }, 'reservePrice'],
      [{ direction: 'buy', reservePrice: 101 }, 'reservePrice'],
      [{ pricing: 'free' }, 'pricing'],
      [{ direction: 'buy', scoring: { ...energy, basis: 'nar' }, pricing: 'uniform' }, 'pricing'],
      [{ softClose: COMMON.softClose }, 'softClose.mode'],
      [{ openingMs: 0 }, 'openingMs'],
      [{ openingMs: 120_000 }, 'openingMs'],
      [{ openingMs: 119_999 }, null],
      [{ quantityBands: [] }, 'quantityBands'],
      [{ quantityBands: [4] }, 'quantityBands'],
      [{ quantityBands: [4, 4, 10] }, 'quantityBands'],
      [{ quantityBands: [4, 10], minimumBidQuantity: 5 }, 'quantityBands'],
      [{ quantityBands: [1, 2, 3, 4, 5, 6, 7, 8, 10] }, 'quantityBands'],
      [{ unopenedPenalty: 10_001 }, 'unopenedPenalty'],
      [{ secrecy: { mode: 'trust' } }, 'secrecy'],
      [{ secrecy: { ...SPLIT_KEY, publicKey: '' } }, 'secrecy.publicKey'],
      [{ secrecy: { ...SPLIT_KEY, ownerShareDigest: 'x' } }, 'secrecy.ownerShareDigest'],
      [{ secrecy: { ...SPLIT_KEY, exchangeShareDigest: '' } }, 'secrecy.exchangeShareDigest'],
      [
        { secrecy: { ...SPLIT_KEY, exchangeShareDigest: SPLIT_KEY.ownerShareDigest } },
        'secrecy.exchangeShareDigest',
      ],
    ];
    expect(cases.map(([change]) => fault(change))).toEqual(cases.map(([, field]) => field));
  });
});
