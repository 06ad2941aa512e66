/** Links by which a reader stops letters without a login: the id of what writes, signed by this installation. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export function stopToken(secret: string, id: string): string {
  return `${id}.${mac(secret, id).toString('base64url')}`;
}

/** @returns the id; undefined when this installation did not sign it. */
export function readStopToken(secret: string, token: string): string | undefined {
  const dot = token.lastIndexOf('.');
  const id = token.slice(0, dot);
  const given = Buffer.from(token.slice(dot + 1), 'base64url');
  const own = mac(secret, id);
  return dot > 0 && given.length === own.length && timingSafeEqual(given, own) ? id : undefined;
}

function mac(secret: string, id: string): Buffer {
  return createHmac('sha256', secret).update(`stop mail of ${id}`).digest();
}
