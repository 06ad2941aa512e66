/**
 * SHA-256 (FIPS 180-4) of a text in UTF-8. Written out because the engine must check a commitment
 * itself, the same in a server, a browser and a verifier, and brings no cryptography along. Nothing
 * here is secret when it is hashed, so the time it takes tells nobody anything.
 */

/** Fractional parts of cube roots and square roots of the first primes, as the standard defines them. */
const ROUNDS = 64;
const BLOCK_BYTES = 64;
const PRIMES = firstPrimes(ROUNDS);
const CONSTANTS = Uint32Array.from(PRIMES, (prime) => rootFraction(prime, 3n));
const START = Uint32Array.from(PRIMES.slice(0, 8), (prime) => rootFraction(prime, 2n));

/** Lower-case hexadecimal digest of `text`. */
export function sha256(text: string): string {
  const bytes = padded(new TextEncoder().encode(text));
  const view = new DataView(bytes.buffer);
  const digest = Uint32Array.from(START);
  const words = new Uint32Array(ROUNDS);
  for (let offset = 0; offset < bytes.length; offset += BLOCK_BYTES) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(offset + i * 4);
    for (let i = 16; i < ROUNDS; i += 1) {
      const early = word(words, i - 15);
      const late = word(words, i - 2);
      const low = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
      const high = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
      words[i] = word(words, i - 16) + low + word(words, i - 7) + high;
    }
    compress(digest, words);
  }
  return [...digest].map((part) => part.toString(16).padStart(8, '0')).join('');
}

function compress(digest: Uint32Array, words: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = digest;
  for (let i = 0; i < ROUNDS; i += 1) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const sum = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const first = (h + sum + choice + word(CONSTANTS, i) + word(words, i)) | 0;
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => (digest[i] = word(digest, i) + value));
}

/** The message, a one bit, zeros up to a whole block, and its length in bits at the very end. */
function padded(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = Math.ceil((message.length + 9) / BLOCK_BYTES) * BLOCK_BYTES;
  const bytes = new Uint8Array(length);
  bytes.set(message);
  bytes[message.length] = 0x80;
  new DataView(bytes.buffer).setBigUint64(length - 8, BigInt(message.length) * 8n);
  return bytes;
}

function word(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

function rotate(value: number, by: number): number {
  return (value >>> by) | (value << (32 - by));
}

/** First 32 bits after the point of the `degree`-th root of `value`. */
function rootFraction(value: number, degree: bigint): number {
  const scaled = BigInt(value) << (32n * degree);
  let root = 0n;
  for (let bit = 1n << 36n; bit > 0n; bit >>= 1n) if ((root | bit) ** degree <= scaled) root |= bit;
  return Number(root & 0xffffffffn);
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n += 1) if (primes.every((prime) => n % prime > 0)) primes.push(n);
  return primes;
}
