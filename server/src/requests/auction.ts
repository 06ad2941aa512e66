/**
 * A request that is put to auction: what the auction may buy is set aside, so that no answer can be taken
 * for it meanwhile, and settled when the auction ends. Who is on the shortlist or has answered is asked to it.
 */
import type { Currency } from '@seam/units';
import { placeById } from '../listings/public.ts';
import type { Connection, Tx } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import {
  closeAnswers,
  lockRequest,
  notLive,
  outstandingKg,
  setRequest,
  settleRequest,
} from './commands/state.ts';
import { moveRequest } from './lifecycle.ts';
import type { Viewer } from './readers.ts';

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
  // An auction sells to one buyer: a pool shares what is awarded to it directly.
  const isOpen = notLive(row, of.now) === undefined && row.poolId === null;
  if (!isOpen || quantityKg <= 0n || quantityKg > outstanding) return refuse('auction.request_unavailable');
  await tx`insert into request_invitation (request_id, organisation_id, invited_by)
    select distinct request_id, seller_id, ${row.createdBy} from response
     where request_id = ${row.id} and state in ('offered', 'shortlisted')
    on conflict do nothing`;
  await settleRequest(tx, row, { auctionedKg: row.auctionedKg + quantityKg });
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
  assert(moveRequest(row.state, 'act'), `request ${row.id} is ${row.state} while an auction buys for it`);
  const contractedKg = row.contractedKg + of.boughtKg;
  const auctionedKg = row.auctionedKg - of.quantityKg;
  const settled = await settleRequest(tx, row, { contractedKg, auctionedKg });
  const isOver = settled.state !== 'contracted' && auctionedKg === 0n && row.negotiations === 0;
  if (!isOver || row.expiresAt > of.now) return;
  await closeAnswers(tx, row.id, 'expired');
  await setRequest(tx, settled, { state: 'expired' });
}

/** Which of these requests the viewer may know of; a company that may supply one is one that may see it. */
export async function requestsShownTo(
  connection: Connection,
  ids: readonly string[],
  viewer: Viewer,
): Promise<ReadonlySet<string>> {
  const own = viewer?.organisationId ?? '';
  const rows = await connection<{ id: string }[]>`
    select id from request r where id = any(${[...ids]}::text[]) and (audience = 'public' or ${viewer?.staff ?? false}
       or buyer_id = ${own} or exists (select 1 from request_invitation i
         where i.request_id = r.id and i.organisation_id = ${own}))`;
  return new Set(rows.map(({ id }) => id));
}
