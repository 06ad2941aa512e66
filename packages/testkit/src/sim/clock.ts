/**
 * Simulated time: things happen in order of their time, and between two of them everything that was
 * waiting for the first has run. The same seed gives the same events in the same order; `traceHash`
 * is how two runs are compared.
 */
type Due = { at: number; order: number; run: (() => void) | undefined };

/** Lets all promises that can settle do so. One turn of the real event loop, about a microsecond. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class SimClock {
  /** Ms since the start of the simulation. */
  now = 0;
  events = 0;
  readonly #heap: Due[] = [];
  #order = 0;
  #hash = 0xcbf29ce4;
  #hashHigh = 0x84222325;
  readonly #print: ((line: string) => void) | undefined;

  constructor(print?: (line: string) => void) {
    this.#print = print;
  }

  /** Runs `run` in `ms`. @returns what cancels it. */
  after(ms: number, run: () => void): () => void {
    const due: Due = { at: this.now + Math.max(0, ms), order: (this.#order += 1), run };
    push(this.#heap, due);
    return () => {
      due.run = undefined;
    };
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Goes on until `until` (ms), until `done` says so, or until nothing is left to happen. */
  async run(until: number, done: () => boolean = () => false): Promise<void> {
    await settle();
    while (!done()) {
      const next = this.#heap[0];
      if (!next || next.at > until) {
        this.now = Math.max(this.now, next ? until : this.now);
        return;
      }
      pop(this.#heap);
      if (!next.run) continue;
      this.now = next.at;
      this.events += 1;
      next.run();
      await settle();
    }
  }

  /** Writes one line of what happened. Two runs of a seed write the same lines. */
  trace(line: string): void {
    const text = `${this.now.toFixed(3)} ${line}`;
    this.#print?.(text);
    for (let i = 0; i < text.length; i += 1) {
      this.#hash = Math.imul(this.#hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
      this.#hashHigh = Math.imul(this.#hashHigh ^ this.#hash, 0x85ebca6b) >>> 0;
    }
  }

  get traceHash(): string {
    return this.#hash.toString(16).padStart(8, '0') + this.#hashHigh.toString(16).padStart(8, '0');
  }
}

const before = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Due[], due: Due): void {
  let at = heap.push(due) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(due, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = due;
}

function pop(heap: Due[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
    if (!before(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
}
