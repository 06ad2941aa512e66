/**
 * SHA-256 (FIPS 180-4) of a text in UTF-8, so that the rules can check a commitment by themselves wherever they run.
 * What is hashed here is public the moment it is hashed: nothing depends on how long it takes.
 */
const BLOCK = 64;
const ROUNDS = 64;

/** Lower-case hexadecimal digest. */
export function sha256(text: string): string {
  const message = padded(new TextEncoder().encode(text));
  const state = Int32Array.from(START);
  const schedule = new Int32Array(ROUNDS);
  for (let block = 0; block < message.byteLength; block += BLOCK) {
    expand(schedule, message, block);
    compress(state, schedule);
  }
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function padded(bytes: Uint8Array): DataView {
  const length = Math.ceil((bytes.length + 9) / BLOCK) * BLOCK;
  const message = new Uint8Array(length);
  message.set(bytes);
  message[bytes.length] = 0x80;
  const view = new DataView(message.buffer);
  view.setBigUint64(length - 8, BigInt(bytes.length) * 8n);
  return view;
}

function expand(schedule: Int32Array, message: DataView, block: number): void {
  for (let index = 0; index < ROUNDS; index++) {
    if (index < 16) {
      schedule[index] = message.getInt32(block + index * 4);
      continue;
    }
    const near = schedule[index - 2]!;
    const far = schedule[index - 15]!;
    const first = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3);
    const second = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
    schedule[index] = schedule[index - 16]! + first + schedule[index - 7]! + second;
  }
}

function compress(state: Int32Array, schedule: Int32Array): void {
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
  for (let index = 0; index < ROUNDS; index++) {
    const mixed = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const first = h + mixed + ((e & f) ^ (~e & g)) + CONSTANTS[index]! + schedule[index]!;
    const second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index]! += word;
}

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits after the point of the square (cube) roots of the first primes, as the standard has them. */
const PRIMES = firstPrimes(ROUNDS);
const START = PRIMES.slice(0, 8).map((prime) => rootBits(prime, 2n));
const CONSTANTS = Int32Array.from(PRIMES, (prime) => rootBits(prime, 3n));

function rootBits(value: number, degree: bigint): number {
  const scaled = BigInt(value) << (32n * degree);
  let root = 0n;
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) if ((root + bit) ** degree <= scaled) root += bit;
  return Number(BigInt.asIntN(32, root));
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let value = 2; primes.length < count; value++) {
    if (primes.every((prime) => value % prime !== 0)) primes.push(value);
  }
  return primes;
}
