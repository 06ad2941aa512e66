/** Other authorities whose certificates the exchange accepts: proposed by one of staff, accepted by another. */
import { X509Certificate, createHash } from 'node:crypto';
import { type Certificate, readCertificate } from '@seam/esign';
import type { TrustAnchorView } from '@seam/protocol';
import type { Connection, Tx } from '../../platform/db.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import type { Anchor } from './path.ts';

type Row = {
  sha256: string;
  certificate: Buffer;
  name: string;
  state: TrustAnchorView['state'];
  proposed_by: string;
  accepted_by: string | null;
};
export type Names = ReadonlyMap<string, string>;

const KEY_CERT_SIGN = 5;

export async function proposeAnchor(
  tx: Tx,
  input: { certificate: Uint8Array; name: string; by: string; now: Date },
): Promise<{ sha256: string } | Refusal> {
  const read = readAnchor(input.certificate);
  if (!read || read.notAfter < input.now.getTime()) return refuse('certificate.anchor_unfit');
  const sha256 = createHash('sha256').update(input.certificate).digest('hex');
  const { count } = await tx`insert into trust_anchor (sha256, certificate, name, proposed_by)
    values (${sha256}, ${input.certificate}, ${input.name}, ${input.by}) on conflict do nothing`;
  if (count === 0) return refuse('certificate.anchor_known');
  await audit(tx, input.by, 'propose', sha256);
  return { sha256 };
}

/** Only a CA's own, self-signed certificate can stand at the top of a path. */
function readAnchor(der: Uint8Array): Certificate | undefined {
  try {
    const read = readCertificate(der);
    const x509 = new X509Certificate(der);
    const fits = read.isCa && read.keyUsage.has(KEY_CERT_SIGN) && x509.verify(x509.publicKey);
    return fits ? read : undefined;
  } catch {
    return undefined;
  }
}

export async function decideAnchor(
  tx: Tx,
  input: { sha256: string; decision: 'accept' | 'withdraw'; by: string },
): Promise<{ sha256: string } | Refusal> {
  const { sha256, by } = input;
  const [row] = await tx<Row[]>`select * from trust_anchor where sha256 = ${sha256} for update`;
  if (!row) return refuse('resource.not_found');
  if (input.decision === 'withdraw') {
    if (row.state === 'withdrawn') return refuse('certificate.request_decided');
    await tx`update trust_anchor set state = 'withdrawn', withdrawn_by = ${by} where sha256 = ${sha256}`;
  } else {
    if (row.state !== 'proposed') return refuse('certificate.request_decided');
    if (row.proposed_by === by) return refuse('certificate.second_person_needed');
    await tx`update trust_anchor set state = 'accepted', accepted_by = ${by} where sha256 = ${sha256}`;
  }
  await audit(tx, by, input.decision, sha256);
  return { sha256 };
}

const audit = async (tx: Tx, by: string, what: string, sha256: string): Promise<unknown> =>
  tx`insert into audit_entry (person_id, action, subject, detail)
    values (${by}, ${`trust_anchor.${what}`}, ${sha256}, ${tx.json({})})`;

export async function acceptedAnchors(connection: Connection): Promise<Anchor[]> {
  const rows = await connection<
    Row[]
  >`select * from trust_anchor where state = 'accepted' order by created_at`;
  return rows.map(({ sha256, certificate }) => ({
    sha256,
    certificate: readCertificate(new Uint8Array(certificate)),
  }));
}

export async function anchorViews(
  connection: Connection,
  namesOf: (connection: Connection, ids: readonly string[]) => Promise<Names>,
  only?: string,
): Promise<TrustAnchorView[]> {
  const rows = await connection<Row[]>`select * from trust_anchor
    where ${only ?? null}::text is null or sha256 = ${only ?? null} order by created_at desc`;
  const names = await namesOf(
    connection,
    rows.flatMap((row) => [row.proposed_by, row.accepted_by ?? []].flat()),
  );
  const person = (id: string) => ({ id, name: names.get(id) ?? '' });
  return rows.map((row) => ({
    sha256: row.sha256,
    name: row.name,
    notAfter: new Date(readCertificate(new Uint8Array(row.certificate)).notAfter).toISOString(),
    state: row.state,
    proposedBy: person(row.proposed_by),
    acceptedBy: row.accepted_by === null ? null : person(row.accepted_by),
  }));
}
