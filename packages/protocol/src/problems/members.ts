import type { ProblemEntry } from './entry.ts';

export const memberProblems = {
  'auth.invalid_credentials': { status: 401, title: 'E-mail or password is wrong' },
  'member.invalid': { status: 422, title: 'Several values of the registration cannot be accepted' },
  'member.legal_id_length': { status: 422, title: 'A credit code has 18 characters, an LEI 20' },
  'member.legal_id_characters': {
    status: 422,
    title: 'The legal identity holds a character that cannot stand at its place',
  },
  'member.legal_id_check_character': {
    status: 422,
    title: 'The check character of the legal identity does not fit: a character is mistyped',
  },
  'member.legal_id_country': { status: 422, title: 'A credit code belongs to a company of mainland China' },
  'member.legal_id_taken': { status: 409, title: 'A company with this legal identity is registered already' },
  'member.country_unknown': { status: 422, title: 'This is no country code' },
  'member.trade_side_missing': {
    status: 422,
    title: 'A producer sells, a buyer buys, a trader does at least one of both',
  },
  'member.account_number_form': { status: 422, title: 'This is no account number' },
  'member.account_number_check': {
    status: 422,
    title: 'The check digits of the IBAN do not fit: a character is mistyped',
  },
  'member.bank_code_form': {
    status: 422,
    title:
      'A bank code is a BIC of 8 or 11 characters, a CNAPS code of 12 digits or an IFSC of 11 characters',
  },
  'member.bank_holder_differs': {
    status: 422,
    title: 'The account must be in the name of the company itself',
  },
  'member.bank_account_taken': { status: 409, title: 'This account was confirmed for another member' },
  'member.email_taken': { status: 409, title: 'A person with this e-mail address exists already' },
  'member.email_twice': { status: 422, title: 'This e-mail address is given for two persons' },
  'member.password_weak': { status: 422, title: 'This password is too easy to guess' },
  'member.password_wrong': { status: 422, title: 'The present password is wrong' },
  'step_up.required': {
    status: 403,
    title: 'Prove again that it is you: give your password or use a passkey',
  },
  'passkey.not_offered': {
    status: 409,
    title: 'Passkeys need a host name; this exchange is reached by an address',
  },
  'passkey.unknown': { status: 422, title: 'This passkey is not one of yours' },
  'passkey.refused': { status: 422, title: 'The passkey does not prove what was asked' },
  'passkey.known': { status: 409, title: 'This passkey is registered already' },
  'passkey.limit': { status: 409, title: 'You have as many passkeys as one person may have' },
  'member.last_admin': { status: 409, title: 'A company keeps at least one administrator who can log in' },
  'member.people_limit': { status: 409, title: 'The company has as many people as one company may have' },
  'member.decision_not_possible': {
    status: 409,
    title: 'In its present state this decision cannot be taken for the company',
  },
} as const satisfies Record<string, ProblemEntry>;
