import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadFont } from '../node/load-font.ts';
import { type Pki, createPki } from '../testing/pki.ts';
import { newCast, signAll } from '../testing/signing.ts';
import { contentsOf, flipBit, signatureOf } from '../testing/tamper.ts';
import { readDer } from '../der/reader.ts';
import { verifyContract } from './contract.ts';

let pki: Pki;
let signed: Uint8Array;

beforeAll(async () => {
  const fonts = await loadFont();
  pki = await createPki();
  signed = (await signAll(pki, await newCast(pki), fonts, { stamped: true }))[3];
}, 120_000);

const isValid = async (bytes: Uint8Array) => {
  const report = await verifyContract(bytes, { roots: [pki.root.certificate], at: pki.now });
  return report.valid;
};

describe('a signed contract with one bit changed', () => {
  it('F1 is reported at 1,000 random covered places', async () => {
    expect(await isValid(signed)).toBe(true);
    const [, b, c, d] = signatureOf(signed, 'sig_centre').byteRange!;
    const place = fc.integer({ min: 0, max: b + d - 1 }).map((at) => (at < b ? at : at - b + c));
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        expect(await isValid(flipBit(signed, at, bit))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  }, 300_000);

  it('is reported in the last signature and its padding too, but for the time stamp’s own shell', async () => {
    const { start, end } = signatureOf(signed, 'sig_centre').contents!;
    const cms = readDer(contentsOf(signed, 'sig_centre')).raw;
    const token = cms.length - Buffer.from(cms).lastIndexOf(Buffer.from('2a864886f70d010702', 'hex')) + 8;
    const shellEnd = start + 1 + 2 * (cms.length - token);
    const padding = start + 1 + 2 * cms.length;
    const place = fc.oneof(
      fc.integer({ min: start, max: shellEnd }),
      fc.integer({ min: padding, max: end - 1 }),
    );
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        expect(await isValid(flipBit(signed, at, bit))).toBe(false);
      }),
      { numRuns: 300 },
    );
  }, 300_000);
});
