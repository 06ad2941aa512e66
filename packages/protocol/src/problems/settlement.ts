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
  'ledger.reversed': { status: 409, title: 'This was undone before' },
  'ledger.not_reversible': { status: 409, title: 'There is nothing here that could be undone' },
  'ledger.reversed_elsewhere': {
    status: 409,
    title: 'This is undone where it was decided, not in the ledger alone',
  },
  'fee.invalid': { status: 422, title: 'This fee rule cannot be written' },
  'fee.company_unknown': { status: 422, title: 'There is no such company' },
  'fee.notice_too_short': { status: 422, title: 'A fee is announced at least 14 days before it holds' },
  'fee.comment_period': { status: 409, title: 'Members may still comment on this fee' },
  'fee.comments_closed': { status: 409, title: 'Comments on this fee are closed' },
  'fee.too_late': {
    status: 409,
    title: 'The day from which this fee was to hold has come: propose it again',
  },
  'work.taken': { status: 409, title: 'Somebody else has taken this work' },
  'work.not_possible': { status: 409, title: 'This cannot be done with the work as it stands now' },
  'settlement.not_due': { status: 409, title: 'This step of the settlement is not due' },
  'security.none': { status: 409, title: 'There is no security of this side to take' },
  'security.not_in_default': {
    status: 409,
    title: 'This side is not in default: what it owes is not overdue',
  },
  'security.cure_period': {
    status: 409,
    title: 'The period in which the default can be cured has not ended',
  },
  'security.unidentified_credit': {
    status: 409,
    title: 'Money whose owner is not known yet came within the cure period and may be this payment',
  },
  'security.decided': { status: 409, title: 'This is decided already' },
  'security.not_forfeited': { status: 409, title: 'Nothing was forfeited here that could be given back' },
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
  'rating.window_over': { status: 409, title: 'The time to rate this contract is over' },
  'rating.contact_data': {
    status: 422,
    title: 'Addresses, telephone numbers and links do not belong in a rating',
  },
  'rating.not_shown': { status: 409, title: 'A rating is answered after it is shown' },
  'rating.replied': { status: 409, title: 'Your company has answered this rating' },
  'rating.moderated': { status: 409, title: 'These words are already so' },
  'bank.signature_missing': { status: 401, title: 'The message carries no signature' },
  'bank.signature_invalid': { status: 401, title: 'The signature does not fit the message' },
  'bank.timestamp_stale': {
    status: 401,
    title: 'The message was signed more than five minutes away from now',
  },
  'bank.event_conflict': { status: 409, title: 'This event came before with another body' },
  'bank.message_invalid': { status: 422, title: 'The message cannot be read' },
  'bank.not_awaiting_approval': { status: 409, title: 'This payment does not wait for an approval' },
  'bank.not_open': { status: 409, title: 'This is no longer open' },
  'bank.company_unknown': { status: 422, title: 'There is no such company' },
  'bank.window_open': {
    status: 409,
    title: 'The bank may still carry this payment out: its word counts seven days after the last attempt',
  },
  'bank.statement_missing': {
    status: 409,
    title: 'No reconciled statement of a later day shows that the payment was not made',
  },
  'bank.message_too_large': { status: 413, title: 'The message is too large' },
} as const satisfies Record<string, ProblemEntry>;
