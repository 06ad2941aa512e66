/**
 * A network that delays, loses, doubles, reorders and parts. Two kinds of traffic: `send` is a message
 * of its own and may meet any fate; a `stream` is a TCP connection and keeps its order, loses nothing,
 * and stands still while its ends are parted.
 */
import type { SimClock } from './clock.ts';
import type { Random } from './random.ts';

export type NetFaults = {
  readonly delayMs: readonly [least: number, most: number];
  /** Now and then a message takes this long. */
  readonly slowMs: number;
  readonly slow: number;
  readonly drop: number;
  readonly duplicate: number;
};

export const calmNet: NetFaults = { delayMs: [0.1, 1], slowMs: 0, slow: 0, drop: 0, duplicate: 0 };

export type Stream = {
  /** Carries one message, in order, whenever the way is free. */
  send(deliver: () => void): void;
};

export class SimNet {
  faults: NetFaults = calmNet;
  readonly #clock: SimClock;
  readonly #random: Random;
  readonly #parted = new Set<string>();
  #held: { ends: string; go: () => void }[] = [];

  constructor(clock: SimClock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** One message: late, lost, doubled or in order, as it falls. Lost while its ends are parted. */
  send(from: string, to: string, deliver: () => void): void {
    const { drop, duplicate } = this.faults;
    if (this.#parted.has(endsOf(from, to)) || this.#random.chance(drop)) return;
    const carry = (): void => {
      if (!this.#parted.has(endsOf(from, to))) deliver();
    };
    this.#clock.after(this.#delay(), carry);
    if (this.#random.chance(duplicate)) this.#clock.after(this.#delay() * 3, carry);
  }

  stream(from: string, to: string): Stream {
    const ends = endsOf(from, to);
    let free = 0;
    const arrive = (deliver: () => void): void => {
      if (this.#parted.has(ends)) this.#held.push({ ends, go: () => arrive(deliver) });
      else deliver();
    };
    return {
      send: (deliver) => {
        free = Math.max(free, this.#clock.now + this.#delay());
        this.#clock.after(free - this.#clock.now, () => arrive(deliver));
      },
    };
  }

  part(a: string, b: string): void {
    this.#parted.add(endsOf(a, b));
  }

  /** What streams held back arrives now, in its order. */
  heal(a: string, b: string): void {
    const ends = endsOf(a, b);
    if (!this.#parted.delete(ends)) return;
    const free = this.#held.filter((held) => held.ends === ends);
    this.#held = this.#held.filter((held) => held.ends !== ends);
    for (const { go } of free) this.#clock.after(0, go);
  }

  healAll(): void {
    for (const ends of this.#parted) {
      const [a = '', b = ''] = ends.split(' ');
      this.heal(a, b);
    }
    this.faults = calmNet;
  }

  #delay(): number {
    const { delayMs, slow, slowMs } = this.faults;
    const usual = this.#random.between(...delayMs);
    return this.#random.chance(slow) ? usual + this.#random.between(0, slowMs) : usual;
  }
}

const endsOf = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);
