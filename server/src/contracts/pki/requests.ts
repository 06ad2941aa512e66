/** What a signatory asks for: a certificate for a new key, for the next year, or instead of a lost one. */
import { type CsrCode, parseCsr } from '@seam/esign';
import type { ProblemCode } from '@seam/protocol';
import { and, eq } from 'drizzle-orm';
import { type Tx, first, orm } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import type { Authorities } from './authorities.ts';
import { claimKey } from './party-key.ts';
import { revoke } from './revocation.ts';
import {
  type CertificateRequestRow,
  type RequestKind,
  certificate,
  certificateRequest,
  certificateRevocation,
} from './tables.ts';

export const csrProblems = {
  CSR_MALFORMED: 'certificate.request_malformed',
  CSR_POP_FAILED: 'certificate.possession_not_proven',
  WEAK_KEY: 'certificate.key_weak',
  UNSUPPORTED_KEY: 'certificate.key_unsupported',
} as const satisfies Record<CsrCode, ProblemCode>;

export type Asked = {
  /** PKCS#10, base64. */
  readonly csr: string;
  readonly deviceLabel: string;
  readonly replaces?: { readonly serial: string; readonly because: 'renewal' | 'lost' } | undefined;
};

/**
 * Stores a request whose key is sound, new, and held by its sender. A renewal leaves the old certificate
 * valid until it expires, so that what is being signed can be finished; a lost one is revoked in the same
 * transaction, whatever becomes of the request.
 */
export async function requestCertificate(
  tx: Tx,
  deps: { authorities: Authorities; now: Date },
  principal: Principal,
  asked: Asked,
): Promise<CertificateRequestRow | Refusal> {
  const csr = new Uint8Array(Buffer.from(asked.csr, 'base64'));
  const checked = await parseCsr(csr);
  if (!checked.ok)
    return refuse(csrProblems[checked.code], { detail: checked.detail, fields: { csr: checked.code } });
  const { spkiSha256, key } = checked;
  const reused = await claimKey(tx, { spkiSha256, ...principal });
  if (reused) return reused;
  const refused = asked.replaces && (await give(tx, deps, principal, asked.replaces));
  if (refused) return refused;
  return storeRequest(tx, principal, {
    csr,
    spkiSha256,
    keyKind: `${key.kind}-${key.bits}`,
    deviceLabel: asked.deviceLabel,
    kind: !asked.replaces ? 'key' : asked.replaces.because === 'lost' ? 'replacement' : 'renewal',
    replaces: asked.replaces?.serial ?? null,
  });
}

/** What becomes of the certificate that the new one stands for. */
async function give(
  tx: Tx,
  deps: { authorities: Authorities; now: Date },
  principal: Principal,
  { serial, because }: NonNullable<Asked['replaces']>,
): Promise<Refusal | undefined> {
  const found = first(
    await orm(tx)
      .select()
      .from(certificate)
      .leftJoin(certificateRevocation, eq(certificate.serial, certificateRevocation.serial))
      .where(and(eq(certificate.serial, serial), eq(certificate.personId, principal.personId))),
  );
  if (!found) return refuse('certificate.missing');
  if (because === 'renewal') {
    if (found.certificate_revocation) return refuse('certificate.revoked');
    if (found.certificate.notAfter < deps.now) return refuse('certificate.expired');
    return undefined;
  }
  return revoke(tx, deps, { serial, reason: 'key_compromise', by: principal.personId, evidence: null });
}

export async function storeRequest(
  tx: Tx,
  principal: Principal,
  request: {
    csr: Uint8Array;
    spkiSha256: string;
    keyKind: string;
    deviceLabel: string;
    kind: RequestKind;
    replaces?: string | null;
    imported?: Uint8Array;
    importedChain?: Uint8Array[];
    anchorSha256?: string;
  },
): Promise<CertificateRequestRow> {
  const { organisationId, personId } = principal;
  const [row] = await orm(tx)
    .insert(certificateRequest)
    .values({ ...request, id: newId(), organisationId, personId, state: 'submitted' })
    .returning();
  return row!;
}

/** The applicant compared the fingerprint with the one its own browser shows. */
export async function confirmFingerprint(
  tx: Tx,
  principal: Principal,
  input: { id: string; spkiSha256: string; now: Date },
): Promise<CertificateRequestRow | Refusal> {
  const mine = and(eq(certificateRequest.id, input.id), eq(certificateRequest.personId, principal.personId));
  const row = first(await orm(tx).select().from(certificateRequest).where(mine).for('update'));
  if (!row) return refuse('resource.not_found');
  if (row.spkiSha256 !== input.spkiSha256) return refuse('certificate.fingerprint_mismatch');
  if (row.fingerprintConfirmedAt) return row;
  const [confirmed] = await orm(tx)
    .update(certificateRequest)
    .set({ fingerprintConfirmedAt: input.now })
    .where(mine)
    .returning();
  return confirmed!;
}
