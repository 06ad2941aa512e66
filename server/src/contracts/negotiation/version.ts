/** The next version of a contract that nobody is bound by: the old document is superseded, signing starts again. */
import { eq } from 'drizzle-orm';
import { assert } from '../../platform/fault.ts';
import { type Tx, orm } from '../../platform/db.ts';
import { type ContractRow, contract, contractRevision } from '../tables.ts';
import { nextVersion, termsSha256 } from '../terms.ts';
import type { Basis, NegotiationDeps, WriteDocument } from './accept.ts';
import { changesOf } from './propose.ts';
import type { RevisionRow } from '../signing/revisions.ts';
import { sha256 } from './rows.ts';
import { contractVersion } from './tables.ts';

const DAY_MS = 24 * 3600_000;

export async function prepareVersion(
  deps: NegotiationDeps,
  { ground, proposal, at }: Basis,
  base: RevisionRow,
): Promise<WriteDocument> {
  const terms = nextVersion(ground.terms, {
    changes: changesOf(proposal),
    supersedes: {
      sha256: Buffer.from(base.sha256).toString('hex'),
      termsSha256: termsSha256(ground.terms),
    },
    issuedAt: at,
  });
  assert(terms, `proposal ${proposal.id} does not start from the terms it was made on`);
  const { termsJson, bytes } = await deps.render(terms, deps.publicUrl);
  return async (tx, row) => {
    const signBy = await deadline(tx, row, at, terms.general.signWithinDays);
    await orm(tx)
      .update(contract)
      .set({
        state: 'issued',
        version: terms.version,
        terms: termsJson,
        termsSha256: sha256(termsJson),
        signBy,
      })
      .where(eq(contract.id, row.id));
    // The chain goes on: the first revision of the new version names the last of the old one.
    const n = base.n + 1;
    await orm(tx)
      .insert(contractRevision)
      .values({
        contractId: row.id,
        n,
        kind: 'issued',
        sha256: sha256(bytes),
        prevSha256: base.sha256,
        file: bytes,
      });
    await orm(tx)
      .insert(contractVersion)
      .values({
        contractId: row.id,
        version: terms.version,
        firstRevision: n,
        terms: termsJson,
        termsSha256: sha256(termsJson),
        proposalId: proposal.id,
        sellerHadSigned: row.state === 'seller_signed' || (await dropKept(tx, row.id)),
        issuedAt: at,
      });
  };
}

/** A kept signature of the seller, still without its timestamp, was made on the version that is superseded. */
async function dropKept(tx: Tx, contractId: string): Promise<boolean> {
  const kept = await tx`select id from signing_session
    where contract_id = ${contractId} and state = 'signed_waiting' for update`;
  for (const { id } of kept)
    await tx`update signing_session set state = 'dropped', dropped_because = 'contract.stale_revision' where id = ${id}`;
  return kept.length > 0;
}

/** Both have the whole time again; where the market keeps the deadline of an award, that one stays. */
async function deadline(tx: Tx, row: ContractRow, at: Date, withinDays: number): Promise<Date | null> {
  const [award] =
    await tx`select 1 from sale where id = ${row.saleId} and origin_key like 'auction:%:award:%'`;
  return award ? row.signBy : new Date(at.getTime() + withinDays * DAY_MS);
}
