/**
 * Devices with keys of their own. A message counts when a registered key signed exactly its text; its number makes a
 * repeat known, and a repeat gets the first answer.
 */
import { verify } from 'node:crypto';
import {
  type Device,
  type DeviceKind,
  type DeviceMessage,
  type DevicePurpose,
  deviceMessageText,
} from '@seam/protocol';
import { and, asc, eq } from 'drizzle-orm';
import { type Connection, type Tx, UNIQUE_VIOLATION, first, isPgError, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { MESSAGE_AGE_MS } from './limits.ts';
import { publicKeyOf } from './pass-token.ts';
import { type DeviceRow, device, deviceMessage } from './tables.ts';

export async function registerDevice(
  tx: Tx,
  principal: Principal,
  of: {
    readonly kind: DeviceKind;
    readonly name: string;
    readonly place?: string | undefined;
    readonly publicKey: string;
    readonly grossLimits?: DeviceRow['grossLimits'] | undefined;
    readonly now: Date;
  },
): Promise<Device | Refusal> {
  if (!mayManage(principal, of.kind)) return refuse('device.admin_only');
  if (!publicKeyOf(of.publicKey)) return refuse('request.invalid', { fields: { publicKey: 'invalid' } });
  try {
    const [row] = await tx.savepoint(async (inner) =>
      orm(inner as Tx)
        .insert(device)
        .values({
          id: newId(),
          organisationId: principal.organisationId,
          kind: of.kind,
          name: of.name,
          place: of.place ?? null,
          publicKey: of.publicKey,
          grossLimits: of.grossLimits ?? [],
          registeredBy: principal.personId,
          registeredAt: of.now,
        })
        .returning(),
    );
    return deviceView(row!);
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION)) return refuse('device.key_known');
    throw error;
  }
}

/** What a weighbridge says is money: its key is an administrator's business. */
function mayManage(principal: Principal, kind: DeviceKind): boolean {
  return kind !== 'weighbridge' || principal.roles.includes('admin');
}

export async function revokeDevice(
  tx: Tx,
  principal: Principal,
  of: { readonly id: string; readonly now: Date },
): Promise<Device | Refusal> {
  const row = await deviceById(tx, of.id, true);
  if (row?.organisationId !== principal.organisationId) return refuse('resource.not_found');
  if (!mayManage(principal, row.kind)) return refuse('device.admin_only');
  if (row.revokedAt !== null) return refuse('device.revoked');
  const revoked = { revokedBy: principal.personId, revokedAt: of.now };
  await orm(tx).update(device).set(revoked).where(eq(device.id, row.id));
  return deviceView({ ...row, ...revoked });
}

export async function listDevices(connection: Connection, principal: Principal): Promise<Device[]> {
  const rows = await orm(connection)
    .select()
    .from(device)
    .where(eq(device.organisationId, principal.organisationId))
    .orderBy(asc(device.registeredAt));
  return rows.map(deviceView);
}

async function deviceById(connection: Connection, id: string, lock: boolean): Promise<DeviceRow | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  const query = orm(connection).select().from(device).where(eq(device.id, id));
  return first(await (lock ? query.for('update') : query));
}

export function deviceView(row: DeviceRow): Device {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    place: row.place,
    grossLimits: row.grossLimits,
    registeredAt: row.registeredAt.toISOString(),
    revokedAt: row.revokedAt?.toISOString() ?? null,
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
  };
}

/** The device behind a message, if one of this kind signed it. Revoked ones are told from strangers by the caller. */
export async function senderOf(
  connection: Connection,
  kind: DeviceKind,
  purpose: DevicePurpose,
  message: DeviceMessage,
): Promise<DeviceRow | Refusal> {
  const row = await deviceById(connection, message.device, false);
  if (row?.kind !== kind) return refuse('device.unknown');
  const key = publicKeyOf(row.publicKey);
  const text = Buffer.from(deviceMessageText(purpose, message));
  const signed = key !== undefined && verify(null, text, key, Buffer.from(message.signature, 'base64url'));
  return signed ? row : refuse('device.signature_invalid');
}

/** A message that acts at once: from a device that is believed, signed just now. */
export async function freshSender(
  connection: Connection,
  kind: DeviceKind,
  purpose: DevicePurpose,
  message: DeviceMessage,
  now: Date,
): Promise<DeviceRow | Refusal> {
  const sender = await senderOf(connection, kind, purpose, message);
  if ('refused' in sender) return sender;
  if (sender.revokedAt !== null) return refuse('device.revoked');
  const apart = Math.abs(Date.parse(message.sentAt) - now.getTime());
  // Said so that a time that is in no calendar (NaN) is wrong too.
  if (!(apart <= MESSAGE_AGE_MS)) return refuse('device.clock', { accepted: { now: now.toISOString() } });
  return sender;
}

export async function seen(tx: Tx, id: string, now: Date): Promise<void> {
  await tx`update device set last_seen_at = ${now} where id = ${id} and (last_seen_at is null or last_seen_at < ${now})`;
}

export type Kept<A> = { readonly answer: A } | 'new' | 'conflict';

/**
 * What was answered to this number of this device. Waits while the same number is being worked on elsewhere: of two
 * at once one is new.
 */
export async function earlierAnswer<A>(
  tx: Tx,
  purpose: 'gate_event' | 'weighing' | 'position',
  message: DeviceMessage,
): Promise<Kept<A>> {
  // Taken before the row exists, so that two first times meet.
  await tx`select pg_advisory_xact_lock(hashtextextended(${`${message.device} ${purpose} ${message.sequence}`}, 0))`;
  const row = first(
    await orm(tx)
      .select()
      .from(deviceMessage)
      .where(
        and(
          eq(deviceMessage.deviceId, message.device),
          eq(deviceMessage.purpose, purpose),
          eq(deviceMessage.sequence, message.sequence),
        ),
      ),
  );
  if (!row) return 'new';
  return row.payload === message.payload ? { answer: row.answer as A } : 'conflict';
}

export async function keepMessage(
  tx: Tx,
  purpose: 'gate_event' | 'weighing' | 'position',
  message: DeviceMessage,
  answer: object,
  now: Date,
): Promise<void> {
  const sentAt = Date.parse(message.sentAt);
  await orm(tx)
    .insert(deviceMessage)
    .values({
      deviceId: message.device,
      purpose,
      sequence: message.sequence,
      // A date in no calendar is kept in the payload as it was sent; here it stands as received.
      sentAt: Number.isNaN(sentAt) ? now : new Date(sentAt),
      payload: message.payload,
      signature: message.signature,
      receivedAt: now,
      answer,
    });
}
