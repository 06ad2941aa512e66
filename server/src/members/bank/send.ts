/**
 * The result of a certification goes to the company's bank as a signed assertion that a machine can read: what was
 * certified of whom, for which account. Sent after the commit and until it arrives; the bank's answer acknowledges it.
 */
import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Clock } from '../../platform/clock.ts';
import { type Connection, type Tx, first, orm } from '../../platform/db.ts';
import { type WorkHandler, type WorkItem, enqueue } from '../../platform/outbox.ts';
import { lockOrganisation, moveOrganisation } from '../commands/steps.ts';
import { bankAccount, organisation } from '../tables.ts';

export const SUBMIT_CERTIFICATION = 'members.submit_certification';

export type SignedAssertion = {
  readonly payload: Uint8Array;
  /** Detached, by the centre's key, SHA-256. */
  readonly signature: Uint8Array;
  /** X.509, DER. */
  readonly certificate: Uint8Array;
};
export type CertificationForBank = {
  /** The same for every try of one submission. */
  readonly reference: string;
  /** Give it back to `confirmBankAccount` with the answer. */
  readonly bankAccountId: string;
  readonly organisationId: string;
  readonly holderName: string;
  readonly legalId: string;
  readonly accountNumber: string;
  readonly bankCode: string;
  readonly currency: string;
  readonly assertion: SignedAssertion;
};
/** Asks the bank to confirm the account. May be called again for one reference; throws when it cannot be reached. */
export type SubmitCertification = (certification: CertificationForBank) => Promise<unknown>;
export type SignAssertion = (
  payload: Uint8Array,
) => Promise<Pick<SignedAssertion, 'signature' | 'certificate'>>;

export type BankWorkDeps = {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly submitCertification: SubmitCertification;
  readonly signAssertion: SignAssertion;
};

/** The account that the bank is asked about: one that waits, or the one it confirmed before. */
export async function currentAccount(
  connection: Connection,
  organisationId: string,
): Promise<typeof bankAccount.$inferSelect | undefined> {
  const rows = await orm(connection)
    .select()
    .from(bankAccount)
    .where(
      and(
        eq(bankAccount.organisationId, organisationId),
        inArray(bankAccount.status, ['pending', 'submitted', 'confirmed']),
      ),
    )
    .orderBy(desc(bankAccount.createdAt), desc(bankAccount.id));
  return rows.find(({ status }) => status !== 'confirmed') ?? rows[0];
}

/** An account is sent once for each certification: refused, it is never asked about again, another takes its place. */
export async function sendToBank(tx: Tx, organisationId: string): Promise<void> {
  const account = await currentAccount(tx, organisationId);
  if (!account) throw new Error(`organisation ${organisationId} is certified without a bank account`);
  const [step] = await tx<{ seq: string }[]>`select max(seq)::text as seq from certification_step
    where organisation_id = ${organisationId}`;
  await enqueueForBank(tx, { organisationId, bankAccountId: account.id, occasion: step!.seq });
}

export async function enqueueForBank(
  tx: Tx,
  of: { readonly organisationId: string; readonly bankAccountId: string; readonly occasion: string },
): Promise<void> {
  await enqueue(tx, {
    effectKey: `${SUBMIT_CERTIFICATION}:${of.bankAccountId}:${of.occasion}`,
    topic: SUBMIT_CERTIFICATION,
    payload: { organisationId: of.organisationId, bankAccountId: of.bankAccountId },
  });
}

export function submitWork(deps: BankWorkDeps): WorkHandler {
  return { topic: SUBMIT_CERTIFICATION, run: async (item) => submit(deps, item) };
}

async function submit(deps: BankWorkDeps, item: WorkItem): Promise<(tx: Tx) => Promise<void>> {
  const organisationId = String(item.payload['organisationId']);
  const bankAccountId = String(item.payload['bankAccountId']);
  const found = first(
    await orm(deps.sql)
      .select()
      .from(bankAccount)
      .innerJoin(organisation, eq(organisation.id, bankAccount.organisationId))
      .where(and(eq(bankAccount.id, bankAccountId), eq(organisation.id, organisationId))),
  );
  const change = found?.bank_account.changeProposalId != null && found.bank_account.status === 'pending';
  // Done already, or decided otherwise since: nothing to ask the bank.
  if (!found || (found.organisation.status !== 'certified' && !change)) return async () => {};
  const { holderName, accountNumber, bankCode, currency } = found.bank_account;
  const { legalId } = found.organisation;
  const facts = { holderName, legalId, accountNumber, bankCode, currency };
  const reference = item.effectKey;
  const assertion = await assertionOf(deps, { ...facts, reference, organisationId, bankAccountId });
  await deps.submitCertification({ reference, bankAccountId, organisationId, ...facts, assertion });
  return async (tx) => markSubmitted(tx, { organisationId, bankAccountId, now: deps.clock.now() });
}

/** Made and signed once; a second try sends the same bytes. */
async function assertionOf(
  { sql, clock, signAssertion }: BankWorkDeps,
  of: Omit<CertificationForBank, 'assertion'>,
): Promise<SignedAssertion> {
  const stored = async () =>
    (
      await sql<SignedAssertion[]>`select payload, signature, certificate from certification_assertion
        where reference = ${of.reference}`
    )[0];
  const earlier = await stored();
  if (earlier) return earlier;
  const [party] = await sql<Record<string, string | null>[]>`
    select name, name_zh as "nameZh", legal_id_kind as "legalIdKind", country,
           to_char(certified_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "certifiedAt",
           certified_until::text as "certifiedUntil"
      from organisation where id = ${of.organisationId}`;
  const now = clock.now();
  const payload = Buffer.from(
    JSON.stringify({ type: 'seam.certification/1', ...of, ...party, madeAt: now.toISOString() }),
  );
  const { signature, certificate } = await signAssertion(payload);
  await sql`insert into certification_assertion (reference, organisation_id, bank_account_id, payload, signature,
      certificate, made_at)
    values (${of.reference}, ${of.organisationId}, ${of.bankAccountId}, ${payload}, ${signature}, ${certificate},
      ${now}) on conflict do nothing`;
  return (await stored())!;
}

/** The bank has been asked. Its answer may have come first; then nothing is left to write. */
export async function markSubmitted(
  tx: Tx,
  given: { readonly organisationId: string; readonly bankAccountId: string; readonly now: Date },
): Promise<void> {
  const { now } = given;
  const locked = await lockOrganisation(tx, given.organisationId);
  if (locked) await moveOrganisation(tx, locked, { move: 'notify_bank', by: 'system', now });
  await orm(tx)
    .update(bankAccount)
    .set({ status: 'submitted', submittedAt: now })
    .where(and(eq(bankAccount.id, given.bankAccountId), eq(bankAccount.status, 'pending')));
}
