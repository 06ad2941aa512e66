/** The gate's own key: made here, never leaves, signs what the guard does and what the gate asks. */
import { type DeviceMessage, type DevicePurpose, deviceMessageText, toBase64url } from '@seam/protocol';

export async function makeKeys(): Promise<{ keys: CryptoKeyPair; publicKey: string }> {
  const keys = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  const raw = await crypto.subtle.exportKey('raw', keys.publicKey);
  return { keys, publicKey: toBase64url(new Uint8Array(raw)) };
}

export async function signMessage(
  key: CryptoKey,
  purpose: DevicePurpose,
  message: Omit<DeviceMessage, 'signature'>,
): Promise<DeviceMessage> {
  const text = new TextEncoder().encode(deviceMessageText(purpose, message));
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', key, text));
  return { ...message, signature: toBase64url(signature) };
}
