/**
 * The buyer buys what producers answered: parts of one answer or of several, in one transaction, all of it
 * or nothing. Of a pool every member gets its share of each lot by a sale of its own.
 */
import type { AwardInput } from '@seam/protocol';
import { formatTonnes } from '@seam/units';
import { and, eq } from 'drizzle-orm';
import { type FieldErrors, readQuantity, refusalOf } from '../../listings/public.ts';
import { type Tx, orm } from '../../platform/db.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { moveResponse } from '../lifecycle.ts';
import { linesOf } from '../lines.ts';
import type { Actor } from '../ports.ts';
import {
  type AwardRow,
  type RequestRow,
  type ResponseLotRow,
  type ResponseRow,
  response,
  responseLot,
} from '../tables.ts';
import { type SellingDeps, mayBind, sellToRequest } from './sell.ts';
import { exceeded, lockOwn, lockResponses, notLive, outstandingKg, settleRequest } from './state.ts';

/** How much of which line. */
type Line = { readonly row: ResponseRow; readonly lot: ResponseLotRow; readonly kg: bigint };

export async function awardRequest(
  tx: Tx,
  deps: SellingDeps,
  actor: Actor,
  of: { readonly requestId: string; readonly input: AwardInput },
): Promise<AwardRow[] | Refusal> {
  const now = deps.clock.now();
  const to = await lockOwn(tx, actor, of.requestId);
  if (isRefusal(to)) return to;
  const closed = notLive(to, now);
  if (closed) return closed;
  const lines = await readLines(tx, to, of.input, now);
  if (isRefusal(lines)) return lines;
  const outstanding = outstandingKg(to);
  const total = lines.reduce((sum, { kg }) => sum + kg, 0n);
  if (total > outstanding) return exceeded(outstanding);
  const parts = lines.map(({ lot: { pricePerTonne }, kg }) => ({ kg, pricePerTonne }));
  const beyond = await mayBind(tx, deps, { actor, currency: to.currency, parts });
  if (beyond) return beyond;
  const made: AwardRow[] = [];
  // Lots are locked in the order of their ids: two awards of the same lots never wait for each other.
  for (const line of lines.toSorted((a, b) => (a.lot.listingId < b.lot.listingId ? -1 : 1))) {
    const { row, lot, kg } = line;
    const { listingId, pricePerTonne } = lot;
    const goods = { listingId, sellerId: row.sellerId, responseId: row.id, kg, pricePerTonne };
    const sold = await sellToRequest(tx, deps, { actor, to, goods, now });
    if (isRefusal(sold)) return sold;
    made.push(...sold);
    await orm(tx)
      .update(responseLot)
      .set({ takenKg: kg })
      .where(and(eq(responseLot.responseId, row.id), eq(responseLot.listingId, listingId)));
  }
  for (const row of new Set(lines.map((line) => line.row))) {
    await orm(tx).update(response).set({ state: 'taken' }).where(eq(response.id, row.id));
  }
  await settleRequest(tx, to, { contractedKg: to.contractedKg + total });
  return made;
}

async function readLines(
  tx: Tx,
  to: RequestRow,
  { awards }: AwardInput,
  now: Date,
): Promise<Line[] | Refusal> {
  const ids = awards.map(({ responseId }) => responseId);
  if (new Set(ids).size < ids.length) return refuse('purchase_request.award_twice');
  const rows = await lockResponses(tx, to, ids);
  const lots = await linesOf(tx, ids);
  const fields: FieldErrors = {};
  const accepted: Record<string, string> = {};
  const lines: Line[] = [];
  for (const [place, one] of awards.entries()) {
    const row = rows.find(({ id }) => id === one.responseId);
    if (!row) return refuse('resource.not_found');
    if (!moveResponse(row.state, 'take') || row.state === 'negotiating' || row.validUntil <= now)
      return refuse('purchase_request.response_closed', { detail: `it is ${row.state}` });
    if (row.version !== one.version)
      return refuse('purchase_request.response_changed', { accepted: { version: String(row.version) } });
    const own = lots.filter(({ responseId }) => responseId === row.id);
    const chosen =
      one.lots ?? own.map((lot) => ({ listingId: lot.listingId, quantity: formatTonnes(lot.quantityKg) }));
    for (const [at, { listingId, quantity }] of chosen.entries()) {
      const field = `awards.${place}.lots.${at}`;
      const lot = own.find((each) => each.listingId === listingId);
      const kg = readQuantity(quantity, `${field}.quantity`, fields, accepted);
      if (!lot) fields[`${field}.listingId`] = 'purchase_request.lot_unknown';
      else if (lines.some((line) => line.lot === lot))
        fields[`${field}.listingId`] = 'purchase_request.lot_twice';
      else {
        if (kg > 0n && (kg < lot.minimumKg || kg > lot.quantityKg)) {
          fields[`${field}.quantity`] = 'purchase_request.award_out_of_range';
          accepted[`${field}.quantity`] = `${formatTonnes(lot.minimumKg)} – ${formatTonnes(lot.quantityKg)}`;
        }
        lines.push({ row, lot, kg });
      }
    }
  }
  return refusalOf(fields, accepted, 'purchase_request.invalid') ?? lines;
}
