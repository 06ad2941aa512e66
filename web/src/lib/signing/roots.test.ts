import * as esign from '@seam/esign';
import { beforeAll, describe, expect, it } from 'vitest';
import { certify, createPki, newSigner, SELLER } from '../../../../packages/esign/src/testing/pki.ts';
import { readRoots } from './roots.ts';

let root: Uint8Array;
let party: Uint8Array;
beforeAll(async () => {
  const pki = await createPki();
  root = pki.root.certificate;
  party = await certify(pki, SELLER, (await newSigner()).spki);
});

describe('a root certificate from a file', () => {
  it('is read in DER and in PEM, with the same fingerprint', async () => {
    const der = await readRoots(esign, root, 'root.cer');
    const pem = new TextEncoder().encode(`# a comment\n${esign.toPem('CERTIFICATE', root)}`);
    const sha256 = esign.toHex(await esign.sha256(root));
    expect(der).toMatchObject({ ok: true, roots: [{ sha256, file: 'root.cer', name: 'Seam 测试根 CA' }] });
    expect(await readRoots(esign, pem, 'root.cer')).toEqual(der);
  });

  it('may come with others in one PEM file', async () => {
    const second = (await createPki({ name: 'other' })).root.certificate;
    const text = [root, second].map((der) => esign.toPem('CERTIFICATE', der)).join('');
    const read = await readRoots(esign, new TextEncoder().encode(text), 'roots.pem');
    expect(read.ok && read.roots.map(({ der }) => der)).toEqual([root, second]);
  });

  it('is refused when it is no certificate, or nobody’s authority', async () => {
    for (const text of ['', 'hello', '-----BEGIN CERTIFICATE-----', '-----BEGIN PRIVATE KEY-----\nAA==']) {
      const bytes = new TextEncoder().encode(text);
      expect(await readRoots(esign, bytes, 'x'), text).toEqual({ ok: false, code: 'ROOT_UNREADABLE' });
    }
    expect(await readRoots(esign, party, 'x')).toEqual({ ok: false, code: 'ROOT_NOT_AN_AUTHORITY' });
    const mixed = [root, party].map((der) => esign.toPem('CERTIFICATE', der)).join('');
    expect(await readRoots(esign, new TextEncoder().encode(mixed), 'x')).toMatchObject({ ok: false });
  });
});
