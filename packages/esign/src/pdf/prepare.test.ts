import { beforeAll, describe, expect, it } from 'vitest';
import { latin1, utf8 } from '../der/bytes.ts';
import { loadFont } from '../node/load-font.ts';
import type { FontSet } from '../render/font.ts';
import { type Pki, createPki } from '../testing/pki.ts';
import { type Cast, must, newCast, prepare, sign, signAll } from '../testing/signing.ts';
import { readPdf } from './file.ts';
import { describeIncrement } from './increment.ts';
import { embedCms } from './place.ts';
import { prepareSignature } from './prepare.ts';
import { CMS_BYTES_MAX, type SignatureField } from './profile.ts';

let fonts: FontSet;
let pki: Pki;
let cast: Cast;
let revisions: [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

beforeAll(async () => {
  fonts = await loadFont();
  pki = await createPki();
  cast = await newCast(pki);
  revisions = await signAll(pki, cast, fonts);
});

const attempt = async (bytes: Uint8Array, field: SignatureField, name = '张伟') => {
  const appearance = { role: '卖方', name, organization: name, font: fonts.regular };
  const answer = await prepareSignature({ bytes, field, appearance, reason: 'r', time: pki.now });
  return answer.ok ? 'ok' : answer.code;
};

describe('preparing a signature', () => {
  it('keeps every earlier byte', () => {
    for (const index of [1, 2, 3]) {
      const before = revisions[index - 1]!;
      expect(Buffer.compare(before, revisions[index]!.subarray(0, before.length))).toBe(0);
    }
  });

  it('appends one revision per signature, each of the profile', () => {
    const file = readPdf(revisions[3]);
    expect(file.revisions).toHaveLength(4);
    expect([1, 2, 3].map((index) => describeIncrement(file, index))).toMatchObject([
      { field: 'sig_seller', unexpected: [] },
      { field: 'sig_buyer', unexpected: [] },
      { field: 'sig_centre', unexpected: [] },
    ]);
  });

  it('gives the same bytes for the same input', async () => {
    const one = await prepare(revisions[0], 'sig_seller', cast.sig_seller, fonts, pki.now);
    const two = await prepare(revisions[0], 'sig_seller', cast.sig_seller, fonts, pki.now);
    expect(Buffer.compare(one.bytes, two.bytes)).toBe(0);
  });

  it('covers the whole file but its own zeros', async () => {
    const { bytes, byteRange } = await prepare(revisions[0], 'sig_seller', cast.sig_seller, fonts, pki.now);
    const [a, b, c, d] = byteRange;
    expect([a, c - b, c + d]).toEqual([0, 2 * CMS_BYTES_MAX + 2, bytes.length]);
    expect(latin1(bytes, b, c)).toMatch(/^<0+>$/);
  });

  it('keeps to the order seller, buyer, centre', async () => {
    expect(await attempt(revisions[0], 'sig_buyer')).toBe('NOT_YOUR_TURN');
    expect(await attempt(revisions[0], 'sig_centre')).toBe('NOT_YOUR_TURN');
    expect(await attempt(revisions[1], 'sig_seller')).toBe('ALREADY_SIGNED');
    expect(await attempt(revisions[1], 'sig_buyer')).toBe('ok');
    expect(await attempt(revisions[3], 'sig_centre')).toBe('ALREADY_SIGNED');
  });

  it('takes only files of the profile', async () => {
    expect(await attempt(utf8('%PDF-1.4'), 'sig_seller')).toBe('NOT_EXCHANGE_PROFILE');
  });

  it('A25 refuses a name that the font cannot draw', async () => {
    expect(await attempt(revisions[0], 'sig_seller', '张😀')).toBe('FONT_MISSING_GLYPH');
  });

  it('shrinks a long name into its field', async () => {
    const long =
      '内蒙古自治区鄂尔多斯市伊金霍洛旗煤炭运销有限责任公司驻秦皇岛港办事处授权代表欧阳修远'.repeat(3);
    expect(await attempt(revisions[0], 'sig_seller', long)).toBe('ok');
  });

  it('A26 refuses a signature that is too large for its place', async () => {
    const { bytes, byteRange } = await prepare(revisions[0], 'sig_seller', cast.sig_seller, fonts, pki.now);
    expect(must(embedCms(bytes, byteRange, new Uint8Array(CMS_BYTES_MAX))).bytes).toHaveLength(bytes.length);
    expect(embedCms(bytes, byteRange, new Uint8Array(CMS_BYTES_MAX + 1))).toMatchObject({
      code: 'SIGNATURE_TOO_LARGE',
    });
  });

  it('embeds into an empty place only', async () => {
    const signed = await sign(revisions[0], 'sig_seller', cast.sig_seller, { pki, fonts });
    const { byteRange } = await prepare(revisions[0], 'sig_seller', cast.sig_seller, fonts, pki.now);
    expect(embedCms(signed, byteRange, new Uint8Array(9))).toMatchObject({
      code: 'GAP_NOT_EMPTY_PLACEHOLDER',
    });
  });
});
