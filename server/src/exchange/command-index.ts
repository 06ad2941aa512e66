/**
 * Which command ids the journal has, in 16 bytes each: a fingerprint of 64 bits and a seq.
 *
 * Two ids may share a fingerprint (once in a hundred thousand years of a million ids a day), so what is
 * found here is a place to look at, and what is not found is certainly new. Tables double in size and
 * are never rehashed: a market that grows has no pause in which everything is moved.
 */

/** Bytes of a fingerprint as the journal keeps it. */
export const FINGERPRINT_BYTES = 8;

/** `high` is never 0: that marks an entry without a command. */
export type Fingerprint = { readonly high: number; readonly low: number };

/** Of printable ASCII; two lanes of multiply and rotate, mixed at the end. The same for ever: it is stored. */
export function fingerprint(actor: string, cmdId: string): Fingerprint {
  let high = 0x9e3779b9 ^ actor.length;
  let low = 0x85ebca6b ^ cmdId.length;
  for (let i = 0; i < actor.length; i += 1) {
    const code = actor.charCodeAt(i);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
    low ^= high >>> 15;
  }
  for (let i = 0; i < cmdId.length; i += 1) {
    const code = cmdId.charCodeAt(i);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
    low ^= high >>> 15;
  }
  high = mix(high ^ (low >>> 16));
  low = mix(low ^ (high >>> 13));
  return { high: high === 0 ? 1 : high, low };
}

/** As the journal keeps them; zeros for an entry of the clock. */
export function packFingerprints(all: readonly (Fingerprint | undefined)[]): Buffer {
  const bytes = Buffer.alloc(all.length * FINGERPRINT_BYTES);
  all.forEach((one, i) => {
    if (!one) return;
    bytes.writeUInt32BE(one.high, i * FINGERPRINT_BYTES);
    bytes.writeUInt32BE(one.low, i * FINGERPRINT_BYTES + 4);
  });
  return bytes;
}

/** The fingerprint at `offset` of what the journal keeps; undefined for an entry of the clock. */
export function fingerprintAt(bytes: Buffer, offset: number): Fingerprint | undefined {
  const high = bytes.readUInt32BE(offset);
  return high === 0 ? undefined : { high, low: bytes.readUInt32BE(offset + 4) };
}

const FIRST_SLOTS = 1 << 12;
/** Of the slots that are filled before the next table begins: probes stay short. */
const FILL = 0.6;

type Table = {
  readonly mask: number;
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  readonly seq: Float64Array;
  size: number;
};

export class CommandIndex {
  readonly #tables: Table[] = [table(FIRST_SLOTS)];

  get size(): number {
    return this.#tables.reduce((sum, { size }) => sum + size, 0);
  }

  add({ high, low }: Fingerprint, seq: number): void {
    let newest = this.#tables.at(-1)!;
    if (newest.size >= (newest.mask + 1) * FILL) {
      newest = table((newest.mask + 1) * 2);
      this.#tables.push(newest);
    }
    let slot = low & newest.mask;
    while (newest.high[slot] !== 0) slot = (slot + 1) & newest.mask;
    newest.high[slot] = high;
    newest.low[slot] = low;
    newest.seq[slot] = seq;
    newest.size += 1;
  }

  /** Seqs whose command has this fingerprint: nearly always none, or one. */
  find({ high, low }: Fingerprint): readonly number[] | undefined {
    let found: number[] | undefined;
    for (const { mask, high: highs, low: lows, seq } of this.#tables) {
      for (let slot = low & mask; highs[slot] !== 0; slot = (slot + 1) & mask) {
        if (highs[slot] === high && lows[slot] === low) (found ??= []).push(seq[slot]!);
      }
    }
    return found;
  }
}

function table(slots: number): Table {
  return {
    mask: slots - 1,
    high: new Uint32Array(slots),
    low: new Uint32Array(slots),
    seq: new Float64Array(slots),
    size: 0,
  };
}

function mix(lane: number): number {
  let mixed = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
