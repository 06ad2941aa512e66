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
  'member.name_unprintable': {
    status: 422,
    title:
      'The font of contracts cannot print a character of this; write it in Chinese or plain Latin letters',
  },
  'member.limit_exceeded': {
    status: 403,
    title: 'This is more than this person may bind the company to; somebody with a higher limit does it',
  },
  'member.limit_invalid': {
    status: 422,
    title: 'A limit is an amount above nothing, once for each currency',
  },
  'member.own_limit': {
    status: 409,
    title: 'Nobody raises an own limit: another administrator changes it',
  },
  'member.decision_not_possible': {
    status: 409,
    title: 'In its present state this decision cannot be taken for the company',
  },
  'member.owner_shares': { status: 422, title: 'The shares of all owners are more than the whole' },
  'member.owners_unnamed': {
    status: 422,
    title: 'A quarter or more has no named owner: name who owns it, or say why it cannot be named',
  },
  'member.owner_without_control': {
    status: 422,
    title: 'An owner holds a share, or controls by other means that are named',
  },
  'member.dossier_incomplete': { status: 409, title: 'Something that certification needs is still missing' },
  'member.business_open': { status: 409, title: 'The company still has open business' },
  'member.not_related': { status: 422, title: 'These companies do not belong to one group' },
  'member.related_already': { status: 409, title: 'These companies belong to one group already' },
  'member.account_change_running': { status: 409, title: 'Another change of account is not finished yet' },
  'party_document.type': {
    status: 422,
    title: 'Only a PDF, a PNG or a JPEG is taken, whatever its name says',
  },
  'party_document.too_large': { status: 422, title: 'The file is larger than 5 MB' },
  'party_document.dates': {
    status: 422,
    title: 'A document is issued today or before, and runs out after that',
  },
  'party_document.expired': { status: 422, title: 'The document has run out' },
  'party_document.limit': { status: 409, title: 'The company has as many documents as one company may have' },
  'party_document.decided': { status: 409, title: 'The document is accepted or refused already' },
  'party_document.reason_missing': { status: 422, title: 'A document is refused with a reason' },
  'two_person.own': { status: 409, title: 'A second person has to approve: nobody approves an own proposal' },
  'two_person.decided': { status: 409, title: 'The proposal is approved, refused or withdrawn already' },
  'two_person.expired': { status: 409, title: 'The proposal has run out; it has to be made again' },
  'two_person.open_already': {
    status: 409,
    title: 'The same is proposed already and waits for a second person',
  },
  'two_person.office': { status: 403, title: 'This decision belongs to another office of the centre' },
} as const satisfies Record<string, ProblemEntry>;
