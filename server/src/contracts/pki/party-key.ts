/**
 * A key belongs to one person for ever: to whoever first proved to hold it. The row is locked until the
 * end of the transaction, so that of two requests with one key, made at once, one comes second.
 */
import type { Tx } from '../../platform/db.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';

export async function claimKey(
  tx: Tx,
  key: { spkiSha256: string; organisationId: string; personId: string },
): Promise<Refusal | undefined> {
  await tx`insert into party_key (spki_sha256, organisation_id, person_id)
    values (${key.spkiSha256}, ${key.organisationId}, ${key.personId}) on conflict do nothing`;
  const [owner] = await tx<{ person_id: string }[]>`
    select person_id from party_key where spki_sha256 = ${key.spkiSha256} for update`;
  if (owner?.person_id !== key.personId) return refuse('certificate.key_reused');
  // Its own person may ask again only while nothing came of it.
  const [used] = await tx`
    select 1 from certificate where spki_sha256 = ${key.spkiSha256}
    union all
    select 1 from certificate_request
     where spki_sha256 = ${key.spkiSha256} and state in ('submitted', 'approved') limit 1`;
  return used ? refuse('certificate.key_reused') : undefined;
}
