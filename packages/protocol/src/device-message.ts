/**
 * What gates, weighbridges and position senders say. Each signs the very text it sends, so that nobody has to
 * agree on how to write JSON; `sequence` counts a device's messages and makes a repeat known.
 */
import { Type, type Static } from 'typebox';
import { Exact, Id, Instant, Text } from './common.ts';

export const DEVICE_KINDS = ['gate', 'weighbridge', 'tracker'] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

/** An Ed25519 public key: 32 bytes, base64url. */
export const DevicePublicKey = Type.String({ pattern: '^[\\w-]{43}$' });

/** A message of a gate event with a pass in it is some 2,000 characters; a sync carries fifty of them. */
const PAYLOAD_MAX = 200_000;

export const DeviceMessage = Exact({
  device: Id,
  /** Of this device's messages of this purpose, each number once. */
  sequence: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  sentAt: Instant,
  /** JSON, exactly as signed. */
  payload: Text(PAYLOAD_MAX),
  /** Ed25519 over `deviceMessageText`, base64url. */
  signature: Type.String({ pattern: '^[\\w-]{86}$' }),
});
export type DeviceMessage = Static<typeof DeviceMessage>;

/** A message signed for one purpose is of no use for another. */
export const DEVICE_PURPOSES = ['gate_event', 'gate_sync', 'weighing', 'position'] as const;
export type DevicePurpose = (typeof DEVICE_PURPOSES)[number];

/** The text whose UTF-8 bytes a device signs. */
export function deviceMessageText(
  purpose: DevicePurpose,
  message: Pick<DeviceMessage, 'device' | 'sequence' | 'sentAt' | 'payload'>,
): string {
  const { device, sequence, sentAt, payload } = message;
  return `seam.device.1\n${purpose}\n${device}\n${sequence}\n${sentAt}\n${payload}`;
}
