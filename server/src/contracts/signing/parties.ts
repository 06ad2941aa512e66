/** Who may sign what, and when: both parties in turn, each person with its own certificate. */
import type { ContractState } from '@seam/protocol';
import { and, eq } from 'drizzle-orm';
import { type Connection, first, orm } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { agreedAmendment, effectiveTerms } from '../effective.ts';
import { type ContractMove, moveContract } from '../lifecycle.ts';
import { type CertificateRow, certificate, certificateRevocation } from '../pki/tables.ts';
import { type ContractRow, contract } from '../tables.ts';
import { type ContractTerms, applyAmendment, contractValue } from '../terms.ts';
import type { SignerProof } from './deps.ts';

export type PartyField = 'sig_seller' | 'sig_buyer';

export const SIDES = {
  sig_seller: { move: 'sign_as_seller', side: 'seller', role: '卖方 Seller' },
  sig_buyer: { move: 'sign_as_buyer', side: 'buyer', role: '买方 Buyer' },
} as const satisfies Record<PartyField, { move: ContractMove; side: 'seller' | 'buyer'; role: string }>;

/** The contract as far as this company may see it: both parties, nobody else. */
export async function contractOf(
  connection: Connection,
  id: string,
  principal: Principal,
): Promise<{ row: ContractRow; field: PartyField | null } | undefined> {
  const row = first(await orm(connection).select().from(contract).where(eq(contract.id, id)));
  if (!row) return undefined;
  if (principal.staff) return { row, field: null };
  if (row.sellerId === principal.organisationId) return { row, field: 'sig_seller' };
  if (row.buyerId === principal.organisationId) return { row, field: 'sig_buyer' };
  return undefined;
}

/** The certificate, when it is this person's and may sign now. */
export async function usableCertificate(
  connection: Connection,
  personId: string,
  serial: string,
  now: Date,
): Promise<CertificateRow | Refusal> {
  const found = first(
    await orm(connection)
      .select()
      .from(certificate)
      .leftJoin(certificateRevocation, eq(certificate.serial, certificateRevocation.serial))
      .where(and(eq(certificate.serial, serial), eq(certificate.personId, personId))),
  );
  if (!found) return refuse('certificate.missing');
  if (found.certificate_revocation) return refuse('certificate.revoked');
  if (found.certificate.notAfter < now || found.certificate.notBefore > now)
    return refuse('certificate.expired');
  // A contract binds only with lasting proof that its certificates were not revoked, and the lists of other
  // authorities are not fetched: better no signature than one that can never be sealed.
  if (found.certificate.anchorSha256 !== null) return refuse('certificate.evidence_missing');
  return found.certificate;
}

/** Whether `field` may sign from this state, and if not why. */
export function turn(state: ContractState, field: PartyField): Refusal | undefined {
  if (moveContract(state, SIDES[field].move)) return undefined;
  if (state === 'drafted') return refuse('contract.not_ready');
  if (state === 'voided' || state === 'binding') return refuse('contract.not_open');
  const signed = field === 'sig_seller' ? state !== 'issued' : state === 'buyer_signed';
  return refuse(signed ? 'contract.already_signed' : 'contract.not_your_turn');
}

/** Why this person may not sign for so much; undefined when it may. */
export async function beyondLimit(
  proof: Pick<SignerProof, 'mayCommit'>,
  connection: Connection,
  row: ContractRow,
  personId: string,
): Promise<Refusal | undefined> {
  if (row.terms === null) return refuse('contract.not_ready');
  const terms = row.kind === 'amendment' ? await amended(connection, row) : JSON.parse(row.terms);
  if (!terms) return refuse('contract.stale_version');
  const { currency } = terms as ContractTerms;
  return proof.mayCommit(connection, { personId, value: contractValue(terms), currency });
}

/** An amendment is signed for the whole contract as it would then be; undefined when it no longer fits that. */
async function amended(connection: Connection, row: ContractRow): Promise<ContractTerms | undefined> {
  const of = first(
    await orm(connection).select().from(contract).where(eq(contract.id, row.amendsContractId!)),
  );
  const terms = of && (await effectiveTerms(connection, of));
  if (terms?.schema !== 'seam.contract.2') return undefined;
  return applyAmendment(terms, agreedAmendment(row.terms!, row.termsSha256));
}
