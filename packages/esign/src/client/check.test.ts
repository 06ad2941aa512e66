import { beforeAll, describe, expect, it } from 'vitest';
import type { Issuer } from '../ca/authority.ts';
import { concat, latin1, toHex, utf8 } from '../der/bytes.ts';
import { createKey } from '../keys/create.ts';
import { unlockKey } from '../keys/passphrase.ts';
import { loadFont } from '../node/load-font.ts';
import { completeSignature } from '../pdf/complete.ts';
import { addDss } from '../pdf/dss.ts';
import { readPdf } from '../pdf/file.ts';
import { readForm } from '../pdf/form.ts';
import { serialize, streamBody } from '../pdf/write.ts';
import type { FontSet } from '../render/font.ts';
import { BUYER, type Pki, SELLER, certify, createPki, newParty } from '../testing/pki.ts';
import { stampDocument } from '../testing/lta.ts';
import { type Cast, must, newCast, prepare, signAll } from '../testing/signing.ts';
import * as tamper from '../testing/tamper.ts';
import { sha256 } from '../x509/algorithms.ts';
import { parseCsr } from '../x509/csr.ts';
import { verifyContract } from '../verify/contract.ts';
import { type ToCheck, checkIncrement, signPrepared } from './check.ts';

const PASSPHRASE = 'correct horse battery';
let fonts: FontSet;
let pki: Pki;
let cast: Cast;
let revisions: [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
let prepared: Uint8Array;

beforeAll(async () => {
  fonts = await loadFont();
  pki = await createPki();
  cast = await newCast(pki);
  revisions = await signAll(pki, cast, fonts);
  prepared = (await prepare(revisions[0], 'sig_seller', cast.sig_seller, fonts, pki.now)).bytes;
});

const approve = async (bytes: Uint8Array) => ({ sha256: toHex(await sha256(bytes)), length: bytes.length });

async function ask(
  bytes: Uint8Array,
  change: Partial<ToCheck> & { approved?: ToCheck['approved'] } = {},
): Promise<ToCheck> {
  return {
    prepared: bytes,
    approved: await approve(revisions[0]),
    field: 'sig_seller',
    certificate: cast.sig_seller.certificate,
    spki: cast.sig_seller.signer.spki,
    ...change,
  };
}

async function answer(bytes: Uint8Array, change: Parameters<typeof ask>[1] = {}): Promise<string> {
  const checked = await checkIncrement(await ask(bytes, change));
  return checked.ok ? 'ok' : checked.code;
}

/** The prepared revision with more in it, its range put right again. */
const smuggle = (edit: Parameters<typeof tamper.rewriteLast>[1], into = prepared) =>
  tamper.rewriteLast(into, edit);

/** A revision that brings a font, since the contract's own lacks a character of the signer's name. */
async function withFont(): Promise<Uint8Array> {
  const rare = await newParty(pki, { ...SELLER, person: '张犇' });
  const { bytes } = await prepare(revisions[0], 'sig_seller', rare, fonts, pki.now);
  expect(latin1(bytes.subarray(revisions[0].length))).toContain('/DescendantFonts');
  return bytes;
}

describe('the client, before it signs', () => {
  it('accepts what an honest server prepared, and says what the signature will say', async () => {
    expect(await checkIncrement(await ask(prepared))).toMatchObject({
      ok: true,
      name: '张伟',
      reason: '签署合同 Signing SEAM-2026-000318',
      byteRange: tamper.lastSignature(prepared).byteRange,
    });
  });

  it('accepts the same bytes written anew, so that the refusals below are about what was smuggled in', async () => {
    expect(await answer(smuggle(() => undefined))).toBe('ok');
  });

  it('lets the buyer approve the unsigned contract and sign after the seller', async () => {
    const { bytes } = await prepare(revisions[1], 'sig_buyer', cast.sig_buyer, fonts, pki.now);
    const own = {
      field: 'sig_buyer' as const,
      certificate: cast.sig_buyer.certificate,
      spki: cast.sig_buyer.signer.spki,
    };
    expect(await answer(bytes, own)).toBe('ok');
    expect(await answer(bytes, { ...own, approved: await approve(revisions[1]) })).toBe('ok');
  });

  it('W1 refuses when the approved bytes changed', async () => {
    const at = revisions[0].length - 200;
    expect(await answer(tamper.flipBit(prepared, at))).toBe('APPROVED_REVISION_CHANGED');
    expect(await answer(revisions[0].subarray(0, 1000))).toBe('APPROVED_REVISION_CHANGED');
  });

  it('W2 refuses a page drawn anew in the signing increment', async () => {
    const { content } = tamper.pages(prepared)[0]!;
    expect(await answer(smuggle((objects) => objects.set(content, streamBody([], utf8('BT ET')))))).toBe(
      'UNEXPECTED_CHANGE_IN_INCREMENT',
    );
  });

  it('W3 refuses an annotation over the page', async () => {
    const { page } = tamper.pages(prepared)[0]!;
    const forged = smuggle((objects, size) => {
      objects.set(size, utf8('<< /Type /Annot /Subtype /FreeText /Rect [0 0 600 800] /Contents (x) >>'));
      const change = tamper.withEntries(prepared, page, { Annots: `[${size} 0 R]` });
      objects.set(page, utf8(change.body as string));
    });
    expect(await answer(forged)).toBe('UNEXPECTED_CHANGE_IN_INCREMENT');
  });

  it('W4 refuses an object nobody refers to', async () => {
    expect(await answer(smuggle((objects, size) => objects.set(size, utf8('(hidden)'))))).toBe(
      'UNEXPECTED_CHANGE_IN_INCREMENT',
    );
  });

  it('refuses another place or size of its field, a script on it, and an appearance that reaches beyond it', async () => {
    const number = tamper.lastSignature(prepared).object.number;
    const field = (text: string) => text.includes(`/V ${number} 0 R`);
    const edits: [string | RegExp, string][] = [
      [/\/Rect <?\[[^\]]*\]/, '/Rect [0 0 600 800]'],
      ['/F 132', '/F 134'],
      ['/FT /Sig', '/FT /Sig /AA << /U << /S /JavaScript /JS (x) >> >>'],
      [/\/SV << .* >> \/V/, '/V'],
    ];
    for (const [from, to] of edits) {
      const forged = smuggle((objects) => {
        const [key, body] = [...objects].find(([, bytes]) => field(Buffer.from(bytes).toString('latin1')))!;
        const text = Buffer.from(body).toString('latin1');
        expect(text.replace(from, to)).not.toBe(text);
        objects.set(key, utf8(text.replace(from, to)));
      });
      expect(await answer(forged), String(from)).toBe('UNEXPECTED_CHANGE_IN_INCREMENT');
    }
    for (const [from, to] of [
      [/\/BBox \[[^\]]*\]/, '/BBox [0 0 600 800]'],
      ['/BBox', '/Matrix [9 0 0 9 0 0] /BBox'],
      ['/Resources << ', '/Resources << /XObject << /X 5 0 R >> '],
    ] as const) {
      const forged = smuggle((objects) => {
        const [key, body] = [...objects].find(([, bytes]) => Buffer.from(bytes).includes('/BBox'))!;
        objects.set(key, utf8(Buffer.from(body).toString('latin1').replace(from, to)));
      });
      expect(await answer(forged), String(from)).toBe('UNEXPECTED_CHANGE_IN_INCREMENT');
    }
  });

  it('refuses an appearance or a font that takes the place of an old object', async () => {
    const { content } = tamper.pages(prepared)[0]!;
    const own = await withFont();
    expect(await answer(own)).toBe('ok');
    const move = (marker: string, pattern: RegExp) =>
      smuggle((objects) => {
        const named = [...objects].find(([, body]) => latin1(body).includes(marker))!;
        objects.delete(named[0]);
        objects.set(content, named[1]);
        const [key, body] = [...objects].find(([, other]) => pattern.test(latin1(other)))!;
        objects.set(
          key,
          Buffer.from(
            latin1(body).replace(pattern, (text) => text.replace(/\d+/, String(content))),
            'latin1',
          ),
        );
      }, own);
    expect(await answer(move('/BBox', /\/N \d+ 0 R/))).toBe('UNEXPECTED_CHANGE_IN_INCREMENT');
    expect(await answer(move('/DescendantFonts', /\/F \d+ 0 R/))).toBe('UNEXPECTED_CHANGE_IN_INCREMENT');
  });

  it('refuses a font that draws by a program of its own', async () => {
    const forged = smuggle(
      (objects) => {
        const [key, body] = [...objects].find(([, bytes]) => latin1(bytes).includes('/DescendantFonts'))!;
        objects.set(key, utf8(latin1(body).replace('/Encoding', '/CharProcs << >> /Encoding')));
      },
      await withFont(),
    );
    expect(await answer(forged)).toBe('UNEXPECTED_CHANGE_IN_INCREMENT');
  });

  it('draws with the contract’s own font where that has the characters, and with nothing else of the contract', async () => {
    const appended = latin1(prepared.subarray(revisions[0].length));
    expect(appended).not.toContain('/DescendantFonts');
    const { page, content } = tamper.pages(prepared)[0]!;
    for (const number of [page, content, tamper.catalogNumber(prepared), 99_999]) {
      const forged = smuggle((objects) => {
        const [key, body] = [...objects].find(([, bytes]) => latin1(bytes).includes('/BBox'))!;
        objects.set(key, utf8(latin1(body).replace(/\/F \d+ 0 R/, `/F ${number} 0 R`)));
      });
      expect(await answer(forged), String(number)).toBe('UNEXPECTED_CHANGE_IN_INCREMENT');
    }
  });

  it('refuses the contract’s own font with another shape', async () => {
    const font = /\/F (\d+) 0 R/.exec(latin1(prepared.subarray(revisions[0].length)))![1]!;
    const forged = smuggle((objects) => {
      objects.set(Number(font), utf8('<< /Type /Font /Subtype /Type0 /BaseFont /Other >>'));
    });
    expect(await answer(forged)).toBe('UNEXPECTED_CHANGE_IN_INCREMENT');
  });

  it('refuses a trailer that names another root or other information', async () => {
    const { page } = tamper.pages(prepared)[0]!;
    const same = () => undefined;
    for (const trailer of [{ root: page }, { info: page }]) {
      expect(await answer(tamper.rewriteLast(prepared, same, trailer))).toBe(
        'UNEXPECTED_CHANGE_IN_INCREMENT',
      );
    }
  });

  it('refuses a catalog that does more than name the first signature, or a first signature that does not certify', async () => {
    const catalog = tamper.catalogNumber(prepared);
    const change = tamper.withEntries(prepared, catalog, { OpenAction: '<< /S /JavaScript /JS (x) >>' });
    expect(await answer(smuggle((objects) => objects.set(catalog, utf8(change.body as string))))).toBe(
      'UNEXPECTED_CHANGE_IN_INCREMENT',
    );
    expect(await answer(smuggle((objects) => objects.delete(catalog)))).toBe(
      'UNEXPECTED_CHANGE_IN_INCREMENT',
    );
    expect(await answer(tamper.replaceText(prepared, '/P 2 /V', '/P 3 /V'))).toBe(
      'UNEXPECTED_CHANGE_IN_INCREMENT',
    );
    expect(await answer(tamper.replaceText(prepared, 'ETSI.CAdES.detached', 'ETSI.CAdES.somethin'))).toBe(
      'UNEXPECTED_CHANGE_IN_INCREMENT',
    );
  });

  it('refuses a change appended between the approved revision and its own increment', async () => {
    const { content } = tamper.pages(revisions[1])[0]!;
    const changed = tamper.append(revisions[1], [{ number: content, body: streamBody([], utf8('BT ET')) }]);
    const { bytes } = await prepare(changed, 'sig_buyer', cast.sig_buyer, fonts, pki.now);
    const own = {
      field: 'sig_buyer' as const,
      certificate: cast.sig_buyer.certificate,
      spki: cast.sig_buyer.signer.spki,
    };
    expect(await answer(bytes, own)).toBe('UNEXPECTED_CHANGE_IN_INCREMENT');
  });

  it('W4 refuses a security store in the signing increment, and one before it', async () => {
    const store = { body: '<< /Type /DSS >>' };
    const catalog = tamper.catalogNumber(prepared);
    const smuggled = smuggle((objects, size) => {
      const text = latin1(objects.get(catalog)!);
      objects.set(catalog, utf8(text.replace(/>>$/, `/DSS ${size} 0 R >>`)));
      objects.set(size, utf8(store.body));
    });
    expect(await answer(smuggled)).toBe('UNEXPECTED_CHANGE_IN_INCREMENT');
    const next = readPdf(revisions[0]).revisions[0]!.trailer.get('Size');
    const number = next?.type === 'number' ? next.value : Number.NaN;
    const named = tamper.withEntries(revisions[0], catalog, { DSS: `${number} 0 R` });
    const before = tamper.append(revisions[0], [store, named]);
    const after = (await prepare(before, 'sig_seller', cast.sig_seller, fonts, pki.now)).bytes;
    expect(await answer(after)).toBe('UNEXPECTED_CHANGE_IN_INCREMENT');
  });

  it('W4 refuses a file that asks for no signature but brings a store or a timestamp', async () => {
    const store = addDss(revisions[3], { certificates: pki.chain, ocspResponses: [], crls: [] });
    const own = {
      field: 'sig_centre' as const,
      certificate: cast.sig_centre.certificate,
      spki: cast.sig_centre.signer.spki,
    };
    const stamped = await stampDocument(store, pki, cast.tsa);
    for (const approved of [revisions[2], revisions[3]]) {
      expect(await answer(store, { ...own, approved: await approve(approved) })).toBe(
        'UNEXPECTED_CHANGE_IN_INCREMENT',
      );
    }
    expect(await answer(stamped, { ...own, approved: await approve(store) })).toBe(
      'UNEXPECTED_CHANGE_IN_INCREMENT',
    );
  });

  it('W4 refuses a document timestamp in the place of its own signature', async () => {
    const stamped = tamper.replaceText(prepared, '/Type /Sig /Filter', '/Type /DTS /Filter');
    expect(await answer(stamped)).toBe('UNEXPECTED_CHANGE_IN_INCREMENT');
  });

  it('W5 refuses a range that leaves bytes out', async () => {
    const [, b, c, d] = tamper.lastSignature(prepared).byteRange!;
    for (const range of [
      `0 ${b} ${c} ${d - 1}`,
      `1 ${b - 1} ${c} ${d}`,
      `1 ${b} ${c} ${d}`,
      `0 ${b - 1} ${c} ${d}`,
      `0 ${b} ${c + 1} ${d - 1}`,
    ]) {
      expect(await answer(tamper.setByteRange(prepared, range)), range).toBe('BYTERANGE_NOT_WHOLE_FILE');
    }
    expect(await answer(tamper.replaceText(prepared, '/ByteRange', '/BiteRange'))).toBe(
      'UNEXPECTED_CHANGE_IN_INCREMENT',
    );
  });

  it('W6 refuses a place for the signature that is already filled', async () => {
    const { start } = tamper.lastSignature(prepared).contents!;
    const filled = Uint8Array.from(prepared);
    filled.set(utf8('30'), start + 101);
    expect(await answer(filled)).toBe('GAP_NOT_EMPTY_PLACEHOLDER');
    filled.set(utf8('\n\n'), start + 101);
    expect(await answer(filled)).toBe('GAP_NOT_EMPTY_PLACEHOLDER');
  });

  it('W7 refuses a range around another place than the signature’s', async () => {
    const [, b, c, d] = tamper.lastSignature(prepared).byteRange!;
    expect(await answer(tamper.setByteRange(prepared, `0 ${b - 500} ${c - 500} ${d + 500}`))).toBe(
      'BYTERANGE_NOT_WHOLE_FILE',
    );
  });

  it('W8 refuses a certificate of another key', async () => {
    expect(await answer(prepared, { certificate: cast.sig_buyer.certificate })).toBe('CERT_NOT_FOR_THIS_KEY');
    expect(await answer(prepared, { certificate: utf8('garbage') })).toBe('CERT_NOT_FOR_THIS_KEY');
  });

  it('W9 refuses another’s field', async () => {
    expect(await answer(prepared, { field: 'sig_buyer' })).toBe('WRONG_FIELD');
  });

  it('refuses its own field before its turn', async () => {
    const { object } = tamper.lastSignature(prepared);
    const form = readForm(readPdf(revisions[0]), 0);
    if (typeof form === 'string') throw new Error(form);
    const [seller, buyer] = form.fields;
    const early = smuggle((objects) => {
      const appearance = /\/AP << \/N (\d+) 0 R >>/.exec(latin1(objects.get(seller!.object.number)!))![0];
      objects.delete(seller!.object.number);
      const dict = serialize({ type: 'dict', entries: buyer!.dict });
      objects.set(
        buyer!.object.number,
        utf8(`${dict.slice(0, -2)} ${appearance} /V ${object.number} 0 R >>`),
      );
    });
    const own = {
      field: 'sig_buyer' as const,
      certificate: cast.sig_buyer.certificate,
      spki: cast.sig_buyer.signer.spki,
    };
    const checked = await checkIncrement(await ask(early, own));
    expect(checked).toMatchObject({
      code: 'UNEXPECTED_CHANGE_IN_INCREMENT',
      detail: 'revision 1: sig_buyer is not the field whose turn it is',
    });
  });

  it('W10 refuses an approved length that is no revision, and a file without increment', async () => {
    const cut = revisions[0].subarray(0, revisions[0].length - 100);
    expect(await answer(prepared, { approved: await approve(cut) })).toBe('APPROVED_REVISION_BOUNDARY');
    expect(await answer(revisions[0])).toBe('APPROVED_REVISION_BOUNDARY');
  });

  it('refuses bytes after the increment', async () => {
    expect(await answer(concat([prepared, utf8('%')]))).toBe('UNEXPECTED_CHANGE_IN_INCREMENT');
  });
});

