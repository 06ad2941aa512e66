/**
 * The answer is no: a value, returned by commands, never thrown. Becomes problem+json with the
 * status of its code, and rolls back the transaction of the command.
 */
import type { ProblemCode } from '@seam/protocol';

export type Refusal = {
  readonly refused: ProblemCode;
  readonly detail?: string;
  /** Input names with the reason code of each, shown beside the fields of a form. */
  readonly fields?: Readonly<Record<string, string>>;
  /** What would have been accepted. */
  readonly accepted?: Readonly<Record<string, string>>;
};

export function refuse(code: ProblemCode, more: Omit<Refusal, 'refused'> = {}): Refusal {
  return { refused: code, ...more };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}
