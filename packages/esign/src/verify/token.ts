/**
 * Whether a token is a trusted authority's, over exactly this hash: for whoever fetched it from elsewhere,
 * before it is kept. Whether the authority was revoked is for the verifier of the whole file to say.
 */
import { type Refusal, refuse } from '../refusal.ts';
import { readCertificate } from '../x509/certificate.ts';
import { Evidence } from './evidence.ts';
import type { FindingCode } from './findings.ts';
import { checkToken } from './timestamp.ts';

/** @returns the time the token proves, milliseconds since 1970, or the first thing that is wrong with it. */
export async function verifyToken(
  token: Uint8Array,
  of: { readonly imprint: Uint8Array; readonly roots: readonly Uint8Array[] },
): Promise<{ readonly ok: true; readonly time: number } | Refusal<FindingCode>> {
  const { time, findings } = await checkToken(
    { token, imprint: of.imprint, pool: [], freshness: 'covering' },
    {
      roots: of.roots.map(readCertificate),
      pool: [],
      evidence: new Evidence({ crls: [], store: { crls: [], ocspResponses: [] } }),
      revocation: 'if-known',
    },
  );
  const [first] = findings;
  if (first) return refuse(first.code, first.detail);
  return time === undefined ? refuse('TST_MALFORMED', 'the token proves nothing') : { ok: true, time };
}
