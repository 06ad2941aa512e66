/**
 * Certificates of the parties: request, decision, log, revocation.
 *
 * The subject of a certificate is the certified record of the company and its person; whatever the
 * request calls itself is never read into it.
 */
import { createHash } from 'node:crypto';
import { type CsrCode, createCrl, issueCertificate, parseCsr, readCertificate } from '@seam/esign';
import type { CertificateRequestView, ProblemCode } from '@seam/protocol';
import { and, desc, eq } from 'drizzle-orm';
import { type Connection, type Tx, UNIQUE_VIOLATION, first, isPgError, orm } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import {
  type CertificateRequestRow,
  certificate,
  certificateLog,
  certificateRequest,
  certificateRevocation,
} from './tables.ts';
import { type Authorities, validity } from './authorities.ts';

/** What the members slice certified; the only source of a certificate's subject. */
export type CertifiedPerson = {
  readonly organisationId: string;
  readonly organisationName: string;
  readonly country: string;
  readonly legalIdKind: 'uscc' | 'lei';
  readonly legalId: string;
  readonly personName: string;
  readonly active: boolean;
};
export type CertifiedPersonOf = (
  connection: Connection,
  personId: string,
) => Promise<CertifiedPerson | undefined>;

const YEARS = 1;

const csrProblems = {
  CSR_MALFORMED: 'certificate.request_malformed',
  CSR_POP_FAILED: 'certificate.possession_not_proven',
  WEAK_KEY: 'certificate.key_weak',
  UNSUPPORTED_KEY: 'certificate.key_unsupported',
} as const satisfies Record<CsrCode, ProblemCode>;

/** Stores a request whose key is sound, new, and held by its sender. */
export async function requestCertificate(
  tx: Tx,
  principal: Principal,
  input: { csr: string; deviceLabel: string },
): Promise<CertificateRequestRow | Refusal> {
  const csr = new Uint8Array(Buffer.from(input.csr, 'base64'));
  const checked = await parseCsr(csr);
  if (!checked.ok)
    return refuse(csrProblems[checked.code], { detail: checked.detail, fields: { csr: checked.code } });
  if (await keyIsKnown(tx, checked.spkiSha256)) return refuse('certificate.key_reused');
  const [row] = await orm(tx)
    .insert(certificateRequest)
    .values({
      id: newId(),
      organisationId: principal.organisationId,
      personId: principal.personId,
      deviceLabel: input.deviceLabel,
      csr,
      spkiSha256: checked.spkiSha256,
      keyKind: `${checked.key.kind}-${checked.key.bits}`,
      state: 'submitted',
    })
    .returning();
  return row!;
}

async function keyIsKnown(tx: Tx, spkiSha256: string): Promise<boolean> {
  const certified = await orm(tx)
    .select({ serial: certificate.serial })
    .from(certificate)
    .where(eq(certificate.spkiSha256, spkiSha256));
  const asked = await orm(tx)
    .select({ id: certificateRequest.id })
    .from(certificateRequest)
    .where(and(eq(certificateRequest.spkiSha256, spkiSha256), eq(certificateRequest.state, 'submitted')));
  return certified.length + asked.length > 0;
}

