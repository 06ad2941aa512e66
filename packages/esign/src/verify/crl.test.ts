import { beforeAll, describe, expect, it } from 'vitest';
import { serialOf } from '../ca/authority.ts';
import { createCrl } from '../ca/crl.ts';
import { DAY, type Pki, SELLER, createPki, newParty } from '../testing/pki.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { revocationOf } from './crl.ts';

let pki: Pki;
let issuer: Certificate;
let certificate: Certificate;
let list: Uint8Array;

beforeAll(async () => {
  pki = await createPki();
  issuer = readCertificate(pki.issuing.certificate);
  const party = await newParty(pki, SELLER);
  certificate = readCertificate(party.certificate);
  const revoked = [
    { serial: serialOf(party.certificate), at: Date.UTC(2026, 0, 2), reason: 'unspecified' as const },
  ];
  list = await createCrl({
    issuer: pki.issuing,
    number: 3,
    thisUpdate: pki.now,
    nextUpdate: pki.now + DAY,
    revoked,
  });
}, 120_000);

describe('a revocation list', () => {
  it('says since when a certificate is revoked, and that others are good', async () => {
    expect(await revocationOf(certificate, issuer, [list])).toEqual({
      status: 'revoked',
      at: Date.UTC(2026, 0, 2),
    });
    const other = readCertificate((await newParty(pki, SELLER)).certificate);
    expect(await revocationOf(other, issuer, [list])).toEqual({ status: 'good' });
    expect(await revocationOf(certificate, issuer, [])).toBeUndefined();
  });

  it('of another issuer says nothing', async () => {
    expect(await revocationOf(certificate, readCertificate(pki.root.certificate), [list])).toBeUndefined();
  });

  it('in another name says nothing, though the key be the same', async () => {
    const other = { certificate: (await newParty(pki, SELLER)).certificate, signer: pki.issuing.signer };
    const times = { number: 1, thisUpdate: pki.now, nextUpdate: pki.now + DAY };
    const forged = await createCrl({ issuer: other, ...times, revoked: [] });
    expect(await revocationOf(certificate, issuer, [forged])).toBeUndefined();
  });

  it('signed by a certificate that may not sign lists says nothing', async () => {
    const party = await newParty(pki, SELLER);
    const forged = await createCrl({
      issuer: party,
      number: 1,
      thisUpdate: pki.now,
      nextUpdate: pki.now + DAY,
      revoked: [],
    });
    expect(await revocationOf(certificate, readCertificate(party.certificate), [forged])).toBeUndefined();
  });

  it('with any one bit changed says nothing, and never throws', async () => {
    for (let bit = 0; bit < 8 * list.length; bit += 3) {
      const changed = Uint8Array.from(list);
      changed[bit >> 3] = changed[bit >> 3]! ^ (1 << (bit & 7));
      expect(await revocationOf(certificate, issuer, [changed]), `bit ${bit}`).toBeUndefined();
    }
  });
});
