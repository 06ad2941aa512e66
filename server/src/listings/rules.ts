/**
 * What a seller may state: pure, no clock, no database. Every fault is found at once and named by field,
 * so that a form shows them all.
 */
import type { ListingInput } from '@seam/protocol';
import type { Assay } from '@seam/coal';
import type { Refusal } from '../platform/refusal.ts';
import { type Accepted, type FieldErrors, parseAssay } from './assay.ts';
import { type ChannelTerms, checkChannel } from './channels.ts';
import {
  checkCoordinates,
  checkWindow,
  readPrice,
  readQuantity,
  readValidUntil,
  refusalOf,
} from './readers.ts';
import type { SessionRow } from './tables-more.ts';

export type CheckedListing = {
  readonly assay: Assay;
  readonly quantityKg: bigint;
  readonly pricePerTonne: bigint | null;
  readonly startPrice: bigint | null;
  readonly expiresAt: Date;
  readonly channel: ChannelTerms;
};

/** @param session the one the lot names, when there is such a session. */
export function checkListing(input: ListingInput, now: Date, session?: SessionRow): CheckedListing | Refusal {
  const parsed = parseAssay(input.assay);
  const fields: FieldErrors = 'fields' in parsed ? { ...parsed.fields } : {};
  const accepted: Accepted = 'accepted' in parsed ? { ...parsed.accepted } : {};

  const quantityKg = readQuantity(input.quantity, 'quantity', fields, accepted);
  const { pricePerTonne, startPrice } = readPrices(input, fields);
  checkWindow(input, now, fields);
  const channel = checkChannel(input, { quantityKg, session, now }, fields, accepted);
  const asked = readValidUntil(input, now, fields);
  const expiresAt = channel.endsAt && channel.endsAt < asked ? channel.endsAt : asked;
  if ((input.mineId === undefined) === (input.newMine === undefined))
    fields['mineId'] = 'listing.mine_unknown';
  if (input.newMine) checkCoordinates(input.newMine, 'newMine', fields);
  const refusal = refusalOf(fields, accepted);
  if (refusal) return refusal;
  if (!('assay' in parsed)) throw new Error('an assay without faults was parsed');
  return { assay: parsed.assay, quantityKg, pricePerTonne, startPrice, expiresAt, channel };
}

function readPrices(
  input: ListingInput,
  fields: FieldErrors,
): { pricePerTonne: bigint | null; startPrice: bigint | null } {
  const auction = input.saleMethod === 'auction';
  if (auction && input.price !== undefined) fields['price'] = 'listing.price_not_for_auction';
  const [name, text] = auction
    ? (['startPrice', input.startPrice] as const)
    : (['price', input.price] as const);
  if (text === undefined) {
    // The starting price may also be set when the auction is planned.
    if (!auction) fields['price'] = 'listing.price_required';
    return { pricePerTonne: null, startPrice: null };
  }
  const value = readPrice(text, name, fields);
  return auction ? { pricePerTonne: null, startPrice: value } : { pricePerTonne: value, startPrice: null };
}
