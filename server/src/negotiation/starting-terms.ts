/** What an offer form begins with: the last offer, else the answer to the request, else the lot. */
import type { OfferTerms } from '@seam/protocol';
import { formatMoney, formatScaled, formatTonnes } from '@seam/units';
import { and, eq } from 'drizzle-orm';
import { STANDARD } from '../contracts/public.ts';
import { listingById, monthsOf } from '../listings/public.ts';
import { type Connection, first, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { type NegotiationRow, type OfferRow, entry } from './tables.ts';

export async function startingTerms(
  connection: Connection,
  row: NegotiationRow,
  last: OfferRow | undefined,
): Promise<OfferTerms> {
  if (last) return (JSON.parse(last.terms) as { terms: OfferTerms }).terms;
  const lot = await listingById(connection, row.listingId);
  assert(lot, `listing ${row.listingId} of negotiation ${row.id} is missing`);
  const start = row.requestId === null ? {} : await startOf(connection, row.id);
  const price = wholeOr(start.pricePerTonne, lot.pricePerTonne ?? lot.startPrice);
  const percent = (basisPoints: number): string => formatScaled(BigInt(basisPoints), 2);
  const quantityKg = wholeOr(start.quantityKg, lot.remainingKg) ?? 0n;
  // An annual lot is talked about as one: in the months its seller named.
  const months = monthsOf(lot, quantityKg)?.filter(({ kg }) => kg !== '0') ?? [];
  return {
    kind: months.length > 0 ? 'long_term' : 'spot',
    quantity: formatTonnes(quantityKg),
    tolerance: percent(0),
    currency: (start.currency ?? lot.currency ?? 'CNY') as OfferTerms['currency'],
    price: { kind: 'fixed', perTonne: price === null ? '0.00' : formatMoney(price) },
    deliveryTerm: lot.deliveryTerm as OfferTerms['deliveryTerm'],
    deliveryPlaceId: null,
    windowFrom: lot.windowFrom,
    windowTo: lot.windowTo,
    transport: lot.transport,
    payment: {
      provisionalPercent: percent(STANDARD.payment.provisionalBasisPoints),
      provisionalWithinDays: STANDARD.payment.provisionalWithinDays,
      latePercentPerDay: percent(STANDARD.payment.lateBasisPointsPerDay),
    },
    quality: null,
    months:
      months.length > 0
        ? months.map(({ month, kg }) => ({ month, quantity: formatTonnes(BigInt(kg)) }))
        : null,
  };
}

type Start = {
  readonly quantityKg?: string;
  readonly pricePerTonne?: string;
  readonly currency?: string;
};

/** What the answer said when the talk began: its first entry. */
async function startOf(connection: Connection, id: string): Promise<Start> {
  const opened = first(
    await orm(connection)
      .select({ body: entry.body })
      .from(entry)
      .where(and(eq(entry.negotiationId, id), eq(entry.n, 1))),
  );
  return opened ? (JSON.parse(opened.body) as Start) : {};
}

const wholeOr = (text: string | undefined, other: bigint | null): bigint | null =>
  text === undefined ? other : BigInt(text);
