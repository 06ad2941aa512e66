/** Sets of slots, a bit each: what is done with them thirty-two slots at a time. */

/** In all of what is named: in `yes`, not in `no`, in one of `anyOf`. */
export type BitSet = {
  readonly yes?: Uint32Array | undefined;
  readonly no?: Uint32Array | undefined;
  readonly anyOf?: readonly Uint32Array[];
};

/** Leaves in the first `length` words of `into` what is in every set. Four maps a pass: memory is what it waits for. */
export function narrow(into: Uint32Array, sets: readonly BitSet[], length: number): void {
  const yes = sets.flatMap((set) => set.yes ?? []);
  const no = sets.flatMap((set) => set.no ?? []);
  for (let at = 0; at < yes.length; at += 4) {
    const a = yes[at]!;
    keep(into, [a, yes[at + 1] ?? a, yes[at + 2] ?? a, yes[at + 3] ?? a], length);
  }
  for (let at = 0; at < no.length; at += 4) {
    const a = no[at]!;
    strike(into, [a, no[at + 1] ?? a, no[at + 2] ?? a, no[at + 3] ?? a], length);
  }
  for (const { anyOf } of sets) if (anyOf) keepAny(into, anyOf, length);
}

type Four = readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array];

function keep(into: Uint32Array, [a, b, c, d]: Four, length: number): void {
  for (let at = 0; at < length; at += 1) into[at]! &= a[at]! & b[at]! & c[at]! & d[at]!;
}

function strike(into: Uint32Array, [a, b, c, d]: Four, length: number): void {
  for (let at = 0; at < length; at += 1) into[at]! &= ~(a[at]! | b[at]! | c[at]! | d[at]!);
}

function keepAny(into: Uint32Array, maps: readonly Uint32Array[], length: number): void {
  for (let at = 0; at < length; at += 1) {
    let any = 0;
    for (let map = 0; map < maps.length; map += 1) any |= maps[map]![at]!;
    into[at]! &= any;
  }
}

/** Sets that are all met: in each of `yes`, in none of `no`, in one of each `anyOf`. */
export type Places = {
  readonly yes: readonly Uint32Array[];
  readonly no: readonly Uint32Array[];
  readonly anyOf: readonly (readonly Uint32Array[])[];
};

/** Into the first `length` words of `into` what is in all sets, read from word `from` on. */
export function meet(into: Uint32Array, { yes, no, anyOf }: Places, from: number, length: number): void {
  into.fill(ALL, 0, length);
  for (let set = 0; set < yes.length; set += 2)
    meetTwo(into, yes[set]!, yes[set + 1] ?? yes[set]!, from, length);
  for (let set = 0; set < no.length; set += 2)
    strikeTwo(into, no[set]!, no[set + 1] ?? no[set]!, from, length);
  for (const sets of anyOf) {
    for (let at = 0; at < length; at += 1) {
      let any = 0;
      for (let set = 0; set < sets.length; set += 1) any |= sets[set]![from + at]!;
      into[at]! &= any;
    }
  }
}

function meetTwo(into: Uint32Array, a: Uint32Array, b: Uint32Array, from: number, length: number): void {
  for (let at = 0; at < length; at += 1) into[at]! &= a[from + at]! & b[from + at]!;
}

function strikeTwo(into: Uint32Array, a: Uint32Array, b: Uint32Array, from: number, length: number): void {
  for (let at = 0; at < length; at += 1) into[at]! &= ~(a[from + at]! | b[from + at]!);
}

const ALL = 0xffff_ffff;

/** How many bits are set. */
export function countBits(bits: Uint32Array, length: number): number {
  let count = 0;
  for (let at = 0; at < length; at += 1) {
    let rest = bits[at]!;
    rest -= (rest >>> 1) & 0x5555_5555;
    rest = (rest & 0x3333_3333) + ((rest >>> 2) & 0x3333_3333);
    count += Math.imul((rest + (rest >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return count;
}

export function hasBit(bits: Uint32Array, slot: number): boolean {
  return (bits[slot >>> 5]! & (1 << (slot & 31))) !== 0;
}

export function setBit(bits: Uint32Array, slot: number, isSet: boolean): void {
  const bit = 1 << (slot & 31);
  if (isSet) bits[slot >>> 5]! |= bit;
  else bits[slot >>> 5]! &= ~bit;
}

/** The slots whose bits are set. @returns how many. */
export function slotsOf(bits: Uint32Array, length: number, list: Int32Array): number {
  let count = 0;
  for (let at = 0; at < length; at += 1) {
    let rest = bits[at]!;
    while (rest !== 0) {
      const lowest = rest & -rest;
      list[count++] = (at << 5) + 31 - Math.clz32(lowest);
      rest ^= lowest;
    }
  }
  return count;
}
