/**
 * What a registration must satisfy, without IO: legal identity, bank account, trade sides, passwords.
 * Every function gives the fields at fault with the code of each; none at fault is an empty object.
 */
import {
  type BankAccountInput,
  COUNTRIES,
  type OrganisationInput,
  type ProblemCode,
  type RegistrationInput,
} from '@seam/protocol';
import { type LegalIdKind, parseLegalId } from '@seam/units';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { ibanFits, looksLikeIban } from './iban.ts';

export type Fields = Record<string, ProblemCode>;

export type CheckedBankAccount = {
  readonly holderName: string;
  readonly accountNumber: string;
  readonly bankCode: string;
  readonly bankCodeKind: 'bic' | 'cnaps' | 'ifsc';
  readonly bankName: string;
  readonly currency: BankAccountInput['currency'];
};
export type CheckedRegistration = {
  readonly legalId: { readonly kind: LegalIdKind; readonly value: string };
  readonly bankAccount: CheckedBankAccount;
};

const legalIdCode = {
  legal_id_length: 'member.legal_id_length',
  legal_id_characters: 'member.legal_id_characters',
  legal_id_check: 'member.legal_id_check_character',
} as const;

/** One field at fault is told by its own code; several are told together. */
export function refuseFields(fields: Fields): Refusal | undefined {
  const codes = Object.values(fields);
  if (codes.length === 0) return undefined;
  const [only] = codes;
  return refuse(codes.length === 1 && only ? only : 'member.invalid', { fields });
}

/** @returns the normal forms, or a refusal naming every field at fault. */
export function checkRegistration(input: RegistrationInput): CheckedRegistration | Refusal {
  const { organisation, admin, people = [] } = input;
  const legalId = parseLegalId(organisation.legalId.replaceAll(' ', ''));
  const account = checkBankAccount(input.bankAccount, organisation);
  const fields: Fields = {
    ...(legalId.ok ? {} : { 'organisation.legalId': legalIdCode[legalId.code] }),
    ...checkOrganisation(organisation),
    ...account.fields,
    ...checkPassword('admin.password', admin),
    ...Object.assign({}, ...people.map((person, i) => checkPassword(`people.${i}.password`, person))),
    ...checkEmails([admin, ...people]),
  };
  if (legalId.ok && legalId.kind === 'uscc' && organisation.country !== 'CN')
    fields['organisation.country'] ??= 'member.legal_id_country';
  const refusal = refuseFields(fields);
  if (refusal || !legalId.ok) return refusal ?? refuse('member.invalid');
  return { legalId: { kind: legalId.kind, value: legalId.value }, bankAccount: account.value };
}

function checkOrganisation({ country, kind, sells, buys }: OrganisationInput): Fields {
  const fields: Fields = {};
  if (!COUNTRIES.includes(country)) fields['organisation.country'] = 'member.country_unknown';
  const sideFits = { producer: sells, buyer: buys, trader: sells || buys, carrier: !sells && !buys }[kind];
  if (!sideFits) fields['organisation.kind'] = 'member.trade_side_missing';
  return fields;
}

/** @param names under which the company may hold an account: nobody else is paid for it. */
export function checkBankAccount(
  input: BankAccountInput,
  names: { readonly name: string; readonly nameZh?: string | null },
): { value: CheckedBankAccount; fields: Fields } {
  const fields: Fields = {};
  const accountNumber = input.accountNumber.replaceAll(/[ -]/g, '').toUpperCase();
  if (looksLikeIban(accountNumber)) {
    if (!ibanFits(accountNumber)) fields['bankAccount.accountNumber'] = 'member.account_number_check';
  } else if (!/^[0-9A-Z]{5,34}$/.test(accountNumber) || !/[0-9]/.test(accountNumber)) {
    fields['bankAccount.accountNumber'] = 'member.account_number_form';
  }
  const bankCode = input.bankCode.replaceAll(' ', '').toUpperCase();
  const kind = bankCodeKind(bankCode);
  if (!kind) fields['bankAccount.bankCode'] = 'member.bank_code_form';
  const holder = plainName(input.holderName);
  if (![names.name, names.nameZh].some((name) => name && plainName(name) === holder))
    fields['bankAccount.holderName'] = 'member.bank_holder_differs';
  const { bankName, currency } = input;
  return {
    value: {
      holderName: input.holderName.trim(),
      accountNumber,
      bankCode,
      bankCodeKind: kind ?? 'bic',
      bankName: bankName.trim(),
      currency,
    },
    fields,
  };
}

/** BIC (ISO 9362), CNAPS code of a Chinese branch, or IFSC of an Indian one. */
export function bankCodeKind(code: string): CheckedBankAccount['bankCodeKind'] | undefined {
  if (/^[0-9]{12}$/.test(code)) return 'cnaps';
  if (/^[A-Z]{4}0[A-Z0-9]{6}$/.test(code)) return 'ifsc';
  if (/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(code)) return 'bic';
  return undefined;
}

/** Names as banks compare them: width, case, spaces and punctuation do not matter. */
function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function checkEmails(people: readonly { email: string }[]): Fields {
  const fields: Fields = {};
  const seen = new Set<string>();
  people.forEach(({ email }, i) => {
    const normal = normalEmail(email);
    if (seen.has(normal)) fields[`people.${i - 1}.email`] = 'member.email_twice';
    seen.add(normal);
  });
  return fields;
}

export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** What lists of stolen passwords begin with, in the parts that long ones are made of. */
const COMMON =
  /password|passwort|qwerty|qwertz|asdfgh|zxcvbn|1qaz2wsx|123456|654321|abcdef|iloveyou|letmein|welcome|admin|woaini|changeme|football|monkey|dragon/g;
/** Characters that remain to be guessed once the common parts are known. */
const OWN_CHARACTERS_MIN = 8;

/** A password must keep eight characters, five of them different, apart from common words and one's own name. */
export function checkPassword(
  field: string,
  person: { readonly name: string; readonly email: string; readonly password: string },
): Fields {
  let rest = person.password.toLowerCase().replaceAll(COMMON, '');
  const own = [...person.email.toLowerCase().split(/[@.]/), ...person.name.toLowerCase().split(/\s+/)];
  for (const part of own) if (part.length >= 3) rest = rest.replaceAll(part, '');
  const weak = rest.length < OWN_CHARACTERS_MIN || new Set(rest).size < 5;
  return weak ? { [field]: 'member.password_weak' } : {};
}
