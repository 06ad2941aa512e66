import type { ProblemEntry } from './entry.ts';

/** What the demo's bank refuses its customers, as their online banking would say it. */
export const demoProblems = {
  'demo_bank.account_unknown': { status: 422, title: 'The bank knows no customer account with this number' },
  'demo_bank.account_taken': { status: 409, title: 'This account number belongs to somebody else' },
  'demo_bank.account_number_form': {
    status: 422,
    title: 'An account number has 5 to 34 digits and Latin letters',
  },
  'demo_bank.bank_code_form': { status: 422, title: 'This is neither a BIC nor a CNAPS code nor an IFSC' },
  'demo_bank.insufficient_funds': { status: 422, title: 'There is not enough money in the account' },
  'demo_bank.currency_differs': { status: 422, title: 'The account is in another currency' },
  'demo_bank.amount_not_positive': { status: 422, title: 'The amount must be more than zero' },
  'demo_bank.transfer_conflict': { status: 409, title: 'This transfer came before with other content' },
  'demo_bank.refused': { status: 422, title: 'The bank refused this' },
} as const satisfies Record<string, ProblemEntry>;
