/** The company hands in what it proves; the centre accepts each paper or refuses it with a reason. */
import { createHash } from 'node:crypto';
import { type DeclarationInput, PARTY_DOCUMENT_BYTES_MAX, type PartyDocumentInput } from '@seam/protocol';
import { fileTypeFromBuffer } from 'file-type';
import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { audit } from '../audit.ts';
import { lockOrganisation, moveOrganisation } from '../commands/steps.ts';
import { takesPapers } from '../lifecycle.ts';
import { DOCUMENTS_MAX } from '../limits.ts';
import { watchDocument } from './expiry.ts';
import { settled, tellOffices } from './notices.ts';
import { lacks, renewCertifiedUntil } from './papers.ts';
import { checkDays, checkDeclaration, dayOf } from './rules.ts';

type By = { readonly organisationId: string; readonly personId: string; readonly now: Date };

/** Replaces what was declared before. A member that is active keeps its state; the centre sees the change. */
export async function declareOwners(tx: Tx, input: DeclarationInput, by: By): Promise<Refusal | undefined> {
  const refusal = checkDeclaration(input);
  if (refusal) return refusal;
  const locked = await lockOrganisation(tx, by.organisationId);
  if (!locked) return refuse('resource.not_found');
  if (!takesPapers(locked.status))
    return refuse('state.conflict', { detail: `the company is ${locked.status}` });
  const { representative, owners, ownersReason = null, related } = input;
  await tx`insert into party_declaration (organisation_id, representative_name, representative_id, owners,
      owners_reason, related, declared_by, declared_at)
    values (${locked.id}, ${representative.name.trim()}, ${plainId(representative.identityNumber)}, ${tx.json(owners)},
      ${ownersReason}, ${tx.json(related)}, ${by.personId}, ${by.now})
    on conflict (organisation_id) do update set representative_name = excluded.representative_name,
      representative_id = excluded.representative_id, owners = excluded.owners,
      owners_reason = excluded.owners_reason, related = excluded.related, declared_by = excluded.declared_by,
      declared_at = excluded.declared_at`;
  await audit(tx, {
    personId: by.personId,
    action: 'party.declared',
    subject: `organisation:${locked.id}`,
    detail: { owners: owners.map(({ name, shareBasisPoints }) => `${name} ${shareBasisPoints}`) },
  });
  return undefined;
}

/** Identity numbers as registers compare them. */
const plainId = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

const TYPES: readonly string[] = ['application/pdf', 'image/png', 'image/jpeg'];

/** What a file is, by its bytes; its name proves nothing. */
export async function checkFile(base64: string): Promise<{ bytes: Buffer; type: string } | Refusal> {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > PARTY_DOCUMENT_BYTES_MAX)
    return refuse('party_document.too_large', { fields: { file: 'party_document.too_large' } });
  const found = await fileTypeFromBuffer(bytes);
  if (!found || !TYPES.includes(found.mime))
    return refuse('party_document.type', {
      fields: { file: 'party_document.type' },
      accepted: { file: TYPES.join(', ') },
    });
  return { bytes, type: found.mime };
}

/** @returns the id of the document; the same file of the same kind again is the document there is. */
export async function addDocument(
  tx: Tx,
  input: PartyDocumentInput,
  checked: { readonly bytes: Buffer; readonly type: string },
  by: By,
): Promise<{ id: string } | Refusal> {
  const refusal = checkDays(input, dayOf(by.now));
  if (refusal) return refusal;
  const locked = await lockOrganisation(tx, by.organisationId);
  if (!locked) return refuse('resource.not_found');
  if (!takesPapers(locked.status))
    return refuse('state.conflict', { detail: `the company is ${locked.status}` });
  const sha256 = createHash('sha256').update(checked.bytes).digest();
  const [same] = await tx<{ id: string }[]>`select id from party_document
    where organisation_id = ${locked.id} and kind = ${input.kind} and sha256 = ${sha256}`;
  if (same) return same;
  const [{ n } = { n: 0 }] = await tx<{ n: number }[]>`select count(*)::int as n from party_document
    where organisation_id = ${locked.id}`;
  if (n >= DOCUMENTS_MAX)
    return refuse('party_document.limit', { accepted: { documents: String(DOCUMENTS_MAX) } });
  const id = newId();
  await tx`insert into party_document (id, organisation_id, kind, number, issued_on, expires_on, file_name, file_type,
      file, sha256, uploaded_by, uploaded_at)
    values (${id}, ${locked.id}, ${input.kind}, ${input.number.trim()}, ${input.issuedOn}, ${input.expiresOn ?? null},
      ${input.fileName}, ${checked.type}, ${checked.bytes}, ${sha256}, ${by.personId}, ${by.now})`;
  // Before that the submission is what the centre hears of.
  if (locked.status === 'active') {
    const link = `/staff/certification/${locked.id}`;
    const notice = { kind: 'document_waits', subject: locked.name, link, about: `document:${id}` } as const;
    await tellOffices(tx, ['operator_admin', 'supervisor', 'risk_officer'], notice, { now: by.now });
  }
  return { id };
}