describe('a party with its own key in its own browser', () => {
  it('signs what it checked, and the exchange completes a signature that verifies', async () => {
    const { envelope, csr } = must(
      await createKey({ passphrase: PASSPHRASE, claimedSubject: { commonName: 'x' } }),
    );
    const request = must(await parseCsr(csr));
    const certificate = await certify(pki, SELLER, request.spki);
    const seller: Issuer = { certificate, signer: cast.sig_seller.signer };
    const { bytes } = await prepare(revisions[0], 'sig_seller', seller, fonts, pki.now);
    const { key, spki } = must(await unlockKey(envelope, PASSPHRASE));
    const input = { ...(await ask(bytes, { certificate, spki })), key };
    const { signature } = must(await signPrepared(input));
    const done = must(await completeSignature({ prepared: bytes, certificate, chain: pki.chain, signature }));
    const report = await verifyContract(done.bytes, {
      roots: [pki.root.certificate],
      at: pki.now,
      require: ['sig_seller'],
    });
    expect(report).toMatchObject({ valid: true, signatures: [{ signer: '张伟' }] });
    const forged = smuggle((objects, size) => objects.set(size, utf8('(hidden)')));
    expect(await signPrepared({ ...input, prepared: forged })).toMatchObject({
      ok: false,
      code: 'UNEXPECTED_CHANGE_IN_INCREMENT',
    });
  });

  it('is refused at completion with another key, another file or no signature', async () => {
    const { certificate } = cast.sig_seller;
    const { signature } = must(await signPrepared({ ...(await ask(prepared)), key: await otherKey() }));
    const complete = async (change: object) => {
      const result = await completeSignature({
        prepared,
        certificate,
        chain: pki.chain,
        signature,
        ...change,
      });
      return result.ok ? 'ok' : result.code;
    };
    expect(await complete({})).toBe('SIGNATURE_INVALID');
    expect(await complete({ signature: new Uint8Array() })).toBe('SIGNATURE_INVALID');
    expect(await complete({ prepared: revisions[0] })).toBe('NOT_EXCHANGE_PROFILE');
    expect(await complete({ prepared: revisions[1].subarray(0, 5000) })).toBe('NOT_EXCHANGE_PROFILE');
    const buyer = await certify(pki, BUYER, cast.sig_buyer.signer.spki);
    expect(await complete({ certificate: buyer })).toBe('SIGNATURE_INVALID');
  });
});

async function otherKey(): Promise<CryptoKey> {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ]);
  return keys.privateKey;
}
