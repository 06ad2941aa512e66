/**
 * A timestamp authority of another house, asked over HTTP (RFC 3161). Its answer counts only as a token of
 * a trusted authority over exactly what was asked; anything else is an authority that is not available.
 */
import { randomBytes } from 'node:crypto';
import { createTimestampQuery, readTimestampResponse, verifyToken } from '@seam/esign';
import { Fault } from '../../platform/fault.ts';
import type { TimestampAuthority } from './ports.ts';

export type OutsideAuthority = {
  readonly url: string;
  /** Anchors of the authority, DER. */
  readonly roots: readonly Uint8Array[];
  readonly timeoutMs?: number;
};

/** A party waits for its signature meanwhile; the signature is kept, and asked for again. */
const TIMEOUT_MS = 8_000;
/** A token with its certificates is about 5 kB. */
const ANSWER_BYTES_MAX = 64 * 1024;
const RETRY_MS = 30_000;

export function outsideTimestampAuthority(authority: OutsideAuthority): TimestampAuthority {
  return {
    async stamp(imprint) {
      try {
        return await ask(authority, imprint);
      } catch (cause) {
        const detail = 'the timestamp authority gave no valid token';
        throw new Fault('contract.timestamp_unavailable', detail, { cause, retryAfterMs: RETRY_MS });
      }
    },
  };
}

async function ask({ url, roots, timeoutMs }: OutsideAuthority, imprint: Uint8Array): Promise<Uint8Array> {
  const nonce = new Uint8Array(randomBytes(8));
  // DER keeps an integer's shortest form: a first byte from 1 to 127 is one, whatever follows.
  nonce[0] = (nonce[0]! & 0x3f) | 0x40;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    body: new Uint8Array(createTimestampQuery({ imprint, nonce })),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs ?? TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const read = readTimestampResponse(await bounded(answer), { imprint, nonce });
  if (!read.ok) throw new Error(`${read.code}: ${read.detail}`);
  const verified = await verifyToken(read.token, { imprint, roots });
  if (!verified.ok) throw new Error(`${verified.code}: ${verified.detail}`);
  return read.token;
}

async function bounded(answer: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += part.length;
    if (length > ANSWER_BYTES_MAX) throw new Error(`more than ${ANSWER_BYTES_MAX} bytes`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
