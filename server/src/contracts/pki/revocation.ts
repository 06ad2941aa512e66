/** Revocation: at once in the database, in the list that its own transaction publishes, and so in every answer. */
import type { RevocationReason } from '@seam/protocol';
import { eq } from 'drizzle-orm';
import { type Tx, first, orm } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import type { Authorities } from './authorities.ts';
import { publishIssuingList } from './revocation-lists.ts';
import { certificate, certificateRevocation } from './tables.ts';

type Deps = { readonly authorities: Authorities; readonly now: Date };

/** By a person of the company: any certificate of the company, whoever holds the key. */
export async function revokeOwn(
  tx: Tx,
  deps: Deps,
  principal: Principal,
  of: { serial: string; reason: RevocationReason },
): Promise<Refusal | Record<string, never>> {
  const found = first(await orm(tx).select().from(certificate).where(eq(certificate.serial, of.serial)));
  if (found?.organisationId !== principal.organisationId) return refuse('resource.not_found');
  return (await revoke(tx, deps, { ...of, by: principal.personId, evidence: null })) ?? {};
}

/** By staff, on evidence that is kept beside it. */
export async function revokeByStaff(
  tx: Tx,
  deps: Deps,
  principal: Principal,
  of: { serial: string; reason: RevocationReason; evidence: string },
): Promise<Refusal | Record<string, never>> {
  const found = first(await orm(tx).select().from(certificate).where(eq(certificate.serial, of.serial)));
  if (!found) return refuse('resource.not_found');
  return (await revoke(tx, deps, { ...of, by: principal.personId })) ?? {};
}

/** The certificate exists: the caller looked. */
export async function revoke(
  tx: Tx,
  { authorities, now }: Deps,
  of: { serial: string; reason: RevocationReason; by: string; evidence: string | null },
): Promise<Refusal | undefined> {
  const { serial, reason, evidence } = of;
  const done = await orm(tx)
    .insert(certificateRevocation)
    .values({ serial, reason, evidence, requestedBy: of.by, at: now })
    .onConflictDoNothing()
    .returning({ serial: certificateRevocation.serial });
  if (done.length === 0) return refuse('certificate.revoked');
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${of.by}, 'certificate.revoke', ${serial}, ${tx.json({ reason, evidence })})`;
  await publishIssuingList(tx, authorities.issuing, now);
  return undefined;
}
