/** Reads of what a company has handed in. Whoever calls has checked who may see it. */
import type { DeclarationView, PartyDocumentView } from '@seam/protocol';
import type { Connection } from '../../platform/db.ts';
import { type Paper, certifiedUntil, daysBetween, missingPapers } from './rules.ts';

export async function papersOf(connection: Connection, organisationId: string): Promise<Paper[]> {
  return connection<Paper[]>`select kind, state, expires_on::text as "expiresOn" from party_document
    where organisation_id = ${organisationId}`;
}

export async function hasDeclared(connection: Connection, organisationId: string): Promise<boolean> {
  const rows = await connection`select 1 from party_declaration where organisation_id = ${organisationId}`;
  return rows.length > 0;
}

/** What certification still needs of the company, by name. */
export async function lacks(
  connection: Connection,
  organisationId: string,
  today: string,
): Promise<string[]> {
  const declared = await hasDeclared(connection, organisationId);
  const papers = await papersOf(connection, organisationId);
  return [...(declared ? [] : ['declaration']), ...missingPapers(papers, today)];
}

/** Writes until when the company is certified by its papers; only for one that is or was. */
export async function renewCertifiedUntil(
  connection: Connection,
  organisationId: string,
  today: string,
): Promise<void> {
  const until = certifiedUntil(await papersOf(connection, organisationId), today);
  await connection`update organisation set certified_until = ${until}
    where id = ${organisationId} and certified_at is not null`;
}

type Row = Omit<PartyDocumentView, 'daysLeft' | 'uploadedAt' | 'decidedAt'> & {
  uploadedAt: Date;
  decidedAt: Date | null;
};

export async function documentViews(
  connection: Connection,
  of: { readonly organisationId: string; readonly today: string; readonly id?: string },
): Promise<PartyDocumentView[]> {
  const rows = await connection<Row[]>`
    select id, kind, number, issued_on::text as "issuedOn", expires_on::text as "expiresOn", file_name as "fileName",
           file_type as "fileType", length(file) as bytes, encode(sha256, 'hex') as sha256, state, reason,
           uploaded_at as "uploadedAt", decided_at as "decidedAt"
      from party_document where organisation_id = ${of.organisationId}
       and ${of.id === undefined ? connection`true` : connection`id = ${of.id}`}
     order by kind, uploaded_at desc, id`;
  return rows.map((row) => ({
    ...row,
    daysLeft:
      row.state === 'accepted' && row.expiresOn !== null ? daysBetween(of.today, row.expiresOn) : null,
    uploadedAt: row.uploadedAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
  }));
}

export type StoredFile = { readonly file: Uint8Array; readonly fileName: string; readonly fileType: string };

export async function documentFile(
  connection: Connection,
  of: { readonly organisationId: string; readonly id: string },
): Promise<StoredFile | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(of.id)) return undefined;
  const [row] = await connection<StoredFile[]>`select file, file_name as "fileName", file_type as "fileType"
    from party_document where organisation_id = ${of.organisationId} and id = ${of.id}`;
  return row;
}

export async function declarationView(
  connection: Connection,
  organisationId: string,
): Promise<DeclarationView | null> {
  const [row] = await connection<
    (Omit<DeclarationView, 'declaredAt' | 'representative'> & {
      declaredAt: Date;
      name: string;
      identityNumber: string;
    })[]
  >`select representative_name as name, representative_id as "identityNumber", owners,
      owners_reason as "ownersReason", related, declared_at as "declaredAt"
    from party_declaration where organisation_id = ${organisationId}`;
  if (!row) return null;
  const { name, identityNumber, declaredAt, owners, ownersReason, related } = row;
  return {
    representative: { name, identityNumber },
    owners: owners.map((owner) => ({ ...owner, control: owner.control ?? null })),
    ownersReason,
    related: related.map((one) => ({ ...one, legalId: one.legalId ?? null })),
    declaredAt: declaredAt.toISOString(),
  };
}
