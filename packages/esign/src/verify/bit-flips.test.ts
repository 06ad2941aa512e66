/** One bit of a B-LTA contract changed, anywhere: every byte is covered by something that is checked. */
import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadFont } from '../node/load-font.ts';
import { signToLta } from '../testing/lta.ts';
import { CENTRE, type Pki, createPki, newParty } from '../testing/pki.ts';
import { newCast } from '../testing/signing.ts';
import { lastSignature } from '../testing/tamper.ts';
import { verifyContract } from './contract.ts';

const FLIPS = 1000;

let pki: Pki;
let contract: Uint8Array;

beforeAll(async () => {
  const fonts = await loadFont();
  pki = await createPki();
  const responder = await newParty(pki, CENTRE, { role: 'ocsp' });
  contract = (await signToLta(pki, await newCast(pki), responder, fonts)).blta;
});

const isValid = async (bytes: Uint8Array) =>
  (await verifyContract(bytes, { roots: [pki.root.certificate], at: pki.now })).valid;

/** A small generator (mulberry32): the seed of a failure gives the same places again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Flips bits at `places` one after another; gives those that nobody noticed. */
async function unnoticed(count: number, place: (below: (n: number) => number) => number, seed: number) {
  const below = random(seed);
  const missed: string[] = [];
  for (let i = 0; i < count; i++) {
    const [at, bit] = [place(below), below(8)];
    contract[at] = contract[at]! ^ (1 << bit);
    if (await isValid(contract)) missed.push(`byte ${at} bit ${bit}`);
    contract[at] = contract[at] ^ (1 << bit);
  }
  return missed;
}

describe('a B-LTA contract with one bit changed', () => {
  it(`F1 is reported at ${FLIPS} random covered places, all of them`, async () => {
    const seed = randomInt(2 ** 32);
    process.stdout.write(`F1 seed ${seed}\n`);
    expect(await isValid(contract)).toBe(true);
    const [, b, c, d] = lastSignature(contract).byteRange!;
    const covered = (below: (n: number) => number) => {
      const at = below(b + d);
      return at < b ? at : at - b + c;
    };
    expect(await unnoticed(FLIPS, covered, seed), `seed ${seed}`).toEqual([]);
    expect(await isValid(contract)).toBe(true);
  });

  it('is reported in the last shell, which nothing covers, and in its padding', async () => {
    const seed = randomInt(2 ** 32);
    process.stdout.write(`shell seed ${seed}\n`);
    const { start, end, bytes } = lastSignature(contract).contents!;
    const used = 2 * (bytes.findLastIndex((byte) => byte !== 0) + 1) + 2;
    expect(await unnoticed(400, (below) => start + below(used), seed), `seed ${seed}`).toEqual([]);
    expect(await unnoticed(100, (below) => start + below(end - start), seed), `seed ${seed}`).toEqual([]);
  });
});
