/** Revisions 4 and 5 hold a store and a timestamp, and nothing else whatever. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Issuer } from '../ca/authority.ts';
import { utf8 } from '../der/bytes.ts';
import { loadFont } from '../node/load-font.ts';
import type { FontSet } from '../render/font.ts';
import { codes } from '../testing/findings.ts';
import { evidence, signToLta, stampDocument } from '../testing/lta.ts';
import { CENTRE, type Pki, createPki, newParty } from '../testing/pki.ts';
import { type Cast, newCast, signAll } from '../testing/signing.ts';
import * as tamper from '../testing/tamper.ts';
import { verifyContract } from '../verify/contract.ts';
import { addDocumentTimestamp } from './document-timestamp.ts';
import { addDss } from './dss.ts';
import { readPdf } from './file.ts';
import { readForm } from './form.ts';
import { describeIncrement } from './increment.ts';
import { asDict, asNumber, asRef } from './values.ts';
import { serialize, streamBody } from './write.ts';

let fonts: FontSet;
let pki: Pki;
let cast: Cast;
let responder: Issuer;
let files: Awaited<ReturnType<typeof signToLta>>;

beforeAll(async () => {
  fonts = await loadFont();
  pki = await createPki();
  cast = await newCast(pki);
  responder = await newParty(pki, CENTRE, { role: 'ocsp' });
  files = await signToLta(pki, cast, responder, fonts);
});

const last = (bytes: Uint8Array) => {
  const file = readPdf(bytes);
  return describeIncrement(file, file.revisions.length - 1);
};

const verify = async (bytes: Uint8Array) =>
  codes(await verifyContract(bytes, { roots: [pki.root.certificate], at: pki.now }));

const MODIFIED = ['file MODIFIED_AFTER_SIGNING'];

/** The store's revision with its /DSS rewritten as text, other objects as they are. */
function dssWith(change: (text: string) => string): Uint8Array {
  return tamper.rewriteLast(files.blt, (objects) => {
    for (const [number, body] of objects) {
      const text = Buffer.from(body).toString('latin1');
      if (text.includes('/Type /DSS')) objects.set(number, utf8(change(text)));
    }
  });
}

function catalogWith(bytes: Uint8Array, change: (text: string) => string): Uint8Array {
  const number = tamper.catalogNumber(bytes);
  return tamper.rewriteLast(bytes, (objects) => {
    objects.set(number, utf8(change(Buffer.from(objects.get(number)!).toString('latin1'))));
  });
}

