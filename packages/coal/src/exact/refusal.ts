/** A "no" that names itself: a stable code, where it applies, and what would be accepted. */
export type Refusal<Code extends string> = {
  readonly ok: false;
  readonly code: Code;
  /** The input it is about. */
  readonly at?: string;
  /** What would be accepted, as decimal strings. */
  readonly minimum?: string;
  readonly maximum?: string;
};

export function refuse<Code extends string>(
  code: Code,
  rest: Omit<Refusal<Code>, 'ok' | 'code'> = {},
): Refusal<Code> {
  return { ok: false, code, ...rest };
}
