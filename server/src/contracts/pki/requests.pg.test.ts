/** Asking for certificates over HTTP with requests that openssl made, good and bad. */
import { certificateRoutes as r } from '@seam/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Json, P256, type RunningPki, type Who, runPki } from './testing/running-pki.ts';

let pki: RunningPki;
beforeAll(async () => {
  pki = await runPki();
});
afterAll(async () => pki.close());

const ask = async (who: Who, csr: Uint8Array, more: object = {}): Promise<Answer> =>
  pki.call(who, 'POST', r.requestCertificate.url, {
    csr: Buffer.from(csr).toString('base64'),
    deviceLabel: 'Laptop',
    ...more,
  });
const asked = async (who: Who, name: string): Promise<Json> => {
  const answer = await ask(who, await pki.csr(name));
  expect(answer.status).toBe(201);
  return answer.json;
};
const decide = async (who: Who, id: string, decision: string, reason?: string): Promise<Answer> =>
  pki.call(who, 'POST', r.decideCertificateRequest.url.replace(':id', id), {
    decision,
    ...(reason ? { reason } : {}),
  });
const code = ({ json }: Answer): string => json?.code;

describe('a request', () => {
  it('A1 garbage: 422 certificate.request_malformed', async () => {
    for (const bytes of [Buffer.from('garbage'), Buffer.alloc(3), Buffer.from('3003020100', 'hex')]) {
      const answer = await ask('wang', bytes);
      expect([answer.status, code(answer)]).toEqual([422, 'certificate.request_malformed']);
    }
  });
  it('A2 signed by another key: 422 certificate.possession_not_proven', async () => {
    const size = ['rsa:2048'];
    const [a, b] = [await pki.csr('pop-a', ...size), await pki.csr('pop-b', ...size)];
    // The last 256 bytes are the signature.
    const stolen = Buffer.concat([a.subarray(0, -256), b.subarray(-256)]);
    expect(code(await ask('wang', stolen))).toBe('certificate.possession_not_proven');
  });
  it('A3 altered after it was signed: 422 certificate.possession_not_proven', async () => {
    const csr = await pki.csr('altered');
    csr[csr.indexOf('Mallory')] = 'N'.charCodeAt(0);
    expect(code(await ask('wang', csr))).toBe('certificate.possession_not_proven');
  });
  it.each([
    ['A4 RSA-1024', 'certificate.key_weak', ['rsa:1024']],
    ['A5 RSA with e = 3', 'certificate.key_weak', ['rsa:2048', '-pkeyopt', 'rsa_keygen_pubexp:3']],
    ['A6 P-384', 'certificate.key_unsupported', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384']],
    ['A7 Ed25519', 'certificate.key_unsupported', ['ed25519']],
  ])('%s: 422 %s', async (name, wanted, options) => {
    const answer = await ask('wang', await pki.csr(name.slice(0, 2), ...options));
    expect([answer.status, code(answer)]).toEqual([422, wanted]);
  });
  it('RSA-2048 and P-256 are accepted', async () => {
    expect((await ask('wang', await pki.csr('rsa', 'rsa:2048'))).json.keyKind).toBe('rsa-2048');
    expect((await ask('wang', await pki.csr('ec', ...P256))).json.keyKind).toBe('p256-256');
  });
  it('A8 of an organisation that nobody certified: organisation.not_active, and no certificate', async () => {
    const { id } = await asked('ghost', 'ghost');
    const answer = await decide('chen', id, 'approve');
    expect(code(answer)).toBe('organisation.not_active');
    expect((await pki.db.sql`select 1 from certificate where organisation_id = 'gone'`).length).toBe(0);
  });
  it('of a company whose credit code has a wrong check character: no certificate', async () => {
    const { id } = await asked('sam', 'slip');
    expect(code(await decide('chen', id, 'approve'))).toBe('certificate.identity_differs');
  });
  it('A9 in a foreign name: the certificate carries the certified record', async () => {
    const { certificate } = await pki.certificateFor('wang', await pki.csr('foreign'));
    pki.file('a9.cer', Buffer.from(certificate, 'base64'));
    const show = ['-noout', '-subject', '-nameopt', 'utf8,sep_comma_plus'];
    const { output } = await pki.openssl('x509', '-inform', 'DER', '-in', 'a9.cer', ...show);
    expect(output).toContain('O=山西示范煤业有限公司');
    expect(output).toContain('organizationIdentifier=NTRCN-91140100MA0KX7T2C2');
    expect(output).toContain('CN=王伟');
    expect(output).not.toContain('Mallory');
  });
  it('A10 with a key that another person holds or held: 409 certificate.key_reused', async () => {
    const waiting = await pki.csr('reused');
    expect((await ask('wang', waiting)).status).toBe(201);
    for (const who of ['wang', 'zhao', 'anna'] as const)
      expect(code(await ask(who, waiting))).toBe('certificate.key_reused');
    const csr = await pki.csr('reused-2');
    const { serial } = await pki.certificateFor('wang', csr);
    await pki.call('wang', 'POST', `/v1/certificates/${serial}/revocation`, { reason: 'superseded' });
    // Not even after it was revoked, and not even by its own holder.
    for (const who of ['wang', 'anna'] as const)
      expect(code(await ask(who, csr))).toBe('certificate.key_reused');
  });
  it('A10 a key whose request was refused stays its person’s', async () => {
    const csr = await pki.csr('refused');
    const { id } = (await ask('wang', csr)).json;
    await decide('chen', id, 'refuse', 'The fingerprint was another.');
    expect(code(await ask('anna', csr))).toBe('certificate.key_reused');
    expect((await ask('wang', csr)).status).toBe(201);
  });
  it('A10 by two at once: one 201, one 409', async () => {
    for (const name of ['race-1', 'race-2', 'race-3']) {
      const csr = await pki.csr(name);
      const answers = await Promise.all([ask('wang', csr), ask('anna', csr), ask('zhao', csr)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    }
  });
});

describe('two people', () => {
  it('approve and issue; the list says who approved, and what the applicant confirmed', async () => {
    const { id, spkiSha256 } = await asked('anna', 'two');
    expect((await decide('chen', id, 'approve')).json).toMatchObject({
      state: 'approved',
      approvedBy: { id: 'chen', name: '陈静' },
      fingerprintConfirmedAt: null,
    });
    const confirm = async (who: Who, hash: string) =>
      pki.call(who, 'POST', r.confirmFingerprint.url.replace(':id', id), { spkiSha256: hash });
    expect(code(await confirm('anna', '0'.repeat(64)))).toBe('certificate.fingerprint_mismatch');
    expect((await confirm('wang', spkiSha256)).status).toBe(404);
    expect((await confirm('anna', spkiSha256)).json.fingerprintConfirmedAt).not.toBeNull();
    const { items } = (await pki.call('zhou', 'GET', r.certificateRequests.url)).json;
    expect(items.find((one: { id: string }) => one.id === id)).toMatchObject({ state: 'approved' });
    expect((await decide('zhou', id, 'issue')).json).toMatchObject({ state: 'issued' });
  });
  it('409 certificate.second_person_needed for the same person twice', async () => {
    const { id } = await asked('anna', 'same');
    await decide('chen', id, 'approve');
    for (const decision of ['issue', 'approve']) {
      const answer = await decide('chen', id, decision);
      expect([answer.status, code(answer)]).toEqual([409, 'certificate.second_person_needed']);
    }
    expect((await pki.db.sql`select 1 from certificate where request_id = ${id}`).length).toBe(0);
  });
  it('409 certificate.not_approved when nobody has approved', async () => {
    const { id } = await asked('anna', 'alone');
    expect(code(await decide('chen', id, 'issue'))).toBe('certificate.not_approved');
  });
  it('either may refuse, with a reason the applicant reads; nothing comes after that', async () => {
    for (const [name, before] of [
      ['no-1', false],
      ['no-2', true],
    ] as const) {
      const { id } = await asked('anna', name);
      if (before) await decide('chen', id, 'approve');
      expect((await decide('zhou', id, 'refuse')).status).toBe(400);
      expect((await decide('zhou', id, 'refuse', 'Not her voice.')).json).toMatchObject({ state: 'refused' });
      for (const decision of ['approve', 'issue'])
        expect(code(await decide('chen', id, decision))).toBe('certificate.request_decided');
      const { requests } = (await pki.call('anna', 'GET', r.myCertificates.url)).json;
      expect(requests.find((one: { id: string }) => one.id === id).reason).toBe('Not her voice.');
    }
  });
  it('the database itself lets nobody issue alone', async () => {
    const { id } = await asked('anna', 'database');
    await expect(pki.db.sql`update certificate_request set state = 'issued', approved_by = 'chen',
      decided_by = 'chen' where id = ${id}`).rejects.toMatchObject({
      constraint_name: 'certificate_request_two_people',
    });
  });
  it('of two who issue at once, one does', async () => {
    const { id } = await asked('anna', 'at-once');
    await decide('chen', id, 'approve');
    const answers = await Promise.all([decide('zhou', id, 'issue'), decide('zhou', id, 'issue')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});