describe('revision 4', () => {
  it('is a store, whose members are those given, each once', async () => {
    const honest = await evidence(pki, cast, responder);
    const twice = addDss(files.bt, { ...honest, crls: [...honest.crls, ...honest.crls] });
    const increment = last(twice);
    expect(increment).toMatchObject({ kind: 'store', unexpected: [] });
    expect(increment.kind === 'store' && increment.store).toEqual({
      certificates: honest.certificates,
      ocspResponses: honest.ocspResponses,
      crls: honest.crls,
    });
  });

  it('names each signature by the SHA-1 of its contents', async () => {
    const text = Buffer.from(files.blt).toString('latin1');
    for (const field of ['sig_seller', 'sig_buyer', 'sig_centre'] as const) {
      const contents = tamper.contentsOf(files.bt, field);
      const digest = await crypto.subtle.digest('SHA-1', contents as BufferSource);
      expect(text).toContain(`/${Buffer.from(digest).toString('hex').toUpperCase()} <<`);
    }
  });

  it.each([
    [
      'an object beside it',
      () => tamper.rewriteLast(files.blt, (objects, size) => objects.set(size, utf8('(x)'))),
    ],
    [
      'a page replaced',
      () =>
        tamper.rewriteLast(files.blt, (objects) =>
          objects.set(tamper.pages(files.blt)[0]!.content, streamBody([], utf8('BT ET'))),
        ),
    ],
    ['another key in the catalog', () => catalogWith(files.blt, (text) => text.replace('>>', '/X 1 >>'))],
    [
      'a catalog without /Perms',
      () => catalogWith(files.blt, (text) => text.replace(/\/Perms << [^>]* >>/, '')),
    ],
    [
      'a catalog with an action',
      () => catalogWith(files.blt, (text) => text.replace(/>>$/, '/OpenAction << /S /JavaScript >> >>')),
    ],
    ['a key that no store has', () => dssWith((text) => text.replace('/Type /DSS', '/Type /DSS /X 1'))],
    ['another type', () => dssWith((text) => text.replace('/Type /DSS', '/Type /DST'))],
    ['a direct value in a list', () => dssWith((text) => text.replace('/Certs [', '/Certs [(x) '))],
    [
      'a page in a list',
      () => dssWith((text) => text.replace('/Certs [', `/Certs [${tamper.pages(files.blt)[0]!.page} 0 R `)),
    ],
    ['a name that is no SHA-1', () => dssWith((text) => text.replace(/\/[0-9A-F]{40}/, '/X'))],
    ['a fourth name', () => dssWith((text) => text.replace('/VRI <<', `/VRI << /${'0'.repeat(40)} << >>`))],
    [
      'a stranger under a name',
      () => dssWith((text) => text.replace(/\/CRL \[/, `/CRL [${tamper.pages(files.blt)[0]!.page} 0 R `)),
    ],
    [
      'more under a name than references',
      () => dssWith((text) => text.replace(/(\/[0-9A-F]{40} <<)/, '$1 /TU (D:20260101)')),
    ],
    ['nothing', () => tamper.append(files.bt, [])],
  ])('with %s is a modification', async (_, build) => {
    const bytes = build();
    expect(Buffer.from(bytes).equals(files.blt)).toBe(false);
    expect(await verify(bytes)).toEqual(MODIFIED);
  });

  it('with a filtered stream is a modification: what is stored is stored plainly', async () => {
    const bytes = tamper.rewriteLast(files.blt, (objects) => {
      const [number] = [...objects].find(([, body]) => Buffer.from(body).includes('stream\n'))!;
      objects.set(number, streamBody([['Filter', '/ASCIIHexDecode']], utf8('30>')));
    });
    expect(await verify(bytes)).toEqual(MODIFIED);
  });

  it('comes once, and not before all have signed', async () => {
    const honest = await evidence(pki, cast, responder);
    expect(() => addDss(files.revisions[2], honest)).toThrow(TypeError);
    expect(await verify(addDss(files.blt, honest))).toEqual(MODIFIED);
    const early = tamper.append(files.revisions[2], [
      { body: '<< /Type /DSS >>' },
      tamper.withEntries(files.revisions[2], tamper.catalogNumber(files.bt), {
        DSS: `${size(files.revisions[2])} 0 R`,
      }),
    ]);
    const found = codes(
      await verifyContract(early, { roots: [pki.root.certificate], at: pki.now, require: [] }),
    );
    expect(found).toEqual(MODIFIED);
  });

  it('is refused where the unsigned contract already names a store', async () => {
    const [first] = await signAll(pki, cast, fonts);
    const catalog = tamper.catalogNumber(first);
    const bytes = tamper.rewriteFirst(first, [
      tamper.withEntries(first, catalog, { DSS: '<< /Type /DSS >>' }),
    ]);
    const found = codes(await verifyContract(bytes, { roots: [], at: pki.now, require: [] }));
    expect(found).toEqual(['file NOT_EXCHANGE_PROFILE']);
  });
});

const size = (bytes: Uint8Array) => asNumber(readPdf(bytes).revisions.at(-1)!.trailer.get('Size'))!;

describe('revision 5', () => {
  const form = () => {
    const read = readForm(readPdf(files.blt), 4);
    if (typeof read === 'string') throw new Error(read);
    return read;
  };

  const stampedWith = (change: (objects: Map<number, Uint8Array>, next: number) => void) =>
    tamper.rewriteLast(files.blta, change);
  const fieldNumber = () => size(files.blt) + 1;

  it('is a timestamp over the whole file', () => {
    const increment = last(files.blta);
    expect(increment).toMatchObject({ kind: 'timestamp', unexpected: [] });
    const [, , c, d] = tamper.lastSignature(files.blta).byteRange!;
    expect(c + d).toBe(files.blta.length);
  });

  const edit = (number: () => number, change: (text: string) => string) => () =>
    stampedWith((objects) => {
      const before = Buffer.from(objects.get(number())!).toString('latin1');
      const after = change(before);
      expect(after).not.toBe(before);
      objects.set(number(), utf8(after));
    });

  it.each([
    ['an object beside it', () => stampedWith((objects, next) => objects.set(next, utf8('(x)')))],
    [
      'a page replaced',
      () =>
        stampedWith((objects) =>
          objects.set(tamper.pages(files.blta)[0]!.content, streamBody([], utf8('BT ET'))),
        ),
    ],
    [
      'a catalog replaced',
      () =>
        stampedWith((objects) =>
          objects.set(tamper.catalogNumber(files.blta), utf8(serialize(form().catalog.value))),
        ),
    ],
    ['a field with a place on a page', edit(fieldNumber, (text) => text.replace('[0 0 0 0]', '[0 0 90 90]'))],
    ['a field with an appearance', edit(fieldNumber, (text) => text.replace('/FT', '/AP << >> /FT'))],
    [
      'a field of another name',
      edit(fieldNumber, (text) => text.replace('document_timestamp', 'sig_seller')),
    ],
    [
      'a form with a program',
      edit(
        () => form().object.number,
        (text) => text.replace('/SigFlags', '/NeedAppearances true /SigFlags'),
      ),
    ],
    [
      'a form that loses a field',
      edit(
        () => form().object.number,
        (text) => text.replace(/\[\d+ 0 R /, '['),
      ),
    ],
    [
      'a form with one field more',
      edit(
        () => form().object.number,
        (text) => text.replace(/(\d+ 0 R)\]/, '5 0 R $1]'),
      ),
    ],
    [
      'a form in another order',
      edit(
        () => form().object.number,
        (text) => text.replace(/\[(\d+ 0 R) (\d+ 0 R)/, '[$2 $1'),
      ),
    ],
    [
      'another filter',
      edit(
        () => size(files.blt),
        (text) => text.replace('Adobe.PPKLite', 'Adobe.PPKMS'),
      ),
    ],
    [
      'another kind of signature',
      edit(
        () => size(files.blt),
        (text) => text.replace('ETSI.RFC3161', 'ETSI.CAdES.detached'),
      ),
    ],
    [
      'another key',
      edit(
        () => size(files.blt),
        (text) => text.replace('/Type', '/Reason (x) /Type'),
      ),
    ],
  ])('with %s is a modification', async (_, build) => {
    expect(await verify(build())).toContain('file MODIFIED_AFTER_SIGNING');
  });

  it('comes after a store, once, and last', async () => {
    const never = async () => new Uint8Array();
    await expect(addDocumentTimestamp(files.bt, never)).rejects.toThrow(TypeError);
    await expect(addDocumentTimestamp(files.revisions[1], never)).rejects.toThrow(TypeError);
    await expect(stampDocument(files.blta, pki, cast.tsa)).rejects.toThrow(TypeError);
    expect(await verify(tamper.append(files.blta, []))).toEqual(MODIFIED);
    expect(await verify(tamper.append(files.blta, [{ body: '(x)' }]))).toEqual(MODIFIED);
  });

  it('passes on what the authority throws, and takes no token that has no room', async () => {
    const away = async () => Promise.reject(new Error('away'));
    await expect(addDocumentTimestamp(files.blt, away)).rejects.toThrow('away');
    const huge = async () => new Uint8Array(12_289);
    await expect(addDocumentTimestamp(files.blt, huge)).rejects.toThrow(TypeError);
  });

  it('leaves no page, no catalog and no earlier signature touched', () => {
    const { objects } = readPdf(files.blta).revisions[5]!;
    expect([...objects.keys()]).toEqual([form().object.number, size(files.blt), fieldNumber()]);
    expect(asRef(asDict(objects.get(fieldNumber())!.value)!.get('V'))).toBe(size(files.blt));
  });
});
