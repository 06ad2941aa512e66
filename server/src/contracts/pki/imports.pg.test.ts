/** Certificates of another authority: which come in, and what keeps the others out. */
import { createHash, sign } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {
  type CertificateRole,
  type CertifiedSubject,
  type Issuer,
  createRoot,
  generatePrivateKey,
  issueCertificate,
  issueIssuingCa,
  signerFromPkcs8,
} from '@seam/esign';
import { certificateRoutes as r } from '@seam/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usableCertificate } from '../signing/parties.ts';
import { validity } from './make-authorities.ts';
import { type Answer, type Json, type RunningPki, type Who, runPki } from './testing/running-pki.ts';

const DAY_MS = 24 * 3600_000;
const WANG: CertifiedSubject = {
  country: 'CN',
  organization: '山西示范煤业有限公司',
  organizationIdentifier: 'NTRCN-91140100MA0KX7T2C2',
  person: '王伟',
};

let pki: RunningPki;
let root: Issuer;
let issuing: Issuer;
let anchor: string;

async function authority(name: string): Promise<{ root: Issuer; issuing: Issuer }> {
  const keys = [await generatePrivateKey('p-256'), await generatePrivateKey('p-256')].map(signerFromPkcs8);
  const made = await createRoot({
    subject: { commonName: name },
    signer: keys[0]!,
    ...validity(Date.now(), 5),
  });
  const top = { certificate: made, signer: keys[0]! };
  const below = await issueIssuingCa({
    issuer: top,
    subject: { commonName: `${name} 1` },
    spki: keys[1]!.spki,
    ...validity(Date.now(), 4),
  });
  return { root: top, issuing: { certificate: below, signer: keys[1]! } };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const decideAnchor = async (who: Who, decision: string): Promise<Answer> =>
  pki.call(who, 'POST', r.decideTrustAnchor.url.replace(':id', anchor), { decision });

beforeAll(async () => {
  pki = await runPki();
  ({ root, issuing } = await authority('Licensed Test CA'));
  anchor = createHash('sha256').update(root.certificate).digest('hex');
});
afterAll(async () => pki.close());

type Held = { readonly pkcs8: Uint8Array; readonly certificate: Uint8Array };
async function hold(
  change: {
    subject?: CertifiedSubject;
    role?: CertificateRole;
    by?: Issuer;
    from?: number;
    size?: 'rsa-2048';
  } = {},
): Promise<Held> {
  const pkcs8 = await generatePrivateKey(change.size ?? 'p-256');
  const certificate = await issueCertificate({
    issuer: change.by ?? issuing,
    subject: change.subject ?? WANG,
    spki: signerFromPkcs8(pkcs8).spki,
    role: change.role ?? 'party',
    ...validity(change.from ?? Date.now(), 1),
  });
  return { pkcs8, certificate };
}

async function challenge(who: Who): Promise<Json> {
  return (await pki.call(who, 'POST', r.openImport.url)).json;
}
const signed = (held: Held, text: string): string =>
  sign('sha256', Buffer.from(text), {
    key: Buffer.from(held.pkcs8),
    format: 'der',
    type: 'pkcs8',
  }).toString('base64');

async function bring(
  held: Held,
  change: { who?: Who; chain?: Uint8Array[]; signature?: string; challengeId?: string } = {},
): Promise<Answer> {
  const who = change.who ?? 'wang';
  const asked = await challenge(who);
  return pki.call(who, 'POST', r.importCertificate.url, {
    challengeId: change.challengeId ?? asked.id,
    signature: change.signature ?? signed(held, asked.challenge),
    certificate: base64(held.certificate),
    chain: (change.chain ?? [issuing.certificate]).map(base64),
    deviceLabel: 'USB key',
  });
}
const codeOf = async (answer: Promise<Answer>): Promise<string> => (await answer).json.code;

describe('an anchor', () => {
  it('is proposed by one of staff and counts when another has accepted it', async () => {
    expect(await codeOf(bring(await hold()))).toBe('certificate.untrusted_issuer');
    const body = { certificate: base64(root.certificate), name: 'Licensed Test CA' };
    expect((await pki.call('chen', 'POST', r.proposeTrustAnchor.url, body)).json).toMatchObject({
      sha256: anchor,
      state: 'proposed',
    });
    expect(await codeOf(pki.call('zhou', 'POST', r.proposeTrustAnchor.url, body))).toBe(
      'certificate.anchor_known',
    );
    expect(await codeOf(bring(await hold()))).toBe('certificate.untrusted_issuer');
    expect(await codeOf(decideAnchor('chen', 'accept'))).toBe('certificate.second_person_needed');
    expect((await decideAnchor('zhou', 'accept')).json).toMatchObject({
      state: 'accepted',
      acceptedBy: { id: 'zhou', name: '周立' },
    });
  });
  it('is the self-signed certificate of an authority', async () => {
    for (const certificate of [issuing.certificate, (await hold()).certificate, new Uint8Array([1, 2])])
      expect(
        await codeOf(
          pki.call('chen', 'POST', r.proposeTrustAnchor.url, { certificate: base64(certificate), name: 'x' }),
        ),
      ).toBe('certificate.anchor_unfit');
  });
});

describe('a certificate of an accepted authority', () => {
  it('comes in with its key proven and two people behind it, and stands in list and log', async () => {
    const held = await hold();
    const asked = await bring(held);
    expect([asked.status, asked.json.kind]).toEqual([201, 'import']);
    expect((await pki.standBehind(asked.json.id)).json).toMatchObject({ state: 'issued' });
    const { certificates } = (await pki.call('wang', 'GET', r.myCertificates.url)).json;
    expect(certificates[0]).toMatchObject({ state: 'valid', certificate: base64(held.certificate) });
    const { items } = (await pki.call('chen', 'GET', r.staffCertificates.url)).json;
    expect(items[0]).toMatchObject({ issuedBy: 'Licensed Test CA', personName: '王伟' });
    const log = (await pki.call(null, 'GET', r.certificateLog.url)).json.items;
    expect(log.at(-1).leafHash).toBe(createHash('sha256').update(held.certificate).digest('hex'));
  });
  it('does not sign contracts here: no proof that it was not revoked could be kept with them', async () => {
    const [row] = await pki.db.sql`select serial from certificate where anchor_sha256 is not null`;
    expect(await usableCertificate(pki.db.sql, 'wang', row!['serial'], new Date())).toEqual({
      refused: 'certificate.evidence_missing',
    });
  });
  it('revoked here, is in no list of ours: it is not ours to revoke there', async () => {
    const [row] = await pki.db.sql`select serial from certificate where anchor_sha256 is not null`;
    const revoked = await pki.call('wang', 'POST', `/v1/certificates/${row!['serial']}/revocation`, {
      reason: 'superseded',
    });
    expect(revoked.status).toBe(200);
    pki.file('ours.crl', (await pki.call(null, 'GET', '/v1/pki/issuing.crl')).bytes);
    const text = (await pki.openssl('crl', '-inform', 'DER', '-in', 'ours.crl', '-noout', '-text')).output;
    expect(text.toLowerCase()).not.toContain(row!['serial']);
  });
  it('signs the challenge by openssl, as the holder of a token would', async () => {
    const held = await hold({ size: 'rsa-2048' });
    pki.file('token.key', held.pkcs8);
    const asked = await challenge('wang');
    pki.file('challenge', asked.challenge);
    const key = ['-sign', 'token.key', '-keyform', 'DER', '-out', 'challenge.sig', 'challenge'];
    expect((await pki.openssl('dgst', '-sha256', ...key)).code).toBe(0);
    const signature = fs.readFileSync(path.join(pki.scratch, 'challenge.sig')).toString('base64');
    expect((await bring(held, { challengeId: asked.id, signature })).status).toBe(201);
  });

  const OTHER = { ...WANG, organizationIdentifier: 'NTRCN-91310000MA1FL3B7DX' };
  it.each<[string, () => Promise<Held>, string]>([
    ['names another company', async () => hold({ subject: OTHER }), 'certificate.identity_differs'],
    [
      'writes the company otherwise',
      async () => hold({ subject: { ...WANG, organization: 'Shanxi Demo' } }),
      'certificate.identity_differs',
    ],
    [
      'names another person',
      async () => hold({ subject: { ...WANG, person: '李雷' } }),
      'certificate.identity_differs',
    ],
    ['is meant for timestamps', async () => hold({ role: 'tsa' }), 'certificate.usage_wrong'],
    ['is meant for OCSP', async () => hold({ role: 'ocsp' }), 'certificate.usage_wrong'],
    ['has expired', async () => hold({ from: Date.now() - 400 * DAY_MS }), 'certificate.expired'],
    ['begins tomorrow', async () => hold({ from: Date.now() + DAY_MS }), 'certificate.expired'],
    [
      'is by a namesake of the authority',
      async () => hold({ by: (await authority('Licensed Test CA')).issuing }),
      'certificate.untrusted_issuer',
    ],
  ])('stays out when it %s', async (_name, held, wanted) => {
    expect(await codeOf(bring(await held()))).toBe(wanted);
  });
  it('stays out without its chain, or with one that a leaf stands in', async () => {
    expect(await codeOf(bring(await hold(), { chain: [] }))).toBe('certificate.untrusted_issuer');
    // Straight under the root: no limit of path length stands in the way, only that a leaf is no authority.
    const leaf = await hold({ by: root });
    const below = await hold({ by: { certificate: leaf.certificate, signer: signerFromPkcs8(leaf.pkcs8) } });
    const chain = [leaf.certificate];
    expect(await codeOf(bring(below, { chain }))).toBe('certificate.untrusted_issuer');
  });
  it('stays out when its key is not proven, or the proof is old, used or another’s', async () => {
    const held = await hold();
    const stranger = await hold();
    const mine = await challenge('wang');
    const by = (signature: string, challengeId: string) => codeOf(bring(held, { signature, challengeId }));
    expect(await by(signed(stranger, mine.challenge), mine.id)).toBe('certificate.possession_not_proven');
    expect(await by(signed(held, 'another text'), mine.id)).toBe('certificate.possession_not_proven');
    const hers = await challenge('zhao');
    expect(await by(signed(held, hers.challenge), hers.id)).toBe('certificate.challenge_expired');
    pki.time = new Date(Date.now() + 16 * 60_000);
    try {
      expect(await by(signed(held, mine.challenge), mine.id)).toBe('certificate.challenge_expired');
    } finally {
      pki.time = null;
    }
    const good = signed(held, mine.challenge);
    expect((await bring(held, { signature: good, challengeId: mine.id })).status).toBe(201);
    const again = await hold();
    const used = { signature: signed(again, mine.challenge), challengeId: mine.id };
    expect(await codeOf(bring(again, used))).toBe('certificate.challenge_expired');
  });
  it('is not issued once its anchor is withdrawn', async () => {
    const { json } = await bring(await hold());
    expect((await decideAnchor('chen', 'withdraw')).json).toMatchObject({ state: 'withdrawn' });
    expect((await pki.standBehind(json.id)).json.code).toBe('certificate.untrusted_issuer');
  });
});
