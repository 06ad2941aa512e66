/**
 * Lists of revoked certificates, numbered without a gap and never changed: a new one at each revocation,
 * in its transaction, and at least daily.
 */
import { createCrl, type Issuer, type Revocation, type RevocationReason } from '@seam/esign';
import type { Sql } from 'postgres';
import type { Connection, Tx } from '../../platform/db.ts';

export type ListIssuer = 'root' | 'issuing';
export type RevocationList = {
  readonly number: number;
  readonly der: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
};

const DAY_MS = 24 * 3600_000;
/** Replaced daily; the rest of the week is for whoever cannot reach the exchange. */
const VALID_MS = 7 * DAY_MS;

export async function newestList(
  connection: Connection,
  issuer: ListIssuer,
): Promise<RevocationList | undefined> {
  const [row] = await connection<
    { number: string; der: Buffer; thisUpdate: Date; nextUpdate: Date }[]
  >`select number, der, this_update as "thisUpdate", next_update as "nextUpdate"
      from revocation_list where issuer = ${issuer} order by number desc limit 1`;
  return row && { ...row, number: Number(row.number), der: new Uint8Array(row.der) };
}

/** Signs the next list and stores it. The caller's transaction makes it public together with its cause. */
export async function publishList(
  tx: Tx,
  of: { issuer: ListIssuer; signer: Issuer; revoked: readonly Revocation[]; now: Date; validMs?: number },
): Promise<RevocationList> {
  await lock(tx);
  const number = ((await newestList(tx, of.issuer))?.number ?? 0) + 1;
  const thisUpdate = new Date(of.now);
  const nextUpdate = new Date(of.now.getTime() + (of.validMs ?? VALID_MS));
  const der = await createCrl({
    issuer: of.signer,
    number,
    thisUpdate: thisUpdate.getTime(),
    nextUpdate: nextUpdate.getTime(),
    revoked: of.revoked,
  });
  await tx`insert into revocation_list (issuer, number, der, this_update, next_update)
    values (${of.issuer}, ${number}, ${der}, ${thisUpdate}, ${nextUpdate})`;
  return { number, der, thisUpdate, nextUpdate };
}

/** Only what this authority issued: a certificate of another one is not its to revoke. */
export async function publishIssuingList(tx: Tx, issuing: Issuer, now: Date): Promise<RevocationList> {
  // Before reading: of two revocations at once, the later list must hold both.
  await lock(tx);
  const rows = await tx<{ serial: string; at: Date; reason: RevocationReason }[]>`
    select serial, at, reason from certificate_revocation
      join certificate using (serial) where anchor_sha256 is null order by at, serial`;
  const revoked = rows.map(({ serial, at, reason }) => ({ serial, at: at.getTime(), reason }));
  return publishList(tx, { issuer: 'issuing', signer: issuing, revoked, now });
}

/** The list that holds now: the newest, or a new one when that is older than a day. */
export async function currentIssuingList(sql: Sql, issuing: Issuer, now: Date): Promise<RevocationList> {
  const newest = await newestList(sql, 'issuing');
  if (newest && isFresh(newest, now)) return newest;
  return sql.begin<RevocationList>(async (tx) => {
    await lock(tx);
    const made = await newestList(tx, 'issuing');
    return made && isFresh(made, now) ? made : publishIssuingList(tx, issuing, now);
  });
}

const lock = async (tx: Tx): Promise<unknown> => tx`lock table revocation_list in exclusive mode`;

const isFresh = (list: RevocationList, now: Date): boolean =>
  now.getTime() - list.thisUpdate.getTime() < DAY_MS;
