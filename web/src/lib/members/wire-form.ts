/** The forms of this area and the wire: field by field, with faults on the names that the form uses. */
import type { BankAccountInput, Role } from '@seam/protocol';
import type { Problem } from '#lib/api/problem.ts';
import { text } from '#lib/form/server.ts';

export const ROLE_ORDER: readonly Role[] = [
  'legal_representative',
  'admin',
  'trader',
  'approver',
  'signatory',
  'finance',
  'dispatcher',
  'quality_officer',
  'viewer',
];

/** JSON Schema keywords of the exchange's first check, as sentences of a form. */
const KEYWORDS: Readonly<Record<string, string>> = {
  required: 'field.required',
  minLength: 'field.too_short',
  maxLength: 'field.too_long',
  minItems: 'field.required',
  enum: 'field.required',
};

/** @param rename the exchange's name of a field → the form's. */
export function forForm(problem: Problem, rename: (name: string) => string = (name) => name): Problem {
  if (!problem.fields) return problem;
  const fields = Object.entries(problem.fields).map(([name, code]) => [
    rename(name),
    code.includes('.') ? code : (KEYWORDS[code] ?? 'field.invalid'),
  ]);
  return { ...problem, fields: Object.fromEntries(fields) as Record<string, string> };
}

/** Names of the fields that are empty and must not be, each with its code. */
export function missing(data: FormData, names: readonly string[]): Record<string, string> {
  const empty = names.filter((name) => text(data, name) === '');
  return Object.fromEntries(empty.map((name) => [name, 'field.required']));
}

export function rolesOf(data: FormData, prefix: string): Role[] {
  return ROLE_ORDER.filter((role) => data.get(`${prefix}${role}`) === 'on');
}

export const BANK_FIELDS = [
  'bankAccount.holderName',
  'bankAccount.accountNumber',
  'bankAccount.bankCode',
  'bankAccount.bankName',
  'bankAccount.currency',
] as const;

export function bankAccountOf(data: FormData): BankAccountInput {
  return {
    holderName: text(data, 'bankAccount.holderName'),
    accountNumber: text(data, 'bankAccount.accountNumber').normalize('NFKC'),
    bankCode: text(data, 'bankAccount.bankCode').normalize('NFKC'),
    bankName: text(data, 'bankAccount.bankName'),
    // What is no currency is refused by the exchange, beside the field.
    currency: text(data, 'bankAccount.currency') as BankAccountInput['currency'],
  };
}

/** Passwords keep the blanks that were typed. */
export function password(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
}
