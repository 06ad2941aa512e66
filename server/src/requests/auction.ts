/**
 * A request that is put to auction: what the auction may buy is set aside, so that no answer can be taken
 * for it meanwhile, and settled when the auction ends.
 */
import type { Currency } from '@seam/units';
import { placeById } from '../listings/public.ts';
import type { Tx } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { closeAnswers, lockRequest, outstandingKg, setRequest } from './commands.ts';
import { moveRequest } from './lifecycle.ts';

export type ReservedRequest = {
  readonly currency: Currency;
  readonly quantityKg: bigint;
  readonly plantName: string;
  readonly plantNameZh: string | null;
};

/** Sets `quantityKg` of the buyer's own open request aside; absent: all that is outstanding. */
export async function reserveRequest(
  tx: Tx,
  of: { requestId: string; buyerId: string; quantityKg: bigint | undefined; now: Date },
): Promise<ReservedRequest | Refusal> {
  const row = await lockRequest(tx, of.requestId);
  if (!row || row.buyerId !== of.buyerId) return refuse('resource.not_found');
  const outstanding = outstandingKg(row);
  const quantityKg = of.quantityKg ?? outstanding;
  const isOpen = moveRequest(row.state, 'take_part') !== undefined && row.expiresAt > of.now;
  if (!isOpen || quantityKg <= 0n || quantityKg > outstanding) return refuse('auction.request_unavailable');
  await setRequest(tx, row, { auctionedKg: row.auctionedKg + quantityKg });
  const plant = await placeById(tx, row.plantPlaceId);
  assert(plant, `request ${row.id} has lost its plant`);
  return { currency: row.currency, quantityKg, plantName: plant.name, plantNameZh: plant.nameZh };
}

/** The auction of `quantityKg` bought `boughtKg`; the rest is outstanding again, or its time is over. */
export async function concludeRequest(
  tx: Tx,
  of: { requestId: string; quantityKg: bigint; boughtKg: bigint; now: Date },
): Promise<void> {
  const row = await lockRequest(tx, of.requestId);
  assert(row, `request ${of.requestId} of an auction is missing`);
  const contractedKg = row.contractedKg + of.boughtKg;
  const auctionedKg = row.auctionedKg - of.quantityKg;
  const isWhole = contractedKg === row.quantityKg;
  const bought = of.boughtKg === 0n ? row.state : moveRequest(row.state, isWhole ? 'take_rest' : 'take_part');
  assert(bought, `request ${row.id} is ${row.state} while an auction buys for it`);
  const isExpired = !isWhole && auctionedKg === 0n && row.expiresAt <= of.now;
  const state = isExpired ? (moveRequest(bought, 'expire') ?? bought) : bought;
  await setRequest(tx, row, { state, contractedKg, auctionedKg });
  if (state === 'contracted') await closeAnswers(tx, row.id, 'declined');
  if (state === 'expired') await closeAnswers(tx, row.id, 'expired');
}
