/** Moves the window of levels to where orders rest. Never on the hot path. */
import { LEVEL_FIELD } from './layout.ts';
import type { Memory } from './memory.ts';
import { SPAN_MAX, type Side } from './types.ts';

const LEVEL_BITS = LEVEL_FIELD.BITS;
/** A window for fewer ticks is twice as wide as what rests, so that it seldom moves. */
const ROOMY_MAX = 2 ** 18;

type Kept = { readonly side: Side; readonly key: number; readonly fields: Int32Array };

/**
 * Moves the window of a side so that it covers what rests and `price`; false, with nothing changed, when that
 * spans more than SPAN_MAX. Costs a few steps a level; memory is taken only when the window must be wider than
 * it has ever been. Whether there is room is a question of what rests, never of where the window happened to be.
 */
export function moveWindow(memory: Memory, side: Side, price: number): boolean {
  const sign = side - 1;
  const key = (price ^ sign) - sign;
  const { first, last } = covering(memory, side, key);
  const span = last - first + 1;
  if (span > SPAN_MAX) return false;
  const least = span < ROOMY_MAX ? span * 2 : span;
  let { width } = memory;
  while (width < least) width *= 2;
  const other = (1 - side) as Side;
  const wider = width > memory.width;
  const keyOfFirst = ([0, 1] as const).map((one) => one * memory.width - memory.origin[one]!);
  const kept = wider ? [...take(memory, side), ...take(memory, other)] : take(memory, side);
  if (wider) widen(memory, width);
  keyOfFirst[side] = first - ((width - span) >>> 1);
  for (const one of [0, 1] as const) memory.origin[one] = one * width - keyOfFirst[one]!;
  memory.best[side] = (side + 1) * width;
  if (wider) memory.best[other] = (other + 1) * width;
  for (const level of kept) put(memory, level);
  return true;
}

/** Lowest and highest price that there could be room for on a side. */
export function reachable(memory: Memory, side: Side): { low: number; high: number } {
  if (memory.best[side]! >= memory.end(side)) return { low: -Infinity, high: Infinity };
  const a = memory.price(side, memory.best[side]!);
  const b = memory.price(side, worst(memory, side));
  return { low: Math.max(a, b) - SPAN_MAX + 1, high: Math.min(a, b) + SPAN_MAX - 1 };
}

function covering(memory: Memory, side: Side, key: number): { first: number; last: number } {
  const best = memory.best[side]!;
  if (best >= memory.end(side)) return { first: key, last: key };
  const origin = memory.origin[side]!;
  return { first: Math.min(key, best - origin), last: Math.max(key, worst(memory, side) - origin) };
}

/** The worst level of a side that is not empty; the side has one. */
function worst(memory: Memory, side: Side): number {
  for (let word = (memory.end(side) >>> 5) - 1; ; word--) {
    // Skips what is empty by blocks of a thousand levels.
    if ((word & 31) === 31 && memory.words[word >>> 5] === 0) word -= 31;
    else if (memory.bits[word] !== 0) return (word << 5) + 31 - Math.clz32(memory.bits[word]!);
  }
}

/** Takes all levels of a side out of the window. */
function take(memory: Memory, side: Side): Kept[] {
  const kept: Kept[] = [];
  for (let level = memory.best[side]!; level < memory.end(side); level = memory.next(level)) {
    const at = level << LEVEL_BITS;
    const key = level - memory.origin[side]!;
    kept.push({ side, key, fields: memory.levels.slice(at, at + (1 << LEVEL_BITS)) });
  }
  for (const { key } of kept) {
    const level = key + memory.origin[side]!;
    memory.levels.fill(0, level << LEVEL_BITS, (level + 1) << LEVEL_BITS);
    memory.clear(level, side);
  }
  return kept;
}

function widen(memory: Memory, width: number): void {
  memory.width = width;
  memory.levels = new Int32Array((2 * width) << LEVEL_BITS);
  memory.totals = new Float64Array(memory.levels.buffer);
  memory.bits = new Int32Array((2 * width) >>> 5);
  memory.words = new Int32Array((2 * width) >>> 10);
  memory.blocks = new Int32Array(Math.max(1, (2 * width) >>> 15));
}

function put(memory: Memory, { side, key, fields }: Kept): void {
  const level = key + memory.origin[side]!;
  memory.levels.set(fields, level << LEVEL_BITS);
  memory.mark(level);
  if (level < memory.best[side]!) memory.best[side] = level;
}
