/** What carriers do: answer a request for transport, answer anew, take the answer back. */
import type { QuoteInput } from '@seam/protocol';
import { formatTonnes } from '@seam/units';
import { and, eq } from 'drizzle-orm';
import { type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { Faults, refusalOf } from './input.ts';
import { laneById, openSlot } from './rooms.ts';
import {
  type QuoteRow,
  type QuotedSlot,
  type TransportRow,
  transportQuote,
  transportQuoteVersion,
} from './tables.ts';
import { DAY_MS } from './slots.ts';
import { type TransportDeps, hashOf, isOpen, lockTransport } from './transport.ts';

type CheckedQuote = {
  readonly pricePerTonne: bigint;
  readonly lossPermille: number;
  readonly hours: number;
  readonly slots: readonly QuotedSlot[];
  readonly note: string;
  readonly validUntil: Date;
};

export async function quoteTransport(
  tx: Tx,
  deps: TransportDeps,
  principal: Principal,
  of: { readonly requestId: string; readonly input: QuoteInput },
): Promise<TransportRow | Refusal> {
  const now = deps.clock.now();
  if (!(await deps.isCarrier(tx, principal.organisationId))) return refuse('freight.not_a_carrier');
  const request = await lockTransport(tx, of.requestId);
  if (!request) return refuse('resource.not_found');
  const known = await ownQuote(tx, request, principal);
  if (!isOpen(request, now)) {
    // A carrier that never answered does not see a request that is closed.
    return known
      ? refuse('freight.not_open', { detail: `it is ${request.state}` })
      : refuse('resource.not_found');
  }
  const checked = await checkQuote(tx, { request, carrierId: principal.organisationId, now }, of.input);
  if (isRefusal(checked)) return checked;
  const version = (known?.version ?? 0) + 1;
  const quote = { id: known?.id ?? newId(), carrierId: principal.organisationId };
  if (known)
    await orm(tx)
      .update(transportQuote)
      .set({ state: 'offered', version })
      .where(eq(transportQuote.id, known.id));
  else
    await orm(tx)
      .insert(transportQuote)
      .values({ ...quote, requestId: request.id, state: 'offered', version });
  await orm(tx)
    .insert(transportQuoteVersion)
    .values({
      ...checked,
      quoteId: quote.id,
      version,
      sha256: hashOf(request, quote, { ...checked, version }),
      madeBy: principal.personId,
      madeAt: now,
    });
  return request;
}

export async function withdrawQuote(
  tx: Tx,
  principal: Principal,
  of: { readonly requestId: string; readonly quoteId: string },
): Promise<TransportRow | Refusal> {
  const request = await lockTransport(tx, of.requestId);
  const quote = request && (await ownQuote(tx, request, principal));
  if (!request || quote?.id !== of.quoteId) return refuse('resource.not_found');
  if (quote.state !== 'offered') return refuse('freight.quote_closed', { detail: `it is ${quote.state}` });
  await orm(tx).update(transportQuote).set({ state: 'withdrawn' }).where(eq(transportQuote.id, quote.id));
  return request;
}

async function ownQuote(
  tx: Tx,
  request: TransportRow,
  { organisationId }: Principal,
): Promise<QuoteRow | undefined> {
  return first(
    await orm(tx)
      .select()
      .from(transportQuote)
      .where(and(eq(transportQuote.requestId, request.id), eq(transportQuote.carrierId, organisationId)))
      .for('update'),
  );
}

async function checkQuote(
  tx: Tx,
  of: { readonly request: TransportRow; readonly carrierId: string; readonly now: Date },
  input: QuoteInput,
): Promise<CheckedQuote | Refusal> {
  const { request, now } = of;
  const faults = new Faults();
  const pricePerTonne = faults.amount('pricePerTonne', input.pricePerTonne, request.currency);
  if (!faults.any && pricePerTonne === 0n) faults.add('pricePerTonne', 'freight.amount_negative', '> 0');
  const hours = faults.count('hours', input.hours ?? '0', [0, 4000], 'freight.hours_out_of_range');
  const lossPermille = faults.count(
    'lossPermille',
    input.lossPermille ?? '0',
    [0, 100],
    'freight.loss_out_of_range',
  );
  const validUntil = new Date(Date.parse(input.validUntil));
  const latest = Date.parse(`${request.windowTo}T00:00:00Z`) + DAY_MS - 1;
  if (!(validUntil > now && validUntil.getTime() <= latest))
    faults.add('validUntil', 'freight.deadline_invalid', `≤ ${new Date(latest).toISOString()}`);
  const slots = await checkSlots(tx, of, input.slots ?? [], faults);
  return (
    refusalOf(faults.fields, faults.accepted) ?? {
      pricePerTonne,
      hours,
      lossPermille,
      slots,
      note: input.note ?? '',
      validUntil,
    }
  );
}

/** Lanes of the carrier's own with room said; whether it is still free is decided on acceptance. */
async function checkSlots(
  tx: Tx,
  of: { readonly request: TransportRow; readonly carrierId: string; readonly now: Date },
  given: NonNullable<QuoteInput['slots']>,
  faults: Faults,
): Promise<QuotedSlot[]> {
  const slots: QuotedSlot[] = [];
  let total = 0n;
  for (const [index, { laneId, day, quantity }] of given.entries()) {
    const name = (field: string): string => `slots.${index}.${field}`;
    const kg = faults.quantity(name('quantity'), quantity);
    const on = faults.day(name('day'), day);
    const lane = await laneById(tx, laneId);
    if (lane?.carrierId !== of.carrierId) {
      faults.add(name('laneId'), 'freight.slot_foreign');
      continue;
    }
    const slot = on === '' ? undefined : openSlot(lane, on, of.now);
    if (slot && isRefusal(slot)) faults.add(name('day'), slot.refused);
    else if (slot) slots.push({ laneId, begins: slot.begins, kg: String(kg) });
    total += kg;
  }
  if (given.length > 0 && !faults.any && total < of.request.quantityKg)
    faults.add('slots', 'freight.slots_short', `≥ ${formatTonnes(of.request.quantityKg)}`);
  return slots;
}
