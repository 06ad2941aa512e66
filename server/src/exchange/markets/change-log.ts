/** What changed when, as far back as frames may ask. */

/** Changes kept: a busy book makes a few thousand a second, a frame asks some hundred ms back. */
const KEPT = 8_192;

export class ChangeLog<Key> {
  #entries: { key: Key; seq: number }[] = [];
  #forgotten = 0;

  /** Nothing before `seq` is known. */
  begin(seq: number): void {
    this.#entries = [];
    this.#forgotten = seq;
  }

  note(key: Key, seq: number): void {
    this.#entries.push({ key, seq });
    if (this.#entries.length < 2 * KEPT) return;
    this.#forgotten = this.#entries[KEPT - 1]?.seq ?? 0;
    this.#entries = this.#entries.slice(KEPT);
  }

  /** Distinct keys that changed after `prev` and up to `seq`; undefined when the log does not reach back. */
  between(prev: number, seq: number): ReadonlySet<Key> | undefined {
    if (prev < this.#forgotten) return undefined;
    const keys = new Set<Key>();
    for (let i = this.#entries.length - 1; i >= 0; i -= 1) {
      const entry = this.#entries[i]!;
      if (entry.seq <= prev) break;
      if (entry.seq <= seq) keys.add(entry.key);
    }
    return keys;
  }
}