/** One person of the centre is enough: certifying takes two anyway. */
export async function decideDocument(
  tx: Tx,
  given: By & { readonly documentId: string; readonly accept: boolean; readonly reason?: string | undefined },
): Promise<Refusal | undefined> {
  const { organisationId, documentId, accept, reason, personId, now } = given;
  if (!accept && reason === undefined)
    return refuse('party_document.reason_missing', { fields: { reason: 'party_document.reason_missing' } });
  if (!/^[0-9a-f-]{36}$/.test(documentId)) return refuse('resource.not_found');
  await lockOrganisation(tx, organisationId);
  const [row] = await tx<{ state: string; expiresOn: string | null }[]>`
    select state, expires_on::text as "expiresOn" from party_document
     where id = ${documentId} and organisation_id = ${organisationId} for update`;
  if (!row) return refuse('resource.not_found');
  if (row.state !== 'pending') return refuse('party_document.decided');
  const today = dayOf(now);
  if (accept && row.expiresOn !== null && row.expiresOn < today) return refuse('party_document.expired');
  await tx`update party_document set state = ${accept ? 'accepted' : 'refused'}, reason = ${accept ? null : reason!},
      decided_by = ${personId}, decided_at = ${now} where id = ${documentId}`;
  await settled(tx, `document:${documentId}`, now);
  await audit(tx, {
    personId,
    action: accept ? 'party_document.accepted' : 'party_document.refused',
    subject: `organisation:${organisationId}`,
    detail: { documentId, ...(reason === undefined ? {} : { reason }) },
  });
  if (!accept) return undefined;
  await renewCertifiedUntil(tx, organisationId, today);
  if (row.expiresOn !== null) await watchDocument(tx, { id: documentId, expiresOn: row.expiresOn, today });
  return undefined;
}

/** A draft goes to the centre; an expired member asks to be certified again. */
export async function submitCompany(tx: Tx, by: By): Promise<Refusal | undefined> {
  const locked = await lockOrganisation(tx, by.organisationId);
  if (!locked) return refuse('resource.not_found');
  // What was asked for is answered with words (`resubmit`); here nothing is said beside the papers.
  if (locked.status !== 'registered' && locked.status !== 'expired')
    return refuse('state.conflict', { detail: `the company is ${locked.status}` });
  const missing = await handedIn(tx, locked.id, dayOf(by.now));
  if (missing.length > 0) return incomplete(missing);
  const { personId, now } = by;
  await moveOrganisation(tx, locked, { move: 'submit', by: 'company', personId, now });
  return undefined;
}

/** What was not even handed in: papers that wait for the centre are in order. */
async function handedIn(tx: Tx, organisationId: string, today: string): Promise<string[]> {
  const waiting = await tx<{ kind: string }[]>`select kind from party_document
    where organisation_id = ${organisationId} and state = 'pending'
      and (expires_on is null or expires_on >= ${today})`;
  const missing = await lacks(tx, organisationId, today);
  return missing.filter((what) => !waiting.some(({ kind }) => kind === what));
}

export function incomplete(missing: readonly string[]): Refusal {
  return refuse('member.dossier_incomplete', {
    detail: missing.join(', '),
    fields: Object.fromEntries(missing.map((what) => [what, 'required'])),
  });
}
