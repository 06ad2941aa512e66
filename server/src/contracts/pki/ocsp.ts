/** Answers about certificates of the issuing authority, from the database as it is at this moment (RFC 6960). */
import {
  type OcspAnswer,
  type RevocationReason,
  createOcspResponse,
  ocspCertIdOf,
  ocspError,
  readOcspRequest,
  serialOf,
} from '@seam/esign';
import type { Sql } from 'postgres';
import type { Connection } from '../../platform/db.ts';
import type { Authorities } from './authorities.ts';

/** How long an answer may be shown to others; whoever must know now asks again. */
const VALID_MS = 60 * 60_000;

type Status = OcspAnswer['status'];

/** DER of the answer to a request off the wire; what cannot be read gets the error that RFC 6960 has for it. */
export async function answerOcsp(
  sql: Sql,
  authorities: Authorities,
  request: Uint8Array,
  now: Date,
): Promise<Uint8Array> {
  const asked = readOcspRequest(request);
  if (!asked.ok) return ocspError('malformedRequest');
  const status = await statusOf(
    sql,
    authorities,
    asked.certIds.map(({ serial }) => serial),
  );
  return createOcspResponse({
    ...signing(authorities, now),
    answers: asked.certIds.map((certId) => ({ certId, status: status.get(certId.serial) ?? 'unknown' })),
    nonce: asked.nonce,
  });
}

/** One answer per serial, for a file that will keep it. */
export async function ocspAnswers(
  connection: Connection,
  authorities: Authorities,
  serials: readonly string[],
  now: Date,
): Promise<Uint8Array[]> {
  const status = await statusOf(connection, authorities, serials);
  const answers: Uint8Array[] = [];
  for (const serial of serials) {
    const certId = await ocspCertIdOf(serial, authorities.issuing.certificate);
    const answer = { certId, status: status.get(serial) ?? 'unknown' };
    answers.push(await createOcspResponse({ ...signing(authorities, now), answers: [answer] }));
  }
  return answers;
}

function signing({ ocsp, issuing }: Authorities, now: Date) {
  const at = now.getTime();
  return {
    responder: ocsp,
    issuer: issuing.certificate,
    producedAt: at,
    thisUpdate: at,
    nextUpdate: at + VALID_MS,
  };
}

/** What this authority issued is good or revoked; whatever else is missing from the map: unknown. */
async function statusOf(
  connection: Connection,
  authorities: Authorities,
  serials: readonly string[],
): Promise<ReadonlyMap<string, Status>> {
  const status = new Map<string, Status>();
  for (const { certificate } of [authorities.centre, authorities.tsa, authorities.ocsp])
    status.set(serialOf(certificate), 'good');
  const rows = await connection<{ serial: string; at: Date | null; reason: RevocationReason | null }[]>`
    select c.serial, r.at, r.reason from certificate c left join certificate_revocation r using (serial)
     where c.serial = any(${[...serials]}) and c.anchor_sha256 is null`;
  for (const { serial, at, reason } of rows)
    status.set(serial, at && reason ? { revokedAt: at.getTime(), reason } : 'good');
  return status;
}
