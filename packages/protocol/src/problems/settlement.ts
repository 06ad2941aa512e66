import type { ProblemEntry } from './entry.ts';

export const settlementProblems = {
  'ledger.insufficient_funds': { status: 422, title: 'Not enough free money' },
  'ledger.hold_resolved': { status: 409, title: 'This hold has been resolved before' },
  'ledger.not_halted': { status: 409, title: 'Payouts are not halted' },
  'ledger.resumption_not_proposed': {
    status: 409,
    title: 'A first person has to say why payouts may go on',
  },
  'ledger.found_since': {
    status: 409,
    title: 'More was found since the first person looked; that person has to look again',
  },
  'settlement.not_due': { status: 409, title: 'This step of the settlement is not due' },
  'settlement.agreed_price': {
    status: 422,
    title: 'An agreed price is needed exactly where no result was computed',
  },
  'settlement.currency_unavailable': {
    status: 422,
    title: 'The bank keeps no account for us in this currency',
  },
  'withdrawal.not_available': { status: 422, title: 'Less than that can be withdrawn now' },
  'withdrawal.no_account': {
    status: 409,
    title: 'Your company has no confirmed bank account in this currency',
  },
  'rating.not_yet': { status: 409, title: 'A contract is rated after it is closed' },
  'rating.given': { status: 409, title: 'Your company has rated this contract' },
  'bank.signature_missing': { status: 401, title: 'The message carries no signature' },
  'bank.signature_invalid': { status: 401, title: 'The signature does not fit the message' },
  'bank.timestamp_stale': {
    status: 401,
    title: 'The message was signed more than five minutes away from now',
  },
  'bank.event_conflict': { status: 409, title: 'This event came before with another body' },
  'bank.message_invalid': { status: 422, title: 'The message cannot be read' },
  'bank.message_too_large': { status: 413, title: 'The message is too large' },
} as const satisfies Record<string, ProblemEntry>;
