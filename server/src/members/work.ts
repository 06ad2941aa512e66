/** Sends the result of a certification to the company's bank, after the commit and until it arrives. */
import { and, eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Clock } from '../platform/clock.ts';
import { first, orm } from '../platform/db.ts';
import type { WorkHandler } from '../platform/outbox.ts';
import { SUBMIT_CERTIFICATION, markSubmitted } from './commands/certification.ts';
import { bankAccount, organisation } from './tables.ts';

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
};
/** Asks the bank to confirm the account. May be called again for one reference; throws when it cannot be reached. */
export type SubmitCertification = (certification: CertificationForBank) => Promise<unknown>;

export type MembersWorkDeps = {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly submitCertification: SubmitCertification;
};

export function membersWork(deps: MembersWorkDeps): WorkHandler[] {
  return [
    {
      topic: SUBMIT_CERTIFICATION,
      async run(item) {
        const organisationId = String(item.payload['organisationId']);
        const bankAccountId = String(item.payload['bankAccountId']);
        const found = first(
          await orm(deps.sql)
            .select()
            .from(bankAccount)
            .innerJoin(organisation, eq(organisation.id, bankAccount.organisationId))
            .where(and(eq(bankAccount.id, bankAccountId), eq(organisation.id, organisationId))),
        );
        // Done already, or decided otherwise since: nothing to ask the bank.
        if (found?.organisation.status !== 'certified') return async () => {};
        const { holderName, accountNumber, bankCode, currency } = found.bank_account;
        const { legalId } = found.organisation;
        await deps.submitCertification({
          reference: item.effectKey,
          bankAccountId,
          organisationId,
          holderName,
          legalId,
          accountNumber,
          bankCode,
          currency,
        });
        return async (tx) => markSubmitted(tx, { organisationId, bankAccountId, now: deps.clock.now() });
      },
    },
  ];
}
