/** What members does after a commit: asking banks, watching papers, telling markets. */
import type { WorkHandler } from '../platform/outbox.ts';
import { assert } from '../platform/fault.ts';
import { RETIRE_ACCOUNTS, retireAccounts } from './bank/confirm.ts';
import { type BankWorkDeps, submitWork } from './bank/send.ts';
import { DOCUMENT_DUE, documentDue } from './dossier/expiry.ts';
import { type LetterDeps, letterWork } from './dossier/letters.ts';
import { type MemberMarkets, marketWork } from './market-work.ts';

export type { CertificationForBank, SubmitCertification } from './bank/send.ts';
export type MembersWorkDeps = BankWorkDeps & LetterDeps & { readonly markets: MemberMarkets };

export function membersWork(deps: MembersWorkDeps): WorkHandler[] {
  const { clock } = deps;
  return [
    submitWork(deps),
    marketWork(deps),
    letterWork(deps),
    {
      topic: DOCUMENT_DUE,
      write: async (tx, { payload, effectKey }) =>
        documentDue(tx, { documentId: text(payload['documentId']), effectKey, now: clock.now() }),
    },
    {
      topic: RETIRE_ACCOUNTS,
      write: async (tx, { payload }) => retireAccounts(tx, text(payload['organisationId']), clock.now()),
    },
  ];
}

function text(value: unknown): string {
  assert(typeof value === 'string', 'work of members without an id');
  return value;
}
