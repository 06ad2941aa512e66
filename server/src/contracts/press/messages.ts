/** What the press and its threads tell each other: plain data, copied. */
import type { ProblemCode } from '@seam/protocol';

export type Order = { readonly id: number; readonly job: string; readonly input: unknown };

export type Done =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | {
      readonly id: number;
      readonly ok: false;
      readonly message: string;
      readonly stack: string | undefined;
      readonly fault: { readonly code: ProblemCode; readonly detail: string } | undefined;
    };
