/** Reads the terms an owner typed onto the auction's grid, and gathers what is wrong with each field. */
import {
  type Instant,
  type Lots,
  type Ticks,
  lots,
  parseMoney,
  parseScaled,
  parseTonnes,
  ticks,
} from '@seam/units';
import { safeInstant } from './soft-close.ts';

/** Two decimals of a percent are basis points. */
const PERCENT_DIGITS = 2;

export class TermsReader {
  readonly tickSize: bigint;
  readonly lotSize: bigint;
  readonly fields: Record<string, string> = {};

  constructor({ tickSize, lotSize }: { readonly tickSize: bigint; readonly lotSize: bigint }) {
    this.tickSize = tickSize;
    this.lotSize = lotSize;
  }

  get hasFaults(): boolean {
    return Object.keys(this.fields).length > 0;
  }

  fault(field: string, reason: string): void {
    this.fields[field] ??= reason;
  }

  price(field: string, text: string): Ticks {
    const count = onGrid(parseMoney(text), this.tickSize);
    if (count === undefined) this.fault(field, 'off_grid');
    return ticks(count ?? 0);
  }

  priceOr<Default>(field: string, text: string | undefined, absent: Default): Ticks | Default {
    return text === undefined ? absent : this.price(field, text);
  }

  mass(field: string, kg: bigint | undefined): Lots {
    const count = onGrid(kg, this.lotSize);
    if (count === undefined) this.fault(field, 'off_grid');
    return lots(count ?? 0);
  }

  tonnes(field: string, text: string): Lots {
    return this.mass(field, parseTonnes(text));
  }

  basisPoints(field: string, text: string): number {
    return this.#scaled(field, text, PERCENT_DIGITS);
  }

  /** @param digits after the point: the count is of the last one. */
  #scaled(field: string, text: string, digits: number): number {
    const value = parseScaled(text, digits);
    if (value === undefined) this.fault(field, 'out_of_range');
    return Number(value ?? 0n);
  }

  coefficient(field: string, text: string): number {
    return this.#scaled(field, text, 4);
  }

  /** An instant after `from`. */
  later(field: string, text: string, from: number): Instant {
    const at = Date.parse(text);
    if (!Number.isFinite(at) || at <= from) this.fault(field, 'not_after_open');
    return safeInstant(at);
  }
}

/** @returns the count of `step`s in `value`, or undefined when it is not a whole, representable number. */
function onGrid(value: bigint | undefined, step: bigint): number | undefined {
  if (value === undefined || value < 0n || value % step !== 0n) return undefined;
  const count = value / step;
  return count > 1_000_000_000n ? undefined : Number(count);
}
