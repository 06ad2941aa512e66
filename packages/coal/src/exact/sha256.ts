/**
 * SHA-256 (FIPS 180-4) over the UTF-8 bytes of a text. Here because the rules of coal are pure and
 * synchronous in server and browser alike, and a frozen formula is recognised by its hash.
 */
const WORDS = 64;

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes, found by whole numbers. */
const ROUND_CONSTANTS = primes(WORDS).map((prime) => rootFraction(prime, 3n));
/** The same of the square roots of the first eight: where the hash begins. */
const START = primes(8).map((prime) => rootFraction(prime, 2n));

/** @returns 64 lower case hexadecimal digits. */
export function sha256Hex(text: string): string {
  const bytes = padded(new TextEncoder().encode(text));
  const state = Uint32Array.from(START);
  const schedule = new Uint32Array(WORDS);
  for (let offset = 0; offset < bytes.byteLength; offset += 64) compress(state, bytes, offset, schedule);
  return [...state].map((word) => word.toString(16).padStart(8, '0')).join('');
}

function padded(message: Uint8Array): DataView {
  const length = Math.ceil((message.length + 9) / 64) * 64;
  const bytes = new Uint8Array(length);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(length - 8, BigInt(message.length) * 8n);
  return view;
}

function compress(state: Uint32Array, bytes: DataView, offset: number, schedule: Uint32Array): void {
  const word = (index: number): number => schedule[index] ?? 0;
  for (let t = 0; t < WORDS; t++) {
    if (t < 16) schedule[t] = bytes.getUint32(offset + 4 * t);
    else {
      const early = turn(word(t - 15), 7) ^ turn(word(t - 15), 18) ^ (word(t - 15) >>> 3);
      const late = turn(word(t - 2), 17) ^ turn(word(t - 2), 19) ^ (word(t - 2) >>> 10);
      schedule[t] = word(t - 16) + early + word(t - 7) + late;
    }
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let t = 0; t < WORDS; t++) {
    const high = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const first = (h + high + ((e & f) ^ (~e & g)) + (ROUND_CONSTANTS[t] ?? 0) + word(t)) | 0;
    const low = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const second = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((value, index) => (state[index] = (state[index] ?? 0) + value));
}

function turn(value: number, by: number): number {
  return (value >>> by) | (value << (32 - by));
}

function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let candidate = 2n; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0n)) found.push(candidate);
  }
  return found;
}

/** floor(fraction of the `degree`-th root of `value` × 2^32). */
function rootFraction(value: bigint, degree: bigint): number {
  const target = value << (32n * degree);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= target) low = middle;
    else high = middle;
  }
  return Number(low & 0xffff_ffffn);
}
