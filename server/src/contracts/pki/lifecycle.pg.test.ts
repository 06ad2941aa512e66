/** What becomes of a certificate: renewed, lost, revoked, told of, about to expire, and always in the log. */
import { createHash } from 'node:crypto';
import { type CertificateNews, certificateRoutes as r } from '@seam/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Json, type RunningPki, type Who, runPki } from './testing/running-pki.ts';

let pki: RunningPki;
beforeAll(async () => {
  pki = await runPki();
});
afterAll(async () => pki.close());

const DAY_MS = 24 * 3600_000;
const mine = async (who: Who): Promise<Json[]> =>
  (await pki.call(who, 'GET', r.myCertificates.url)).json.certificates;
const stateOf = async (who: Who, serial: string): Promise<string> =>
  (await mine(who)).find((one) => one.serial === serial).state;
const news = async (who: Who): Promise<CertificateNews[]> =>
  (await pki.call(who, 'GET', r.certificateNews.url)).json.items;
const revoke = async (who: Who, serial: string, reason: string) =>
  pki.call(who, 'POST', `/v1/certificates/${serial}/revocation`, { reason });
async function at<T>(time: number, work: () => Promise<T>): Promise<T> {
  pki.time = new Date(time);
  try {
    return await work();
  } finally {
    pki.time = null;
  }
}

describe('a certificate', () => {
  it('is renewed with a new key, and the old one stays valid until it expires', async () => {
    const old = await pki.certificateFor('wang', await pki.csr('old'));
    const replaces = { serial: old.serial, because: 'renewal' };
    const fresh = await pki.certificateFor('wang', await pki.csr('new'), { replaces });
    expect(await stateOf('wang', old.serial)).toBe('valid');
    expect(fresh.spkiSha256).not.toBe(old.spkiSha256);
    const { requests } = (await pki.call('wang', 'GET', r.myCertificates.url)).json;
    expect(requests[0]).toMatchObject({ kind: 'renewal', replaces: old.serial });
  });
  it('on a second device has a key and a label of its own', async () => {
    const first = await pki.certificateFor('zhao', await pki.csr('desk'), { deviceLabel: 'Desk' });
    const second = await pki.certificateFor('zhao', await pki.csr('phone'), { deviceLabel: 'Phone' });
    expect((await mine('zhao')).map((one) => [one.deviceLabel, one.state])).toEqual([
      ['Phone', 'valid'],
      ['Desk', 'valid'],
    ]);
    expect(first.spkiSha256).not.toBe(second.spkiSha256);
  });
  it('is revoked and asked for anew in one step when its key is lost', async () => {
    const lost = await pki.certificateFor('wang', await pki.csr('lost'));
    const answer = await pki.call('wang', 'POST', r.requestCertificate.url, {
      csr: (await pki.csr('instead')).toString('base64'),
      deviceLabel: 'New laptop',
      replaces: { serial: lost.serial, because: 'lost' },
    });
    expect(answer.json).toMatchObject({ kind: 'replacement', replaces: lost.serial, state: 'submitted' });
    expect(await stateOf('wang', lost.serial)).toBe('revoked');
  });
  it('is not revoked when the request for another is refused at once', async () => {
    const kept = await pki.certificateFor('wang', await pki.csr('kept'));
    const answer = await pki.call('wang', 'POST', r.requestCertificate.url, {
      csr: Buffer.from('garbage').toString('base64'),
      deviceLabel: 'New laptop',
      replaces: { serial: kept.serial, because: 'lost' },
    });
    expect(answer.status).toBe(422);
    expect(await stateOf('wang', kept.serial)).toBe('valid');
  });
  it('of somebody else, a revoked or an expired one is not renewed', async () => {
    const old = await pki.certificateFor('wang', await pki.csr('ends'));
    const renew = async (who: Who, name: string) =>
      pki.call(who, 'POST', r.requestCertificate.url, {
        csr: (await pki.csr(name)).toString('base64'),
        deviceLabel: 'x',
        replaces: { serial: old.serial, because: 'renewal' },
      });
    expect((await renew('anna', 'r-1')).json.code).toBe('certificate.missing');
    const late = await at(Date.now() + 366 * DAY_MS, async () => renew('wang', 'r-2'));
    expect(late.json.code).toBe('certificate.expired');
    await revoke('wang', old.serial, 'superseded');
    expect((await renew('wang', 'r-3')).json.code).toBe('certificate.revoked');
  });
  it.each([
    ['key_compromise', 1, 'keyCompromise'],
    ['affiliation_changed', 3, 'affiliationChanged'],
    ['superseded', 4, 'superseded'],
    ['cessation_of_operation', 5, 'cessationOfOperation'],
  ])('is revoked by its company for %s, reason %i, once', async (reason, _number, word) => {
    const { serial, certificate } = await pki.certificateFor('wang', await pki.csr(reason));
    expect((await revoke('anna', serial, reason)).status).toBe(404);
    // A colleague may: whoever lost the key may be out of reach.
    expect((await revoke('zhao', serial, reason)).status).toBe(200);
    expect((await revoke('wang', serial, reason)).json.code).toBe('certificate.revoked');
    pki.file('cert.der', Buffer.from(certificate, 'base64'));
    await pki.openssl('x509', '-inform', 'DER', '-in', 'cert.der', '-out', 'cert.pem');
    pki.file('issuing.der', (await pki.call(null, 'GET', '/v1/pki/issuing.cer')).bytes);
    await pki.openssl('x509', '-inform', 'DER', '-in', 'issuing.der', '-out', 'issuing.pem');
    const url = `${pki.url}/v1/pki/ocsp`;
    const about = ['-issuer', 'issuing.pem', '-cert', 'cert.pem', '-noverify'];
    expect((await pki.openssl('ocsp', '-url', url, ...about)).output).toContain(`Reason: ${word}`);
  });
  it('is revoked by staff only on evidence, which is kept and shown to staff', async () => {
    const { serial } = await pki.certificateFor('anna', await pki.csr('staff'));
    const to = r.revokeCertificateByStaff.url.replace(':id', serial);
    const reason = 'affiliation_changed';
    expect((await pki.call('chen', 'POST', to, { reason })).status).toBe(400);
    expect((await pki.call('anna', 'POST', to, { reason, evidence: 'x'.repeat(10) })).status).toBe(403);
    const evidence = 'Letter of Harbour Power of 20 November, call-back to the registered number.';
    expect((await pki.call('chen', 'POST', to, { reason, evidence })).status).toBe(200);
    const found = await pki.call('zhou', 'GET', `${r.staffCertificates.url}?q=${serial}`);
    expect(found.json.items).toEqual([
      expect.objectContaining({
        state: 'revoked',
        revocation: expect.objectContaining({ reason, evidence, by: '陈静' }),
      }),
    ]);
    await expect(pki.db.sql`update certificate_revocation set evidence = ''`).rejects.toMatchObject({
      code: 'CX002',
    });
  });
  it('that expires within thirty days is told to its holder, its company and staff', async () => {
    const { serial } = await pki.certificateFor('anna', await pki.csr('expires'));
    const watch = async () => ({
      holder: (await mine('anna')).find((one) => one.serial === serial).expiresSoon,
      company: (await news('anna')).some((one) => one.kind === 'expires' && one.serial === serial),
      staff: (await pki.call('chen', 'GET', `${r.staffCertificates.url}?show=expires`)).json.items.some(
        (one: { serial: string }) => one.serial === serial,
      ),
    });
    const told = { holder: true, company: true, staff: true };
    const quiet = { holder: false, company: false, staff: false };
    const end = Date.now() + 365 * DAY_MS;
    expect(await at(end - 31 * DAY_MS, watch)).toEqual(quiet);
    expect(await at(end - 29 * DAY_MS, watch)).toEqual(told);
    expect(await at(end + DAY_MS, watch)).toEqual(quiet);
  });
  it('issued in the name of a company is told to everybody in it, and to nobody else', async () => {
    const { serial } = await pki.certificateFor('wang', await pki.csr('told'));
    await revoke('wang', serial, 'superseded');
    const kinds = (await news('zhao')).filter((one) => one.serial === serial).map((one) => one.kind);
    expect(kinds.toSorted()).toEqual(['issued', 'revoked']);
    expect((await news('anna')).some((one) => one.serial === serial)).toBe(false);
  });
  it('is found by company, person, device, serial and fingerprint as people write them', async () => {
    const view = await pki.certificateFor('anna', await pki.csr('found'), { deviceLabel: 'Quay office' });
    const colons = view.spkiSha256
      .slice(0, 12)
      .toUpperCase()
      .replace(/(..)(?=.)/g, '$1:');
    for (const q of ['harbour', 'DE VRIES', 'quay', view.serial, colons]) {
      const { json } = await pki.call('chen', 'GET', `${r.staffCertificates.url}?q=${encodeURIComponent(q)}`);
      expect(json.items.map((one: { serial: string }) => one.serial)).toContain(view.serial);
    }
    expect((await pki.call('chen', 'GET', `${r.staffCertificates.url}?q=nobody`)).json.items).toEqual([]);
  });
});

