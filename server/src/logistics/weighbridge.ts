/**
 * A weighbridge with a key of its own: the empty truck first, then the loaded one, or both in one message. Its word
 * is believed for the kilograms; plate, time, tare, load and what is left are judged here.
 */
import {
  type DeviceMessage,
  LEGAL_GROSS_KG,
  Weighing,
  type WeighingAnswer,
  axlesOf,
  samePlate,
} from '@seam/protocol';
import { eq } from 'drizzle-orm';
import { Compile } from 'typebox/compile';
import { type Tx, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { openCase } from './cases.ts';
import { earlierAnswer, freshSender, keepMessage, seen } from './devices.ts';
import { orderRefusal } from './lifecycle.ts';
import { CLOCK_AHEAD_MS, READING_AGE_MS, TARE_AGE_MS, legalGrossKg } from './limits.ts';
import { type MovedBy, movePassRow } from './moves.ts';
import type { PassKey } from './pass-token.ts';
import { type FoundPass, findPass, weighingRefusal } from './passes.ts';
import { type DeviceRow, type PassRow, pickupPass } from './tables.ts';
import { endIfExhausted, lift } from './tickets.ts';

const readWeighing = Compile(Weighing);

/** One message of a weighbridge; a repeat gets the first answer. */
export async function takeWeighing(
  tx: Tx,
  key: PassKey,
  message: DeviceMessage,
  now: Date,
): Promise<WeighingAnswer | Refusal> {
  const sender = await freshSender(tx, 'weighbridge', 'weighing', message, now);
  if ('refused' in sender) return sender;
  const earlier = await earlierAnswer<WeighingAnswer>(tx, 'weighing', message);
  if (earlier === 'conflict') return refuse('device.sequence_conflict');
  if (earlier !== 'new') return earlier.answer;
  const weighing = readPayload(message.payload);
  if (!weighing || (!weighing.tare && !weighing.gross)) return refuse('device.payload_invalid');
  const found = await findPass(tx, key, sender.organisationId, weighing.pass);
  if ('refused' in found) return found;
  const answer = await weighTruck(tx, sender, found, { weighing, sequence: message.sequence, now });
  if ('refused' in answer) return answer;
  await keepMessage(tx, 'weighing', message, answer, now);
  await seen(tx, sender.id, now);
  return answer;
}

export function readPayload(payload: string): Weighing | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return readWeighing.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Number reuse by a device is for people: two different messages cannot both be its n-th. */
export async function caseOfConflict(tx: Tx, message: DeviceMessage, now: Date): Promise<void> {
  await openCase(tx, {
    kind: 'sequence_conflict',
    subject: `${message.device} ${message.sequence}`,
    said: { code: 'same_number', sequence: String(message.sequence) },
    deviceId: message.device,
    now,
  });
}

type Given = { readonly weighing: Weighing; readonly sequence: number; readonly now: Date };

async function weighTruck(
  tx: Tx,
  sender: DeviceRow,
  found: FoundPass,
  given: Given,
): Promise<WeighingAnswer | Refusal> {
  const { weighing, now } = given;
  const again = await sameTicket(tx, found.pass, weighing);
  if (again) return again;
  const refusal = orderRefusal(found.order) ?? weighingRefusal(found.pass, now);
  if (refusal) return refusal;
  if (!samePlate(weighing.plate, found.pass.plate))
    return refuse('weighing.plate_differs', { accepted: { plate: found.pass.plate } });
  for (const reading of [weighing.tare, weighing.gross])
    if (reading && !isRecent(reading.at, now)) return refuse('weighing.time_invalid');
  const by: MovedBy = { side: 'device', device: { id: sender.id, sequence: given.sequence } };
  const empty = weighing.tare ? await weighEmpty(tx, found.pass, weighing.tare, by, now) : found.pass;
  if ('refused' in empty) return empty;
  if (!weighing.gross) return answerOf({ ...found, pass: empty }, null);
  return weighLoaded(tx, sender, { ...found, pass: empty }, { ...given, gross: weighing.gross, by });
}

async function weighEmpty(
  tx: Tx,
  pass: PassRow,
  tare: NonNullable<Weighing['tare']>,
  by: MovedBy,
  now: Date,
): Promise<PassRow | Refusal> {
  const at = new Date(tare.at);
  const moved = await movePassRow(tx, pass, 'tare', { by, at, now, detail: `${tare.kg} kg` });
  if (!moved) return refuse('pass.move_not_possible', { accepted: { state: pass.state } });
  const weighed = { tareKg: BigInt(tare.kg), tareAt: at, tarePhotoSha256: tare.photoSha256 };
  await orm(tx).update(pickupPass).set(weighed).where(eq(pickupPass.id, pass.id));
  return { ...moved, ...weighed };
}

async function weighLoaded(
  tx: Tx,
  sender: DeviceRow,
  found: FoundPass,
  given: Given & { readonly gross: NonNullable<Weighing['gross']>; readonly by: MovedBy },
): Promise<WeighingAnswer | Refusal> {
  const { gross, by, now } = given;
  const { pass, order } = found;
  if (pass.tareKg === null || pass.tareAt === null) return refuse('weighing.tare_missing');
  const weighedAt = new Date(gross.at);
  const tareAge = weighedAt.getTime() - pass.tareAt.getTime();
  if (tareAge > TARE_AGE_MS || tareAge < 0) {
    const from = new Date(weighedAt.getTime() - TARE_AGE_MS);
    return refuse('weighing.tare_too_old', { accepted: { tareFrom: from.toISOString() } });
  }
  if (pass.vehicle !== null && axlesOf(pass.vehicle) !== gross.axles)
    return refuse('weighing.vehicle_differs', { accepted: { axles: String(axlesOf(pass.vehicle)) } });
  const legal = legalOf(pass, gross.axles, sender);
  if (gross.kg > legal) return refuse('weighing.overloaded', { accepted: { gross: String(legal / 1000) } });
  const lifted = await lift(tx, found, {
    grossKg: BigInt(gross.kg),
    tareKg: pass.tareKg,
    number: gross.number,
    weighedAt,
    now,
    recordedBy: sender.registeredBy,
    signed: {
      deviceId: sender.id,
      axles: gross.axles,
      tareAt: pass.tareAt,
      photoSha256: gross.photoSha256,
      tarePhotoSha256: pass.tarePhotoSha256,
    },
  });
  if ('refused' in lifted) return lifted;
  const step = { by, at: weighedAt, now, detail: `${gross.kg} kg` };
  const weighed = await movePassRow(tx, pass, 'weigh', step);
  if (!weighed) return refuse('pass.move_not_possible', { accepted: { state: pass.state } });
  const out = await movePassRow(tx, weighed, 'leave', { by, at: weighedAt, now });
  assert(out, `pass ${pass.id} was weighed and did not leave`);
  await endIfExhausted(tx, order, lifted.liftedKg, now);
  return answerOf({ pass: out, order: { ...order, liftedKg: lifted.liftedKg } }, gross);
}

/** Of the truck that the pass is for; where a country has limits of its own, of its axles. */
function legalOf(pass: PassRow, axles: number, { grossLimits }: DeviceRow): number {
  const usual = pass.vehicle !== null && grossLimits.length === 0;
  return usual ? LEGAL_GROSS_KG[pass.vehicle!] : legalGrossKg(axles, grossLimits);
}

/** The ticket of this pass under this number with just this content, told again under another number of the device. */
async function sameTicket(
  tx: Tx,
  pass: PassRow,
  { gross }: Weighing,
): Promise<WeighingAnswer | Refusal | undefined> {
  if (!gross || pass.state !== 'gate_out') return undefined;
  const [ticket] = await tx<{ number: string; gross: string; photo: string | null; at: Date }[]>`
    select number, gross_kg::text as gross, photo_sha256 as photo, weighed_at as at
      from weighbridge_ticket where pass_id = ${pass.id}`;
  if (ticket?.number !== gross.number) return undefined;
  const same =
    ticket.gross === String(gross.kg) &&
    ticket.photo === gross.photoSha256 &&
    ticket.at.getTime() === Date.parse(gross.at);
  if (!same) return refuse('weighing.duplicate_ticket', { fields: { number: 'duplicate' } });
  const [order] = await tx<{ left: string }[]>`select (quantity_kg - lifted_kg)::text as left
    from delivery_order where id = ${pass.deliveryOrderId}`;
  return answerFor(pass, BigInt(order!.left), gross);
}

function answerOf({ pass, order }: FoundPass, gross: Weighing['gross'] | null): WeighingAnswer {
  return answerFor(pass, order.quantityKg - order.liftedKg, gross);
}

function answerFor(pass: PassRow, left: bigint, gross: Weighing['gross'] | null): WeighingAnswer {
  const tareKg = pass.tareKg === null ? null : Number(pass.tareKg);
  return {
    passId: pass.id,
    deliveryOrderId: pass.deliveryOrderId,
    state: pass.state,
    tareKg,
    grossKg: gross?.kg ?? null,
    netKg: gross && tareKg !== null ? gross.kg - tareKg : null,
    maximumNetKg: Number(left < pass.maximumKg ? left : pass.maximumKg),
    ticket: gross?.number ?? null,
  };
}

function isRecent(at: string, now: Date): boolean {
  const age = now.getTime() - Date.parse(at);
  return age >= -CLOCK_AHEAD_MS && age <= READING_AGE_MS;
}
