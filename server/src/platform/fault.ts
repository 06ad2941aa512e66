/**
 * The world failed: something outside the rules went wrong (database away, bank silent, disk full).
 *
 * A fault carries what may be told to anyone (`code`, `detail`) apart from what only the log may
 * know (`cause`). A business refusal is never a fault, and a broken invariant is an `assert`.
 */
import type { ProblemCode } from '@seam/protocol';

export class Fault extends Error {
  readonly code: ProblemCode;
  /** Safe for the outside. */
  readonly detail: string;
  /** Names of the fields at fault with the reason code of each, for forms. */
  readonly fields: Readonly<Record<string, string>> | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    options: { cause?: unknown; fields?: Record<string, string>; retryAfterMs?: number } = {},
  ) {
    super(`${code}: ${detail}`, { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.detail = detail;
    this.fields = options.fields;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Stops on a broken promise of our own. The process ends; recovery starts from the journal. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}
