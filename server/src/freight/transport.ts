/** What shippers do: ask for transport, accept one quote, close the request. Locks the request before its quotes. */
import { createHash } from 'node:crypto';
import type { TransportInput } from '@seam/protocol';
import { canonicalJson } from '@seam/units';
import { and, asc, eq, ne } from 'drizzle-orm';
import { placesById } from '../listings/public.ts';
import { type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { Faults, refusalOf } from './input.ts';
import { REQUEST_DAYS_MAX } from './limits.ts';
import type { FreightDeps } from './ports.ts';
import { laneById, openSlot, releaseAll, takeRoom } from './rooms.ts';
import { shipperOf } from './shipper.ts';
import { DAY_MS, dayOf } from './slots.ts';
import {
  type QuoteRow,
  type QuoteVersionRow,
  type TransportRow,
  transportQuote,
  transportQuoteVersion,
  transportRequest,
} from './tables.ts';

export const EXPIRE_TRANSPORT_TOPIC = 'freight.expire_request';
export type TransportDeps = Pick<FreightDeps, 'clock' | 'isCarrier' | 'contractOf' | 'organisations'>;

export async function createTransport(
  tx: Tx,
  deps: TransportDeps,
  principal: Principal,
  input: TransportInput,
): Promise<TransportRow | Refusal> {
  const facts = (await deps.organisations(tx, [principal.organisationId])).get(principal.organisationId);
  if (!facts?.sells && !facts?.buys) return refuse('freight.shippers_only');
  const now = deps.clock.now();
  const faults = new Faults();
  const quantityKg = faults.quantity('quantity', input.quantity);
  const currency = faults.currency(input.currency);
  const window = readWindow(input, now, faults);
  const expiresAt = readDeadline(input.validUntil, window.to, now, faults);
  const places = await placesById(tx, [input.fromPlaceId, input.toPlaceId]);
  for (const field of ['fromPlaceId', 'toPlaceId'] as const)
    if (!places.has(input[field])) faults.add(field, 'freight.place_unknown');
  if (input.fromPlaceId === input.toPlaceId) faults.add('toPlaceId', 'freight.same_place');
  const refusal = refusalOf(faults.fields, faults.accepted);
  if (refusal) return refusal;
  if (input.contractId !== undefined) {
    const ships = await shipperOf(tx, deps.contractOf, input.contractId, principal.organisationId);
    if (isRefusal(ships)) return ships;
  }
  const [row] = await orm(tx)
    .insert(transportRequest)
    .values({
      id: newId(),
      shipperId: principal.organisationId,
      createdBy: principal.personId,
      contractId: input.contractId ?? null,
      fromPlaceId: input.fromPlaceId,
      toPlaceId: input.toPlaceId,
      mode: input.mode ?? null,
      quantityKg,
      windowFrom: window.from,
      windowTo: window.to,
      currency,
      note: input.note ?? '',
      state: 'open',
      expiresAt,
      createdAt: now,
    })
    .returning();
  if (!row) throw new Error('the request for transport was not stored');
  await enqueue(tx, {
    effectKey: `transport:${row.id}:expire`,
    topic: EXPIRE_TRANSPORT_TOPIC,
    payload: { requestId: row.id },
    notBefore: expiresAt,
  });
  return row;
}

function readWindow(input: TransportInput, now: Date, faults: Faults): { from: string; to: string } {
  const from = faults.day('windowFrom', input.windowFrom);
  const to = faults.day('windowTo', input.windowTo);
  if (from && to && to < from) faults.add('windowTo', 'freight.validity_reversed');
  else if (to && to < dayOf(now.getTime())) faults.add('windowTo', 'freight.window_past');
  return { from, to };
}

function readDeadline(text: string | undefined, windowTo: string, now: Date, faults: Faults): Date {
  const end = windowTo ? Date.parse(`${windowTo}T00:00:00Z`) + DAY_MS - 1 : now.getTime();
  const latest = Math.max(now.getTime() + 1, Math.min(end, now.getTime() + REQUEST_DAYS_MAX * DAY_MS));
  if (text === undefined) return new Date(latest);
  const at = Date.parse(text);
  if (at > now.getTime() && at <= latest) return new Date(at);
  faults.add('validUntil', 'freight.deadline_invalid', `≤ ${new Date(latest).toISOString()}`);
  return now;
}

/** Both locked. For everyone but the shipper the request does not exist. */
async function lockOwn(tx: Tx, principal: Principal, id: string): Promise<TransportRow | undefined> {
  const row = await lockTransport(tx, id);
  return row?.shipperId === principal.organisationId ? row : undefined;
}

export async function lockTransport(tx: Tx, id: string): Promise<TransportRow | undefined> {
  return first(
    await orm(tx).select().from(transportRequest).where(eq(transportRequest.id, id)).for('update'),
  );
}

/** Whether answers are taken at this moment: the hour counts, not when the sweeper comes round. */
export function isOpen(row: TransportRow, now: Date): boolean {
  return row.state === 'open' && row.expiresAt > now;
}

/**
 * Takes exactly the version whose hash is named, with the room it promises; all other quotes are declined.
 * Of two acceptances at once the request's lock lets one through.
 */
export async function acceptQuote(
  tx: Tx,
  deps: TransportDeps,
  principal: Principal,
  of: { readonly requestId: string; readonly quoteId: string; readonly hash: string },
): Promise<TransportRow | Refusal> {
  const now = deps.clock.now();
  const request = await lockOwn(tx, principal, of.requestId);
  const quote = request && (await quoteOf(tx, request.id, of.quoteId));
  if (!request || !quote) return refuse('resource.not_found');
  if (!isOpen(request, now)) return refuse('freight.not_open', { detail: `it is ${request.state}` });
  const version = await versionOf(tx, quote);
  if (quote.state !== 'offered' || version.validUntil <= now)
    return refuse('freight.quote_closed', { detail: `it is ${quote.state}` });
  const stands = Buffer.from(version.sha256).toString('hex');
  if (stands !== of.hash || hashOf(request, quote, version).toString('hex') !== stands)
    return refuse('freight.quote_changed', { accepted: { hash: stands } });
  const taken = await takeQuotedRoom(tx, { request, quote, version, principal, now });
  if (taken) return taken;
  await orm(tx)
    .update(transportQuote)
    .set({
      state: 'accepted',
      acceptedVersion: version.version,
      acceptedBy: principal.personId,
      acceptedAt: now,
    })
    .where(eq(transportQuote.id, quote.id));
  await orm(tx)
    .update(transportQuote)
    .set({ state: 'declined' })
    .where(
      and(
        eq(transportQuote.requestId, request.id),
        ne(transportQuote.id, quote.id),
        eq(transportQuote.state, 'offered'),
      ),
    );
  return setState(tx, request, 'accepted');
}

async function takeQuotedRoom(
  tx: Tx,
  of: {
    readonly request: TransportRow;
    readonly quote: QuoteRow;
    readonly version: QuoteVersionRow;
    readonly principal: Principal;
    readonly now: Date;
  },
): Promise<Refusal | undefined> {
  const { request, quote, version, principal, now } = of;
  const slots = version.slots.toSorted((a, b) => (a.laneId + a.begins < b.laneId + b.begins ? -1 : 1));
  for (const { laneId, begins, kg } of slots) {
    const lane = await laneById(tx, laneId);
    const slot = lane && openSlot(lane, begins, now);
    if (!lane || !slot) return refuse('freight.no_capacity');
    if (isRefusal(slot)) return refuse('freight.no_capacity', { detail: slot.refused });
    const room = await takeRoom(
      tx,
      lane,
      { begins: slot.begins, kg: BigInt(kg) },
      {
        organisationId: request.shipperId,
        personId: principal.personId,
        quoteId: quote.id,
        at: now,
      },
    );
    if (isRefusal(room)) return room;
  }
  return undefined;
}

/** Also after acceptance: the room that the quote took is free again. */
export async function cancelTransport(
  tx: Tx,
  deps: TransportDeps,
  principal: Principal,
  id: string,
): Promise<TransportRow | Refusal> {
  const request = await lockOwn(tx, principal, id);
  if (!request) return refuse('resource.not_found');
  if (request.state !== 'open' && request.state !== 'accepted')
    return refuse('freight.not_open', { detail: `it is ${request.state}` });
  await closeQuotes(tx, request, 'declined', deps.clock.now());
  return setState(tx, request, 'cancelled');
}

/** Ends a request whose time is over. Safe to call at any time and twice. */
export async function expireTransport(tx: Tx, id: string, now: Date): Promise<void> {
  const request = await lockTransport(tx, id);
  if (request?.state !== 'open' || request.expiresAt > now) return;
  await closeQuotes(tx, request, 'expired', now);
  await setState(tx, request, 'expired');
}

async function closeQuotes(
  tx: Tx,
  request: TransportRow,
  state: 'declined' | 'expired',
  now: Date,
): Promise<void> {
  const quotes = await orm(tx)
    .select()
    .from(transportQuote)
    .where(eq(transportQuote.requestId, request.id))
    .orderBy(asc(transportQuote.id))
    .for('update');
  for (const quote of quotes) {
    if (quote.state === 'accepted') await releaseAll(tx, { quoteId: quote.id }, now);
    // What was accepted stays on record as accepted, with its version.
    if (quote.state === 'offered')
      await orm(tx).update(transportQuote).set({ state }).where(eq(transportQuote.id, quote.id));
  }
}

async function setState(tx: Tx, request: TransportRow, state: TransportRow['state']): Promise<TransportRow> {
  await orm(tx).update(transportRequest).set({ state }).where(eq(transportRequest.id, request.id));
  return { ...request, state };
}

/** Locked. */
async function quoteOf(tx: Tx, requestId: string, quoteId: string): Promise<QuoteRow | undefined> {
  return first(
    await orm(tx)
      .select()
      .from(transportQuote)
      .where(and(eq(transportQuote.id, quoteId), eq(transportQuote.requestId, requestId)))
      .for('update'),
  );
}

async function versionOf(tx: Tx, quote: QuoteRow): Promise<QuoteVersionRow> {
  const row = first(
    await orm(tx)
      .select()
      .from(transportQuoteVersion)
      .where(
        and(eq(transportQuoteVersion.quoteId, quote.id), eq(transportQuoteVersion.version, quote.version)),
      ),
  );
  if (!row) throw new Error(`quote ${quote.id} has lost version ${quote.version}`);
  return row;
}

/** SHA-256 of everything that a quote promises and what it answers: whoever accepts it has read just that. */
export function hashOf(
  request: TransportRow,
  quote: Pick<QuoteRow, 'id' | 'carrierId'>,
  version: Omit<QuoteVersionRow, 'sha256' | 'quoteId' | 'madeBy' | 'madeAt'>,
): Buffer {
  const text = canonicalJson({
    schema: 'seam.transport-quote.1',
    requestId: request.id,
    shipperId: request.shipperId,
    contractId: request.contractId,
    fromPlaceId: request.fromPlaceId,
    toPlaceId: request.toPlaceId,
    mode: request.mode,
    quantityKg: String(request.quantityKg),
    windowFrom: request.windowFrom,
    windowTo: request.windowTo,
    currency: request.currency,
    quoteId: quote.id,
    carrierId: quote.carrierId,
    version: version.version,
    pricePerTonne: String(version.pricePerTonne),
    lossPermille: version.lossPermille,
    hours: version.hours,
    slots: version.slots.map(({ laneId, begins, kg }) => ({ laneId, begins, kg })),
    note: version.note,
    validUntil: version.validUntil.toISOString(),
  });
  return createHash('sha256').update(text).digest();
}
