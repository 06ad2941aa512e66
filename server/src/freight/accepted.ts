/** Quotes that were accepted: the freight of a contract, or of a way that its shipper has agreed on. */
import type { TransportMode } from '@seam/coal';
import type { Currency } from '@seam/units';
import type { Connection } from '../platform/db.ts';

export type AcceptedQuote = {
  readonly quoteId: string;
  readonly version: number;
  readonly requestId: string;
  readonly carrierId: string;
  readonly shipperId: string;
  readonly contractId: string | null;
  readonly fromPlaceId: string;
  readonly toPlaceId: string;
  readonly mode: TransportMode | null;
  readonly currency: Currency;
  readonly pricePerTonne: bigint;
  readonly quantityKg: bigint;
  readonly lossPermille: number;
  readonly hours: number;
  readonly windowTo: string;
};

/** Newest first; of requests that were cancelled afterwards none. */
export async function acceptedQuotes(
  connection: Connection,
  of: { readonly shipperId: string; readonly toPlaceId: string } | { readonly contractId: string },
): Promise<AcceptedQuote[]> {
  const whose =
    'shipperId' in of
      ? connection`r.shipper_id = ${of.shipperId} and r.to_place_id = ${of.toPlaceId}`
      : connection`r.contract_id = ${of.contractId}`;
  const rows = await connection<
    (Omit<AcceptedQuote, 'pricePerTonne' | 'quantityKg'> & { pricePerTonne: string; quantityKg: string })[]
  >`select q.id as "quoteId", v.version, r.id as "requestId", q.carrier_id as "carrierId",
           r.shipper_id as "shipperId", r.contract_id as "contractId", r.from_place_id as "fromPlaceId",
           r.to_place_id as "toPlaceId", r.mode, r.currency, v.price_per_tonne as "pricePerTonne",
           r.quantity_kg as "quantityKg", v.loss_permille as "lossPermille", v.hours,
           r.window_to::text as "windowTo"
      from transport_request r
      join transport_quote q on q.request_id = r.id and q.state = 'accepted'
      join transport_quote_version v on v.quote_id = q.id and v.version = q.accepted_version
     where r.state = 'accepted' and ${whose}
     order by q.accepted_at desc, q.id desc`;
  return rows.map((row) => ({
    ...row,
    pricePerTonne: BigInt(row.pricePerTonne),
    quantityKg: BigInt(row.quantityKg),
  }));
}