/** Staff issues from the certified record, or refuses with a reason the applicant reads. */
export async function decideRequest(
  tx: Tx,
  deps: { authorities: Authorities; certifiedPersonOf: CertifiedPersonOf; now: Date },
  input: { id: string; decidedBy: string; decision: 'issue' | 'refuse'; reason: string | null },
): Promise<CertificateRequestRow | Refusal> {
  const request = first(
    await orm(tx).select().from(certificateRequest).where(eq(certificateRequest.id, input.id)).for('update'),
  );
  if (!request) return refuse('resource.not_found');
  if (request.state !== 'submitted') return refuse('certificate.request_decided');
  if (input.decision === 'issue') {
    const person = await deps.certifiedPersonOf(tx, request.personId);
    if (!person?.active || person.organisationId !== request.organisationId)
      return refuse('organisation.not_active');
    const refusal = await issue(tx, deps, request, person);
    if (refusal) return refusal;
  }
  const [decided] = await orm(tx)
    .update(certificateRequest)
    .set({
      state: input.decision === 'issue' ? 'issued' : 'refused',
      decidedBy: input.decidedBy,
      decidedAt: deps.now,
      reason: input.reason,
    })
    .where(eq(certificateRequest.id, input.id))
    .returning();
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${input.decidedBy}, ${`certificate.${input.decision}`}, ${input.id}, ${tx.json({ reason: input.reason })})`;
  return decided!;
}

async function issue(
  tx: Tx,
  deps: { authorities: Authorities; now: Date },
  request: CertificateRequestRow,
  person: CertifiedPerson,
): Promise<Refusal | undefined> {
  const checked = await parseCsr(request.csr);
  if (!checked.ok) return refuse(csrProblems[checked.code]);
  const der = await issueCertificate({
    issuer: deps.authorities.issuing,
    subject: {
      country: person.country,
      organization: person.organisationName,
      organizationIdentifier:
        person.legalIdKind === 'uscc' ? `NTRCN-${person.legalId}` : `LEIXG-${person.legalId}`,
      person: person.personName,
    },
    spki: checked.spki,
    role: 'party',
    ...validity(deps.now.getTime(), YEARS),
  });
  const read = readCertificate(der);
  try {
    await orm(tx)
      .insert(certificate)
      .values({
        serial: read.serialHex,
        organisationId: request.organisationId,
        personId: request.personId,
        deviceLabel: request.deviceLabel,
        der,
        spkiSha256: request.spkiSha256,
        notBefore: new Date(read.notBefore),
        notAfter: new Date(read.notAfter),
        requestId: request.id,
      });
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION)) return refuse('certificate.key_reused');
    throw error;
  }
  await appendToLog(tx, read.serialHex, der);
  return undefined;
}

/** One line per certificate, each carrying the hash of the one before: a second one cannot be hidden. */
async function appendToLog(tx: Tx, serial: string, der: Uint8Array): Promise<void> {
  await tx`lock table certificate_log in exclusive mode`;
  const last = first(await orm(tx).select().from(certificateLog).orderBy(desc(certificateLog.seq)).limit(1));
  const leafHash = createHash('sha256').update(der).digest();
  const chainHash = createHash('sha256')
    .update(last?.chainHash ?? Buffer.alloc(32))
    .update(leafHash)
    .digest();
  await orm(tx)
    .insert(certificateLog)
    .values({ seq: (last?.seq ?? 0) + 1, serial, leafHash, chainHash });
}

export async function revokeCertificate(
  tx: Tx,
  principal: Principal,
  serial: string,
  reason: 'key_compromise' | 'superseded' | 'affiliation_changed',
): Promise<Refusal | Record<string, never>> {
  const found = first(await orm(tx).select().from(certificate).where(eq(certificate.serial, serial)));
  if (!found || found.organisationId !== principal.organisationId) return refuse('resource.not_found');
  const done = await orm(tx)
    .insert(certificateRevocation)
    .values({ serial, reason, requestedBy: principal.personId })
    .onConflictDoNothing()
    .returning();
  return done.length === 0 ? refuse('certificate.revoked') : {};
}

/** The list as of `now`, valid for a day. */
export async function revocationList(
  connection: Connection,
  authorities: Authorities,
  now: Date,
): Promise<Uint8Array> {
  const rows = await orm(connection).select().from(certificateRevocation);
  return createCrl({
    issuer: authorities.issuing,
    number: rows.length + 1,
    thisUpdate: now.getTime(),
    nextUpdate: now.getTime() + 24 * 3600_000,
    revoked: rows.map((row) => ({ serial: row.serial, at: row.at.getTime(), reason: row.reason })),
  });
}

export function requestView(
  row: CertificateRequestRow,
  names: { organisationName: string; personName: string },
): CertificateRequestView {
  return {
    id: row.id,
    organisationId: row.organisationId,
    organisationName: names.organisationName,
    personId: row.personId,
    personName: names.personName,
    deviceLabel: row.deviceLabel,
    keyKind: row.keyKind,
    spkiSha256: row.spkiSha256,
    state: row.state,
    reason: row.reason,
    createdAt: row.createdAt.toISOString(),
  };
}
