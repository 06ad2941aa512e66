import { beforeAll, describe, expect, it } from 'vitest';
import type { Issuer } from '../ca/authority.ts';
import { ocspError } from '../ca/ocsp.ts';
import { ocspOf } from '../testing/lta.ts';
import { CENTRE, DAY, type Pki, SELLER, createPki, newParty } from '../testing/pki.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { Evidence } from './evidence.ts';

let pki: Pki;
let responder: Issuer;
let certificate: Certificate;
let issuer: Certificate;

beforeAll(async () => {
  pki = await createPki();
  responder = await newParty(pki, CENTRE, { role: 'ocsp' });
  certificate = readCertificate((await newParty(pki, SELLER)).certificate);
  issuer = readCertificate(pki.issuing.certificate);
});

const status = (der: Uint8Array, of = certificate, at = pki.now) =>
  new Evidence({ crls: [], store: { crls: [], ocspResponses: [der] } }).statusOf(of, issuer, at, 'after');

const NOTHING = { status: 'unknown', stale: false };

describe('an answer of a responder', () => {
  it('is about its certificate, from its time on, and about no other', async () => {
    const der = await ocspOf(pki, responder, certificate.der);
    expect(await status(der)).toEqual({ status: 'good', embedded: true });
    expect(await status(der, certificate, pki.now + DAY)).toEqual({ status: 'unknown', stale: true });
    const other = readCertificate((await newParty(pki, SELLER)).certificate);
    expect(await status(der, other)).toEqual(NOTHING);
  });

  it.each(['malformedRequest', 'tryLater'] as const)('of %s says nothing', async (error) => {
    expect(await status(ocspError(error))).toEqual(NOTHING);
  });

  it('with any one bit changed says nothing, and never throws', async () => {
    const der = await ocspOf(pki, responder, certificate.der);
    for (let bit = 0; bit < 8 * der.length; bit += 7) {
      const changed = Uint8Array.from(der);
      changed[bit >> 3] = changed[bit >> 3]! ^ (1 << (bit & 7));
      expect(await status(changed), `bit ${bit}`).toEqual(NOTHING);
    }
  });
});
