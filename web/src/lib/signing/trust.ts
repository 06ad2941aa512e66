/** What a verification rests on: the exchange's root, and the list of what its issuing authority revoked. */
import type { Problem } from '#lib/api/problem.ts';
import { fetchBytes } from './fetch-bytes.ts';

export type Trust = {
  readonly ok: true;
  readonly root: Uint8Array<ArrayBuffer>;
  /** Null when it could not be had: then revocation is not checked, and that is said. */
  readonly crl: Uint8Array<ArrayBuffer> | null;
};

export async function fetchTrust(
  fetch: typeof globalThis.fetch,
): Promise<Trust | { ok: false; problem: Problem }> {
  const [root, crl] = await Promise.all([
    fetchBytes(fetch, '/v1/pki/root.cer'),
    fetchBytes(fetch, '/v1/pki/issuing.crl'),
  ]);
  if (!root.ok) return root;
  return { ok: true, root: root.bytes, crl: crl.ok ? crl.bytes : null };
}
