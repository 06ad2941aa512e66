/**
 * Requests for transport, each seen by its shipper with every quote, and by a carrier with its own quote only:
 * while it is open, and afterwards when it answered. Nobody else knows that it is there.
 */
import type { ReservationView, TransportView } from '@seam/protocol';
import { formatTonnes } from '@seam/units';
import { and, desc, eq, inArray } from 'drizzle-orm';
import { placesById } from '../listings/public.ts';
import { type Connection, first, orm } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { laneViews } from './lane-queries.ts';
import { PAGE } from './limits.ts';
import type { FreightDeps } from './ports.ts';
import { slotOf } from './slots.ts';
import {
  type QuoteRow,
  type QuoteVersionRow,
  type ReservationRow,
  type TransportRow,
  freightLane,
  freightReservation,
  freightSlot,
  transportQuote,
  transportQuoteVersion,
  transportRequest,
} from './tables.ts';
import { isOpen } from './transport.ts';
import { partyIn, placeIn, quoteView, slotView } from './view.ts';

type Deps = Pick<FreightDeps, 'clock' | 'organisations' | 'isCarrier'>;
type Quoted = { readonly quote: QuoteRow; readonly version: QuoteVersionRow };

export async function listTransport(
  deps: Deps,
  connection: Connection,
  principal: Principal,
  cursor: string | undefined,
): Promise<{ items: TransportView[]; nextCursor: string | null }> {
  const { organisationId } = principal;
  const carries = await deps.isCarrier(connection, organisationId);
  const ids = await connection<{ id: string }[]>`
    select id from transport_request r
     where (${carries} and ((state = 'open' and expires_at > ${deps.clock.now()})
              or exists (select 1 from transport_quote q where q.request_id = r.id and q.carrier_id = ${organisationId}))
            or shipper_id = ${organisationId})
       and ${cursor === undefined ? connection`true` : connection`id < ${cursor}`}
     order by id desc limit ${PAGE + 1}`;
  const rows = await orm(connection)
    .select()
    .from(transportRequest)
    .where(
      inArray(
        transportRequest.id,
        ids.slice(0, PAGE).map(({ id }) => id),
      ),
    )
    .orderBy(desc(transportRequest.id));
  return {
    items: await transportViews(deps, connection, principal, rows),
    nextCursor: ids.length > PAGE ? (rows.at(-1)?.id ?? null) : null,
  };
}

/** @returns undefined for everyone who may not see it. */
export async function transportById(
  deps: Deps,
  connection: Connection,
  principal: Principal,
  id: string,
): Promise<TransportView | undefined> {
  const row = first(await orm(connection).select().from(transportRequest).where(eq(transportRequest.id, id)));
  if (!row) return undefined;
  const [view] = await transportViews(deps, connection, principal, [row]);
  if (!view || view.own || view.quotes.length > 0) return view;
  const open = isOpen(row, deps.clock.now());
  return open && (await deps.isCarrier(connection, principal.organisationId)) ? view : undefined;
}

export async function transportViews(
  deps: Deps,
  connection: Connection,
  principal: Principal,
  rows: readonly TransportRow[],
): Promise<TransportView[]> {
  const quoted = await quotesOf(connection, rows);
  const places = await placesById(
    connection,
    rows.flatMap((row) => [row.fromPlaceId, row.toPlaceId]),
  );
  const names = await deps.organisations(connection, [
    ...new Set([...rows.map(({ shipperId }) => shipperId), ...quoted.map(({ quote }) => quote.carrierId)]),
  ]);
  const now = deps.clock.now();
  return rows.map((request) => {
    const own = request.shipperId === principal.organisationId;
    const seen = quoted.filter(
      ({ quote }) => quote.requestId === request.id && (own || quote.carrierId === principal.organisationId),
    );
    const { id, mode, currency, contractId, note, windowFrom, windowTo } = request;
    return {
      id,
      shipper: partyIn(names, request.shipperId),
      state: request.state === 'open' && !isOpen(request, now) ? 'expired' : request.state,
      from: placeIn(places, request.fromPlaceId),
      to: placeIn(places, request.toPlaceId),
      mode,
      quantity: formatTonnes(request.quantityKg),
      windowFrom,
      windowTo,
      currency,
      // Which contract it is for is the shipper's own business.
      contractId: own ? contractId : null,
      note,
      expiresAt: request.expiresAt.toISOString(),
      createdAt: request.createdAt.toISOString(),
      own,
      quotes: seen
        .toSorted(byPrice)
        .map(({ quote, version }) =>
          quoteView(quote, version, { request, names, organisationId: principal.organisationId, now }),
        ),
    };
  });
}

function byPrice(a: Quoted, b: Quoted): number {
  const [left, right] = [a.version.pricePerTonne, b.version.pricePerTonne];
  if (left !== right) return left < right ? -1 : 1;
  return a.quote.id < b.quote.id ? -1 : 1;
}

async function quotesOf(connection: Connection, rows: readonly TransportRow[]): Promise<Quoted[]> {
  if (rows.length === 0) return [];
  const found = await orm(connection)
    .select()
    .from(transportQuote)
    .innerJoin(
      transportQuoteVersion,
      and(
        eq(transportQuoteVersion.quoteId, transportQuote.id),
        eq(transportQuoteVersion.version, transportQuote.version),
      ),
    )
    .where(
      inArray(
        transportQuote.requestId,
        rows.map(({ id }) => id),
      ),
    );
  return found.map((row) => ({ quote: row.transport_quote, version: row.transport_quote_version }));
}

export async function listReservations(
  deps: Deps,
  connection: Connection,
  principal: Principal,
  of: { readonly id?: string } = {},
): Promise<ReservationView[]> {
  const rows: ReservationRow[] = await orm(connection)
    .select()
    .from(freightReservation)
    .where(
      and(
        eq(freightReservation.organisationId, principal.organisationId),
        of.id === undefined ? undefined : eq(freightReservation.id, of.id),
      ),
    )
    .orderBy(desc(freightReservation.id))
    .limit(PAGE);
  if (rows.length === 0) return [];
  const laneIds = [...new Set(rows.map(({ laneId }) => laneId))];
  const lanes = await orm(connection).select().from(freightLane).where(inArray(freightLane.id, laneIds));
  const views = await laneViews(deps, connection, principal, lanes);
  const slots = await orm(connection).select().from(freightSlot).where(inArray(freightSlot.laneId, laneIds));
  return rows.flatMap((row): ReservationView[] => {
    const lane = views.find(({ id }) => id === row.laneId);
    const slot = slots.find((each) => each.laneId === row.laneId && each.begins === row.begins);
    if (!lane || !slot) return [];
    // A slot tells by its first day what it is a slot of, also after the lane changed.
    const period = lane.capacity?.per ?? (slotOf('month', slot.begins) === slot.begins ? 'month' : 'week');
    return [
      {
        id: row.id,
        lane,
        slot: slotView(period, slot),
        quantity: formatTonnes(row.quantityKg),
        contractId: row.contractId,
        quoteId: row.quoteId,
        state: row.state,
        createdAt: row.createdAt.toISOString(),
      },
    ];
  });
}
