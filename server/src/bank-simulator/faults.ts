/**
 * Misfortunes on order, for tests and drills. Only where the process was started with BANK_FAULTS=on.
 * Each is armed for the next request and then gone.
 */
export const FAULTS = ['crash_after_debit', 'answer_lost', 'not_reached'] as const;
export type FaultKind = (typeof FAULTS)[number];

export class Misfortunes {
  readonly allowed: boolean;
  #armed: FaultKind | undefined;

  constructor(allowed: boolean) {
    this.allowed = allowed;
  }

  arm(kind: FaultKind): void {
    this.#armed = kind;
  }

  /** True once, when `kind` is armed. */
  strikes(kind: FaultKind): boolean {
    if (this.#armed !== kind) return false;
    this.#armed = undefined;
    return true;
  }
}
