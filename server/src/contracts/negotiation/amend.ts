/** An amendment of a contract that binds: a contract row of its own kind, signed and filed in the same way. */
import { orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { newId } from '../../platform/id.ts';
import { contract, contractRevision } from '../tables.ts';
import { type AmendmentTerms, applyChanges, termsSha256 } from '../terms.ts';
import type { Basis, NegotiationDeps, WriteDocument } from './accept.ts';
import { amendmentsOf } from './ground.ts';
import { changesOf } from './propose.ts';
import { type RevisionRow, latestRevision } from '../signing/revisions.ts';
import { sha256 } from './rows.ts';
import { contractVersion } from './tables.ts';

const DAY_MS = 24 * 3600_000;

export async function prepareAmendment(
  deps: NegotiationDeps,
  { row, ground, proposal, at }: Basis,
  final: RevisionRow,
): Promise<WriteDocument> {
  const { sql } = deps;
  const earlier = await amendmentsOf(sql, row.id);
  const last = earlier.findLast(({ state }) => state === 'binding');
  const lastFile = last && (await latestRevision(sql, last.id));
  const effective = applyChanges(ground.terms, changesOf(proposal));
  assert(effective && row.termsSha256, `proposal ${proposal.id} does not start from the terms in force`);
  const number = earlier.length + 1;
  const terms: AmendmentTerms = {
    schema: 'seam.amendment.1',
    contractId: newId(),
    number: `${row.number}-A${number}`,
    issuedAt: at.toISOString(),
    amends: {
      contractId: row.id,
      number: row.number,
      sha256: hex(final.sha256),
      termsSha256: hex(row.termsSha256),
    },
    previous: last && lastFile ? { number: last.number, sha256: hex(lastFile.sha256) } : null,
    seller: ground.terms.seller,
    buyer: ground.terms.buyer,
    reason: proposal.reason,
    changes: changesOf(proposal),
    effectiveSha256: termsSha256(effective),
  };
  const { termsJson, bytes } = await deps.render(terms, deps.publicUrl, ground.terms);
  return async (tx) => {
    const signBy = new Date(at.getTime() + ground.terms.general.signWithinDays * DAY_MS);
    await orm(tx)
      .insert(contract)
      .values({
        id: terms.contractId,
        saleId: row.saleId,
        number: terms.number,
        sellerId: row.sellerId,
        buyerId: row.buyerId,
        state: 'issued',
        kind: 'amendment',
        amendsContractId: row.id,
        amendmentNumber: number,
        terms: termsJson,
        termsSha256: sha256(termsJson),
        signBy,
      });
    const first = { contractId: terms.contractId, sha256: sha256(bytes), file: bytes };
    await orm(tx)
      .insert(contractRevision)
      .values({ ...first, n: 0, kind: 'issued' });
    await orm(tx)
      .insert(contractVersion)
      .values({
        contractId: terms.contractId,
        version: 1,
        firstRevision: 0,
        terms: termsJson,
        termsSha256: sha256(termsJson),
        proposalId: proposal.id,
        issuedAt: at,
      });
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
