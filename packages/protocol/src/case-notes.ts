/**
 * What a case says beyond its kind: a code and its parameters, put into words by whoever shows it. Amounts are decimal
 * in major units of `currency`; instants are ISO 8601.
 */
import { Type, type Static } from 'typebox';
import { Exact, Nullable } from './common.ts';

export const BANK_CASE_NOTES = [
  'account_not_ours',
  'line',
  'line_text',
  'line_other',
  'line_two_statements',
  'line_twice',
  'line_names',
  'payment_sent',
  'payment_again',
  'paid_after',
  'settled_after',
  'status_unknown',
  'status_after',
  'money_has_left',
  'not_settled',
  'owed',
  'taken_back',
  'no_sequence',
  'other_content',
  'statement_missing',
  'page_missing',
  'sum',
  'lines_unclear',
  'not_on_statement',
  'suspense_since',
  'debit_contested',
  'proof_difference',
  'settled_without_line',
  'line_without_owner',
  'line_without_effect',
  'statement_without_lines',
  'statement_chain',
  'suspense_without_line',
  'ledger_and_statement',
  'error',
] as const;
export type BankCaseNote = (typeof BANK_CASE_NOTES)[number];

/** Of what gates, weighbridges and documents told. `at` is the instant by the gate's clock. */
export const DELIVERY_CASE_NOTES = [
  'forged_pass',
  'let_in',
  'let_in_outside_time',
  'let_in_in_state',
  'same_number',
  'inside_at_end',
  'document_objected',
] as const;
export type DeliveryCaseNote = (typeof DELIVERY_CASE_NOTES)[number];

export const CaseNote = Exact({
  code: Type.String(),
  params: Type.Record(Type.String(), Type.String()),
});
export type CaseNote = Static<typeof CaseNote>;
/** Null: written down before notes had codes; `detail` is the whole text. */
export const NullableCaseNote = Nullable(CaseNote);
