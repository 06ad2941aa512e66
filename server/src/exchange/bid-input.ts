/** From a bid as people write it, money and tonnes, to the market's command in ticks and lots on its grid. */
import type { AuctionTerms, BidCommandBody, Merit } from '@seam/engine';
import type { AuctionClientFrame, OfferMerit, PlaceBidBody, ProblemCode } from '@seam/protocol';
import {
  COUNT_MAX,
  MINOR_DIGITS,
  type Lots,
  type Ticks,
  formatMoney,
  formatTonnes,
  lots,
  parseScaled,
  ticks,
} from '@seam/units';
import { type GridTerms, gridOf } from './grid.ts';

/** Kilograms in the fraction of a tonne. */
const TONNE_DIGITS = 3;
/** A coefficient of 1 is 10,000 basis points. */
const COEFFICIENT_DIGITS = 4;

export type OffGrid = {
  readonly refused: ProblemCode;
  readonly accepted: Readonly<Record<string, string>>;
  /** Which field of the command it is, and what is wrong with it. */
  readonly fields: Readonly<Record<string, string>>;
};

type WithoutId<Frame> = Frame extends unknown ? Omit<Frame, 'id' | 'auctionId' | 't'> : never;
type Typed<Frame> = Frame extends { t: infer T } ? WithoutId<Frame> & { readonly type: T } : never;
/** A bidder's command as both ways bring it in, without what names it. */
export type BidInput = Typed<AuctionClientFrame>;

export function inputOfFrame({ t, id: _id, auctionId: _auction, ...fields }: AuctionClientFrame): BidInput {
  return { type: t, ...fields } as BidInput;
}

export function inputOfBody({ type = 'place_bid', commandId: _id, ...fields }: PlaceBidBody): BidInput {
  return { type, ...fields } as BidInput;
}

/** Never rounds: what is off the grid is refused with the step that would fit. */
export function bidCommand(
  terms: AuctionTerms,
  input: BidInput,
  accountId: string,
): BidCommandBody | OffGrid {
  const of = { auctionId: terms.auctionId, accountId };
  const read = new GridReader(terms);
  const command = commandOf(read, input, of);
  return read.refusal ?? command;
}

function commandOf(
  read: GridReader,
  input: BidInput,
  of: { readonly auctionId: string; readonly accountId: string },
): BidCommandBody {
  switch (input.type) {
    case 'place_bid':
      return { type: 'place_bid', ...of, price: read.price(input.price), ...read.quantities(input) };
    case 'set_auto_bid':
      return {
        type: 'set_auto_bid',
        ...of,
        limit: read.price(input.limit, 'limit'),
        step: read.price(input.step, 'step'),
        ...read.quantities(input),
      };
    case 'state_quantity':
      return { type: 'state_quantity', ...of, round: input.round, quantity: read.mass(input.quantity) };
    case 'accept_price':
      return {
        type: 'accept_price',
        ...of,
        step: input.step,
        price: read.price(input.price),
        ...read.quantities(input),
      };
    case 'offer_price':
      return { type: 'offer_price', ...of, price: input.price === null ? null : read.price(input.price) };
    case 'commit_bid':
      return {
        type: 'commit_bid',
        ...of,
        commitment: input.commitment,
        quantityMaximum: read.mass(input.quantityMaximum, 'quantityMaximum'),
      };
    case 'submit_sealed':
      return {
        type: 'submit_sealed',
        ...of,
        ciphertext: input.ciphertext,
        digest: input.digest,
        quantityMaximum: read.mass(input.quantityMaximum, 'quantityMaximum'),
      };
    case 'reveal_bid':
      return { type: 'reveal_bid', ...of, ...read.offer(input), bidder: input.bidder, nonce: input.nonce };
    case 'place_offer':
      return { type: 'place_offer', ...of, ...read.offer(input) };
    case 'withdraw_turn_offer':
      return { type: 'withdraw_turn_offer', ...of };
  }
}

type Quantities = { readonly quantity: string; readonly minimumAcceptable?: string };
type Offered = Quantities & { readonly price: string; readonly merit?: OfferMerit };

/** Reads each field of a command and keeps the first refusal, so that a command is one expression. */
export class GridReader {
  readonly #terms: GridTerms;
  refusal: OffGrid | undefined;

  constructor(terms: GridTerms) {
    this.#terms = terms;
  }

  price(text: string, field = 'price'): Ticks {
    const { tickSize } = gridOf(this.#terms);
    const count = countOf(parseScaled(text, MINOR_DIGITS), tickSize);
    if (count === undefined)
      this.#refuse('bid.price_off_grid', { tickSize: formatMoney(tickSize) }, { [field]: 'off_grid' });
    return ticks(count ?? 0);
  }

  mass(text: string, field = 'quantity'): Lots {
    const { lotSize } = gridOf(this.#terms);
    const count = countOf(parseScaled(text, TONNE_DIGITS), lotSize);
    if (count === undefined)
      this.#refuse('bid.quantity_off_grid', { lotSize: formatTonnes(lotSize) }, { [field]: 'off_grid' });
    return lots(count ?? 0);
  }

  quantities({ quantity, minimumAcceptable = '0' }: Quantities): {
    readonly quantity: Lots;
    readonly minimumAcceptable: Lots;
  } {
    return {
      quantity: this.mass(quantity),
      minimumAcceptable: this.mass(minimumAcceptable, 'minimumAcceptable'),
    };
  }

  offer(input: Offered): {
    readonly price: Ticks;
    readonly quantity: Lots;
    readonly minimumAcceptable: Lots;
    readonly merit: Merit;
  } {
    return { price: this.price(input.price), ...this.quantities(input), merit: this.merit(input.merit) };
  }

  /** Its limits are the market's to judge; here only what is no number at all is refused. */
  merit(input: OfferMerit | undefined): Merit {
    if (input === undefined) return null;
    if (input.mode === 'energy') {
      const { mode, calorificValue } = input;
      const freight = this.#minor(input.freight, 'freight');
      return {
        mode,
        calorificValue,
        freight,
        expectedPenalties: this.#minor(input.expectedPenalties, 'expectedPenalties'),
      };
    }
    const coefficient = parseScaled(input.coefficient, COEFFICIENT_DIGITS);
    if (coefficient === undefined) this.#refuse('offer.merit_invalid', { field: 'coefficient' });
    return {
      mode: 'mixed',
      coefficient: Number(coefficient ?? 0n),
      addition: this.#minor(input.addition, 'addition'),
    };
  }

  #minor(text: string, field: string): string {
    const value = parseScaled(text, MINOR_DIGITS);
    if (value === undefined) this.#refuse('offer.merit_invalid', { field });
    return String(value ?? 0n);
  }

  #refuse(
    refused: ProblemCode,
    accepted: Readonly<Record<string, string>>,
    fields: Readonly<Record<string, string>> = {},
  ): void {
    this.refusal ??= { refused, accepted, fields };
  }
}

function countOf(value: bigint | undefined, step: bigint): number | undefined {
  if (value === undefined || value < 0n || value % step !== 0n) return undefined;
  const count = value / step;
  return count > BigInt(COUNT_MAX) ? undefined : Number(count);
}
