import { beforeAll, describe, expect, it } from 'vitest';
import { DerError } from '../der/reader.ts';
import { type Pki, SELLER, createPki, newParty, withExtensions } from '../testing/pki.ts';
import { signatureAlgorithm } from './algorithms.ts';
import { readCertificate } from './certificate.ts';

let pki: Pki;
let certificate: Uint8Array;

beforeAll(async () => {
  pki = await createPki();
  certificate = (await newParty(pki, SELLER)).certificate;
});

describe('reading a certificate', () => {
  it('takes one written anew as it is', async () => {
    const same = await withExtensions(pki, certificate, (all) => all);
    expect(readCertificate(same).serialHex).toBe(readCertificate(certificate).serialHex);
  });

  it('refuses an extension twice: two readers could take one each', async () => {
    const twice = await withExtensions(pki, certificate, (all) => [...all, all[0]!]);
    expect(() => readCertificate(twice)).toThrow(DerError);
  });

  it('refuses two signature algorithms', async () => {
    const mixed = await withExtensions(pki, certificate, (all) => all, signatureAlgorithm('rsa'));
    expect(() => readCertificate(mixed)).toThrow(DerError);
  });

  it('is read from a copy: who changes his bytes afterwards changes no certificate', async () => {
    const { certificate } = await newParty(pki, SELLER);
    const own = certificate.slice();
    const read = readCertificate(own);
    own.fill(0);
    expect(readCertificate(certificate)).toBe(read);
    expect(read.der).toEqual(certificate);
    expect(() => readCertificate(own)).toThrow(DerError);
  });
});