describe('the log', () => {
  it('holds every certificate, the exchange’s own included, in a chain that anybody recomputes', async () => {
    const { items, nextAfter } = (await pki.call(null, 'GET', r.certificateLog.url)).json;
    expect(nextAfter).toBeNull();
    let chain = Buffer.alloc(32);
    for (const item of items) {
      chain = createHash('sha256').update(chain).update(Buffer.from(item.leafHash, 'hex')).digest();
      expect(item.chainHash).toBe(chain.toString('hex'));
    }
    const leaves = new Set(items.map((item: { leafHash: string }) => item.leafHash));
    const issued = await pki.db.sql<{ der: Buffer }[]>`
      select der from certificate union all select certificate from authority`;
    for (const { der } of issued) expect(leaves).toContain(createHash('sha256').update(der).digest('hex'));
    expect(issued.length).toBe(items.length);
    const later = (await pki.call(null, 'GET', `${r.certificateLog.url}?after=3`)).json;
    expect(later.items[0].seq).toBe(4);
  });
  it('is only ever added to', async () => {
    for (const table of ['certificate_log', 'certificate', 'certificate_revocation', 'party_key'])
      for (const change of [`update ${table} set serial = serial`, `delete from ${table}`])
        await expect(
          pki.db.sql.unsafe(
            change.replace('party_key set serial = serial', 'party_key set person_id = person_id'),
          ),
        ).rejects.toMatchObject({ code: 'CX002' });
    await expect(pki.db.sql`truncate certificate_log`).rejects.toMatchObject({ code: 'CX002' });
  });
});
