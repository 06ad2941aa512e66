/** Evidence as it was handed in, and who has opened it. */
import type { DisputeEvidence } from '@seam/protocol';
import type { Connection } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import type { Side } from './rules.ts';

type Row = {
  readonly id: string;
  readonly side: Side;
  readonly text: string;
  readonly at: Date;
  readonly name: string | null;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
};

/** Oldest first. */
export async function evidenceOf(connection: Connection, disputeId: string): Promise<DisputeEvidence[]> {
  const rows = await connection<Row[]>`
    select id, side, text, at, file_name as name, coalesce(media_type, '') as "mediaType",
           coalesce(octet_length(file), 0) as bytes, coalesce(encode(sha256, 'hex'), '') as sha256
      from dispute_evidence where dispute_id = ${disputeId} order by number`;
  const readings = await connection<{ id: string; side: Side | 'centre'; at: Date }[]>`
    select r.evidence_id as id, r.side, r.at from dispute_reading r join dispute_evidence e on e.id = r.evidence_id
     where e.dispute_id = ${disputeId} order by r.at, r.side`;
  return rows.map(({ id, side, text, at, name, mediaType, bytes, sha256 }) => ({
    id,
    side,
    text,
    at: at.toISOString(),
    file:
      name === null
        ? null
        : {
            name,
            mediaType,
            bytes,
            sha256,
            readBy: readings
              .filter((reading) => reading.id === id)
              .map((reading) => ({ side: reading.side, at: reading.at.toISOString() })),
          },
  }));
}

export type StoredFile = { readonly file: Uint8Array; readonly name: string; readonly mediaType: string };

/** The file for a reader who may see it; opened by another than its side, that is written down the first time. */
export async function readFile(
  connection: Connection,
  principal: Principal,
  of: { readonly disputeId: string; readonly file: string; readonly now: Date },
): Promise<StoredFile | undefined> {
  const uuid = /^[0-9a-f-]{36}$/;
  if (!uuid.test(of.disputeId) || !uuid.test(of.file)) return undefined;
  const mine = principal.organisationId;
  const [row] = await connection<(StoredFile & { side: Side; buyerId: string; sellerId: string })[]>`
    select e.file, e.file_name as name, e.media_type as "mediaType", e.side, s.buyer_id as "buyerId",
           s.seller_id as "sellerId"
      from dispute_evidence e join settlement_dispute d on d.id = e.dispute_id join settlement s using (contract_id)
     where e.id = ${of.file} and d.id = ${of.disputeId} and e.file is not null
       and (${principal.staff} or ${mine} in (s.buyer_id, s.seller_id))`;
  if (!row) return undefined;
  const reader = principal.staff ? 'centre' : row.buyerId === mine ? 'buyer' : 'seller';
  if (reader !== row.side)
    await connection`insert into dispute_reading (evidence_id, side, person_id, at)
      values (${of.file}, ${reader}, ${principal.personId}, ${of.now}) on conflict do nothing`;
  return row;
}
