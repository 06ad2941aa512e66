/** An answer of no: a value, never a throw. `code` is public API, `detail` is one line for a person. */
export type Refusal<Code extends string> = {
  readonly ok: false;
  readonly code: Code;
  readonly detail: string;
};

export function refuse<Code extends string>(code: Code, detail: string): Refusal<Code> {
  return { ok: false, code, detail };
}
