import { beforeAll, describe, expect, it } from 'vitest';
import { serialOf } from '../ca/authority.ts';
import { createCrl } from '../ca/crl.ts';
import { bits, bool, context, integer, octets, oid, seq, time } from '../der/writer.ts';
import { DAY, type Pki, SELLER, createPki, newParty } from '../testing/pki.ts';
import { signatureAlgorithm } from '../x509/algorithms.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { Evidence, type Freshness } from './evidence.ts';

let pki: Pki;
let issuer: Certificate;
let certificate: Certificate;
let other: Certificate;
let list: Uint8Array;
const REVOKED_AT = Date.UTC(2026, 0, 2);

beforeAll(async () => {
  pki = await createPki();
  issuer = readCertificate(pki.issuing.certificate);
  const party = await newParty(pki, SELLER);
  certificate = readCertificate(party.certificate);
  other = readCertificate((await newParty(pki, SELLER)).certificate);
  const revoked = [{ serial: serialOf(party.certificate), at: REVOKED_AT, reason: 'unspecified' as const }];
  list = await createCrl({ issuer: pki.issuing, ...times(), number: 3, revoked });
});

const times = (thisUpdate = pki.now) => ({ number: 1, thisUpdate, nextUpdate: thisUpdate + DAY });

function status(
  crls: readonly Uint8Array[],
  of: Certificate = certificate,
  change: { by?: Certificate; at?: number; freshness?: Freshness } = {},
) {
  const evidence = new Evidence({ crls, store: { crls: [], ocspResponses: [] } });
  return evidence.statusOf(of, change.by ?? issuer, change.at ?? pki.now, change.freshness ?? 'after');
}

const GOOD = { status: 'good', embedded: false };
const NOTHING = { status: 'unknown', stale: false };

describe('a revocation list', () => {
  it('says since when a certificate is revoked, and that others are good', async () => {
    expect(await status([list])).toEqual({ status: 'revoked', at: REVOKED_AT });
    expect(await status([list], other)).toEqual(GOOD);
    expect(await status([])).toEqual(NOTHING);
  });

  it('says nothing against what was done before the revocation, and something from that moment on', async () => {
    expect(await status([list], certificate, { at: REVOKED_AT - 1 })).toEqual(GOOD);
    expect(await status([list], certificate, { at: REVOKED_AT })).toMatchObject({ status: 'revoked' });
  });

  it('of before the moment in question proves nothing after it, but may cover it', async () => {
    const at = pki.now + DAY / 2;
    expect(await status([list], other, { at })).toEqual({ status: 'unknown', stale: true });
    expect(await status([list], other, { at, freshness: 'covering' })).toEqual(GOOD);
    const late = { at: pki.now + 2 * DAY, freshness: 'covering' } as const;
    expect(await status([list], other, late)).toEqual({ status: 'unknown', stale: true });
    expect(await status([list], certificate, late)).toMatchObject({ status: 'revoked' });
  });

  it('with the earliest revocation counts, whatever others say', async () => {
    const serial = certificate.serialHex;
    const earlier = { serial, at: REVOKED_AT - DAY, reason: 'key_compromise' as const };
    const second = await createCrl({ issuer: pki.issuing, ...times(), revoked: [earlier] });
    const empty = await createCrl({ issuer: pki.issuing, ...times(), revoked: [] });
    expect(await status([empty, list, second, empty])).toEqual({ status: 'revoked', at: REVOKED_AT - DAY });
  });

  it('of another issuer says nothing', async () => {
    const by = readCertificate(pki.root.certificate);
    expect(await status([list], certificate, { by })).toEqual(NOTHING);
  });

  it('in another name says nothing, though the key be the same', async () => {
    const namesake = { certificate: (await newParty(pki, SELLER)).certificate, signer: pki.issuing.signer };
    const forged = await createCrl({ issuer: namesake, ...times(), revoked: [] });
    expect(await status([forged])).toEqual(NOTHING);
  });

  it('signed by a certificate that may not sign lists says nothing', async () => {
    const party = await newParty(pki, SELLER);
    const forged = await createCrl({ issuer: party, ...times(), revoked: [] });
    expect(await status([forged], certificate, { by: readCertificate(party.certificate) })).toEqual(NOTHING);
  });

  it('that a critical extension limits says nothing', async () => {
    const algorithm = signatureAlgorithm('p256');
    const build = async (critical: boolean) => {
      const onlySome = seq(oid('2.5.29.28'), ...(critical ? [bool(true)] : []), octets(seq()));
      const tbs = seq(
        integer(1),
        algorithm,
        issuer.subjectDer,
        time(pki.now),
        time(pki.now + DAY),
        context(0, seq(onlySome)),
      );
      return seq(tbs, algorithm, bits(await pki.issuing.signer.sign(tbs)));
    };
    expect(await status([await build(false)])).toEqual(GOOD);
    expect(await status([await build(true)])).toEqual(NOTHING);
  });

  it('with any one bit changed says nothing, and never throws', async () => {
    for (let bit = 0; bit < 8 * list.length; bit += 3) {
      const changed = Uint8Array.from(list);
      changed[bit >> 3] = changed[bit >> 3]! ^ (1 << (bit & 7));
      expect(await status([changed]), `bit ${bit}`).toEqual(NOTHING);
    }
  });
});
