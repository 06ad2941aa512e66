/**
 * Two of staff stand behind every certificate: one approves, another issues; either may refuse. The key is
 * checked again at the end, and the subject read from the record as it is then.
 */
import { parseCsr, readCertificate } from '@seam/esign';
import { eq } from 'drizzle-orm';
import { type Tx, UNIQUE_VIOLATION, first, isPgError, orm } from '../../platform/db.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { appendToLog } from './certificate-log.ts';
import { type CertifiedPersonOf, certifiedSubject } from './certified-person.ts';
import { checkImported } from './imports.ts';
import { validity } from './make-authorities.ts';
import type { CertificateAuthority } from './ports.ts';
import { csrProblems } from './requests.ts';
import { type CertificateRequestRow, certificate, certificateRequest } from './tables.ts';

export type DecisionDeps = {
  readonly authority: Pick<CertificateAuthority, 'issue'>;
  readonly certifiedPersonOf: CertifiedPersonOf;
  readonly now: Date;
};

export type Decision = {
  readonly id: string;
  readonly by: string;
  readonly decision: 'approve' | 'issue' | 'refuse';
  readonly reason: string | null;
};

const YEARS = 1;

export async function decideRequest(
  tx: Tx,
  deps: DecisionDeps,
  input: Decision,
): Promise<CertificateRequestRow | Refusal> {
  const request = first(
    await orm(tx).select().from(certificateRequest).where(eq(certificateRequest.id, input.id)).for('update'),
  );
  if (!request) return refuse('resource.not_found');
  if (request.state !== 'submitted' && request.state !== 'approved')
    return refuse('certificate.request_decided');
  const refused = await decide[input.decision](tx, deps, request, input);
  if (refused) return refused;
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${input.by}, ${`certificate.${input.decision}`}, ${input.id}, ${tx.json({ reason: input.reason })})`;
  return first(await orm(tx).select().from(certificateRequest).where(eq(certificateRequest.id, input.id)))!;
}

type Step = (
  tx: Tx,
  deps: DecisionDeps,
  request: CertificateRequestRow,
  input: Decision,
) => Promise<Refusal | undefined>;

const approve: Step = async (tx, deps, request, { by }) => {
  if (request.state === 'approved')
    return refuse(
      request.approvedBy === by ? 'certificate.second_person_needed' : 'certificate.request_decided',
    );
  // Whom nobody certified cannot be approved either: the second person would only find out later.
  const subject = await certifiedSubject(tx, deps.certifiedPersonOf, request);
  if (isRefusal(subject)) return subject;
  await set(tx, request.id, { state: 'approved', approvedBy: by, approvedAt: deps.now });
  return undefined;
};

const issue: Step = async (tx, deps, request, { by, reason }) => {
  if (request.state !== 'approved') return refuse('certificate.not_approved');
  if (request.approvedBy === by) return refuse('certificate.second_person_needed');
  const made = await (request.kind === 'import' ? accept : certify)(tx, deps, request);
  if (isRefusal(made)) return made;
  const stored = await storeCertificate(tx, request, made);
  if (stored) return stored;
  await set(tx, request.id, { state: 'issued', decidedBy: by, decidedAt: deps.now, reason });
  return undefined;
};

const refuseRequest: Step = async (tx, deps, request, { by, reason }) => {
  if (reason === null) return refuse('request.invalid', { fields: { reason: 'field.required' } });
  await set(tx, request.id, { state: 'refused', decidedBy: by, decidedAt: deps.now, reason });
  return undefined;
};

const decide: Record<Decision['decision'], Step> = { approve, issue, refuse: refuseRequest };

async function set(tx: Tx, id: string, change: Partial<CertificateRequestRow>): Promise<void> {
  await orm(tx).update(certificateRequest).set(change).where(eq(certificateRequest.id, id));
}

type Certified = {
  readonly der: Uint8Array;
  readonly chain?: Uint8Array[] | null;
  readonly anchorSha256?: string | null;
};

async function certify(
  tx: Tx,
  deps: DecisionDeps,
  request: CertificateRequestRow,
): Promise<Certified | Refusal> {
  const checked = await parseCsr(request.csr);
  if (!checked.ok) return refuse(csrProblems[checked.code]);
  const subject = await certifiedSubject(tx, deps.certifiedPersonOf, request);
  if (isRefusal(subject)) return subject;
  const { notBefore, notAfter } = validity(deps.now.getTime(), YEARS);
  return { der: await deps.authority.issue({ subject, spki: checked.spki, notBefore, notAfter }) };
}

/** A certificate issued elsewhere is checked as if it came in now: the record or the anchor may have changed. */
async function accept(
  tx: Tx,
  deps: DecisionDeps,
  request: CertificateRequestRow,
): Promise<Certified | Refusal> {
  const given = {
    certificate: new Uint8Array(request.imported!),
    chain: (request.importedChain ?? []).map((der) => new Uint8Array(der)),
  };
  const checked = await checkImported(tx, deps, request, given);
  if (isRefusal(checked)) return checked;
  return { der: given.certificate, chain: given.chain, anchorSha256: checked.anchorSha256 };
}

async function storeCertificate(
  tx: Tx,
  request: CertificateRequestRow,
  { der, chain = null, anchorSha256 = null }: Certified,
): Promise<Refusal | undefined> {
  const read = readCertificate(der);
  const { organisationId, personId, deviceLabel, spkiSha256 } = request;
  try {
    await orm(tx)
      .insert(certificate)
      .values({
        serial: read.serialHex,
        organisationId,
        personId,
        deviceLabel,
        der,
        spkiSha256,
        notBefore: new Date(read.notBefore),
        notAfter: new Date(read.notAfter),
        requestId: request.id,
        anchorSha256,
        chain,
      });
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION)) return refuse('certificate.key_reused');
    throw error;
  }
  await appendToLog(tx, { serial: read.serialHex, der, holder: organisationId });
  return undefined;
}
