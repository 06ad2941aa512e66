/** Reads a CRL (RFC 5280 section 5) and says whether it speaks, with authority, about a certificate. */
import { equalBytes, toHex } from '../der/bytes.ts';
import { readBits, readInteger, readTime, readWhole, sequence } from '../der/reader.ts';
import { readSignatureAlgorithm, verifySignature } from '../x509/algorithms.ts';
import type { Certificate } from '../x509/certificate.ts';

export type RevocationStatus =
  { readonly status: 'good' } | { readonly status: 'revoked'; readonly at: number };

const CRL_SIGN = 6;

/** Undefined when none of the lists is a genuine list of this issuer: a forged list proves nothing. */
export async function revocationOf(
  certificate: Certificate,
  issuer: Certificate,
  crls: readonly Uint8Array[],
): Promise<RevocationStatus | undefined> {
  let answer: RevocationStatus | undefined;
  for (const der of crls) {
    const revoked = await readGenuine(der, issuer);
    if (!revoked) continue;
    const at = revoked.get(certificate.serialHex);
    if (at !== undefined) return { status: 'revoked', at };
    answer = { status: 'good' };
  }
  return answer;
}

async function readGenuine(der: Uint8Array, issuer: Certificate): Promise<Map<string, number> | undefined> {
  try {
    const [tbs, algorithm, signature] = sequence(readWhole(der));
    const fields = sequence(tbs);
    if (!issuer.keyUsage.has(CRL_SIGN) || !equalBytes(fields[2]!.raw, issuer.subjectDer)) return undefined;
    const kind = readSignatureAlgorithm(algorithm);
    if (!(await verifySignature(issuer.publicKey, kind, readBits(signature), tbs!.raw))) return undefined;
    const list = fields.find((field, index) => index > 3 && field.tag === 0x30);
    const entries = list ? sequence(list).map(sequence) : [];
    return new Map(entries.map(([serial, at]) => [toHex(readInteger(serial)), readTime(at)]));
  } catch {
    return undefined;
  }
}
