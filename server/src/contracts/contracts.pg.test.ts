import { CENTRE_ROLES } from '@seam/protocol';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  createKey,
  fromBase64,
  readCertificate,
  signPrepared,
  toBase64,
  unlockKey,
  verifyContract,
} from '@seam/esign';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCore } from '../core.ts';
import { type WorkHandler, doWork, dueWork } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { journalEntryOf, signerProof } from '../ports.ts';
import { settlementStage } from '../settlement/public.ts';
import { ownTimestampAuthority } from './pki/timestamps.ts';
import { STANDARD } from './templates/standard.ts';
import {
  type Authorities,
  type ContractFiles,
  type ContractPorts,
  contractRoutes,
  contractWork,
  type NewSale,
  type Press,
  createSale,
  openAuthorities,
  openKeyVault,
  openContractFiles,
  openPress,
  ownCertificateAuthority,
} from './public.ts';

const PASSPHRASE = 'a long enough passphrase';
const organisations = {
  seller: {
    name: 'Shanxi Demo Coal Co',
    nameZh: '山西示范煤业有限公司',
    legalId: '91140100MA0KX7T2C2',
    kind: 'uscc' as const,
  },
  buyer: { name: 'Harbour Power BV', nameZh: null, legalId: '529900T8BM49AURSDO55', kind: 'lei' as const },
};
type Side = keyof typeof organisations;

const principal = (side: Side | 'staff' | 'colleague'): Principal => ({
  personId: `${side}-person`,
  personName: side === 'seller' ? '王伟' : 'Anna de Vries',
  organisationId: side === 'staff' || side === 'colleague' ? '' : side,
  organisationStatus: 'active',
  roles: ['signatory'],
  staff: side === 'staff' || side === 'colleague',
  centreRoles: side === 'staff' || side === 'colleague' ? CENTRE_ROLES : [],
  robot: false,
  loginSessionId: side,
});
const tokens: Record<string, Principal> = {
  ['s'.repeat(43)]: principal('seller'),
  ['b'.repeat(43)]: principal('buyer'),
  ['c'.repeat(43)]: principal('staff'),
  ['d'.repeat(43)]: principal('colleague'),
};
const tokenOf = {
  seller: 's'.repeat(43),
  buyer: 'b'.repeat(43),
  staff: 'c'.repeat(43),
  colleague: 'd'.repeat(43),
};

const ports: ContractPorts = {
  partyOf: async (_connection, id) => {
    const of = organisations[id as Side];
    return {
      organisationId: id,
      name: of.name,
      nameZh: of.nameZh,
      legalIdKind: of.kind,
      legalId: of.legalId,
      address: '1 Coal Street',
      bankAccount: '6222 0000 0000 0001',
    };
  },
  certifiedPersonOf: async (_connection, personId) => {
    const side = personId.split('-')[0] as Side;
    const of = organisations[side];
    return {
      organisationId: side,
      organisationName: of.nameZh ?? of.name,
      country: side === 'seller' ? 'CN' : 'NL',
      legalIdKind: of.kind,
      legalId: of.legalId,
      personName: principal(side).personName,
      active: true,
    };
  },
  namesOf: async (_connection, ids) =>
    new Map(ids.filter((id) => id in organisations).map((id) => [id, organisations[id as Side]])),
  personNamesOf: async (_connection, ids) =>
    new Map(ids.map((id) => [id, principal(id.split('-')[0] as Side).personName])),
  feesOf: async () => ({ ...STANDARD.fees, ...STANDARD.feeRule }),
  goodsOf: async (_connection, listingId) => ({
    listingId,
    listingVersion: 1,
    coalRank: 'bituminous',
    mine: { name: 'Datong', nameZh: '大同', country: 'CN' },
    assay: {
      totalMoisture: { basisPoints: 1200, basis: 'ar' },
      ash: { basisPoints: 1500, basis: 'ar' },
      sulphur: { basisPoints: 60, basis: 'ar' },
      calorificValue: { joulesPerGram: 23_000, kind: 'net', basis: 'ar' },
    },
    deliveryTerm: 'fob',
    deliveryPlace: { name: 'Qinhuangdao', nameZh: '秦皇岛' },
    windowFrom: '2026-12-01',
    windowTo: '2026-12-31',
    transport: 'rail',
  }),
};

let db: TestDatabase;
let app: FastifyInstance;
let authorities: Authorities;
let press: Press;
let files: ContractFiles;
let handlers: Map<string, WorkHandler>;
let scratch: string;
const now = { at: new Date() };
const clock = { now: () => now.at };

beforeAll(async () => {
  db = await testDatabase();
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-contracts-'));
  const vault = openKeyVault({ directory: scratch });
  authorities = await openAuthorities(db.sql, vault, scratch, Date.now());
  app = await buildCore({
    sql: db.sql,
    publicUrl: 'http://seam.test',
    authenticate: async (token) => tokens[token] ?? null,
  });
  const authority = ownCertificateAuthority(db.sql, authorities);
  press = openPress({ threads: 1, databaseUrl: db.url });
  files = openContractFiles({ databaseUrl: db.url });
  const signing = {
    sql: db.sql,
    clock,
    press,
    files,
    authority,
    revocation: authority,
    tsa: ownTimestampAuthority({ sql: db.sql, authorities, clock }),
    centre: { certificate: authorities.centre.certificate, sign: authorities.centre.signer.sign },
  };
  // That nobody signs without a proof of his person, or beyond his limit, is tested with the signing.
  const proof = {
    ...signerProof('http://seam.test'),
    freshProof: async () => clock.now(),
    mayCommit: async () => undefined,
  };
  contractRoutes(app, { ...signing, wake: () => {}, authorities, ports, proof });
  const work = contractWork({
    ...signing,
    ports,
    publicUrl: 'http://seam.test',
    journalEntryOf,
    stageOf: settlementStage,
  });
  // What settlement will do with a bound or a void contract is its own business.
  const others = ['settlement.open', 'contracts.voided'].map((topic) => ({ topic, write: async () => {} }));
  handlers = new Map([...work, ...others].map((handler) => [handler.topic, handler]));
});
afterAll(async () => {
  await app.close();
  await press.close();
  await files.close();
  await db.close();
  fs.rmSync(scratch, { recursive: true, force: true });
});

async function call(as: keyof typeof tokenOf, method: 'GET' | 'POST', url: string, payload?: object) {
  const answer = await app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${tokenOf[as]}` },
    ...(payload ? { payload } : {}),
  });
  return answer;
}

async function work(): Promise<string[]> {
  const results: string[] = [];
  for (const id of await dueWork(db.sql, 50)) results.push(await doWork(db.sql, handlers, id));
  return results;
}

/** A key made as the browser makes it, and its certificate issued by two of staff. */
async function certify(
  side: Side,
  claimed = { country: 'ZZ', organization: 'Somebody Else', commonName: 'Mallory' },
) {
  const made = await createKey({ passphrase: PASSPHRASE, claimedSubject: claimed });
  if (!made.ok) throw new Error(made.code);
  const { envelope, csr } = made;
  const asked = await call(side, 'POST', '/v1/certificate-requests', {
    csr: toBase64(csr),
    deviceLabel: 'Laptop',
  });
  expect(asked.statusCode).toBe(201);
  const decision = `/v1/staff/certificate-requests/${asked.json().id}/decision`;
  expect((await call('staff', 'POST', decision, { decision: 'approve' })).statusCode).toBe(200);
  const decided = await call('colleague', 'POST', decision, { decision: 'issue' });
  expect(decided.json()).toMatchObject({ state: 'issued' });
  const mine = (await call(side, 'GET', '/v1/certificates')).json();
  return { envelope, csr, ...mine.certificates[0] };
}
type Holder = Awaited<ReturnType<typeof certify>>;

async function newContract(more: Partial<NewSale> = {}): Promise<string> {
  const { contractId } = await db.sql.begin(async (tx) =>
    createSale(tx, {
      originKey: `test:${Math.random()}`,
      originKind: 'listing',
      originId: 'l1',
      listingId: 'l1',
      sellerId: 'seller',
      buyerId: 'buyer',
      quantityKg: 5_000_000n,
      pricePerTonne: 61_250n,
      currency: 'CNY',
      ...more,
    }),
  );
  expect(new Set(await work())).toEqual(new Set(['done']));
  return contractId;
}

async function open(side: Side, contractId: string, holder: Holder) {
  return call(side, 'POST', `/v1/contracts/${contractId}/signing-sessions`, {
    certificateSerial: holder.serial,
  });
}

/** What the signing page does: read, check, sign, hand in. */
async function sign(side: Side, contractId: string, holder: Holder) {
  const approved = (await call(side, 'GET', `/v1/contracts/${contractId}/document`)).rawPayload;
  const opened = await open(side, contractId, holder);
  expect(opened.statusCode).toBe(201);
  const session = opened.json();
  const prepared = (await call(side, 'GET', `/v1/signing-sessions/${session.id}/document`)).rawPayload;
  const key = await unlockKey(holder.envelope, PASSPHRASE);
  if (!key.ok) throw new Error(key.code);
  const signed = await signPrepared({
    prepared: new Uint8Array(prepared),
    approved: { sha256: createHash('sha256').update(approved).digest('hex'), length: approved.length },
    field: session.field,
    certificate: fromBase64(holder.certificate),
    spki: readSpki(holder),
    key: key.key,
  });
  if (!signed.ok) throw new Error(`${signed.code}: ${signed.detail}`);
  return { session, signature: toBase64(signed.signature) };
}

function readSpki(holder: Holder): Uint8Array {
  const { publicKey } = readCertificate(fromBase64(holder.certificate));
  if (publicKey.kind === 'unsupported') throw new Error('unsupported key');
  return publicKey.spki;
}

const complete = async (side: Side, sessionId: string, signature: string) =>
  call(side, 'POST', `/v1/signing-sessions/${sessionId}/signature`, { signature });

describe('a certificate', () => {
  it('A9 carries the certified record, never the name in the request', async () => {
    const holder = await certify('seller');
    const subject = execFileSync(
      'openssl',
      ['x509', '-inform', 'DER', '-noout', '-subject', '-nameopt', 'utf8,sep_comma_plus'],
      {
        input: Buffer.from(fromBase64(holder.certificate)),
        encoding: 'utf8',
      },
    );
    expect(subject).toContain('山西示范煤业有限公司');
    expect(subject).toContain('王伟');
    expect(subject).not.toContain('Mallory');
  });

  it('409 certificate.key_reused for a key that was certified before, whoever asks', async () => {
    const holder = await certify('seller');
    const again = await call('buyer', 'POST', '/v1/certificate-requests', {
      csr: toBase64(holder.csr),
      deviceLabel: 'x',
    });
    expect(again.json()).toMatchObject({ status: 409, code: 'certificate.key_reused' });
  });

  it('422 for garbage, 403 for a caller who is no signatory, 409 for a second decision', async () => {
    const garbage = await call('seller', 'POST', '/v1/certificate-requests', {
      csr: 'AAAA',
      deviceLabel: 'x',
    });
    expect(garbage.json()).toMatchObject({ status: 422, code: 'certificate.request_malformed' });
    expect(
      (await call('staff', 'POST', '/v1/certificate-requests', { csr: 'AAAA', deviceLabel: 'x' })).statusCode,
    ).toBe(403);
    expect((await call('seller', 'GET', '/v1/staff/certificate-requests')).statusCode).toBe(403);
    const [request] = await db.sql`select id from certificate_request where state = 'issued' limit 1`;
    const twice = await call('staff', 'POST', `/v1/staff/certificate-requests/${request!['id']}/decision`, {
      decision: 'refuse',
    });
    expect(twice.json()).toMatchObject({ code: 'certificate.request_decided' });
  });

  it('is in a log whose chain anybody can recompute', async () => {
    const { items } = (await app.inject({ url: '/v1/certificate-log' })).json();
    let chain = Buffer.alloc(32);
    for (const item of items) {
      chain = createHash('sha256').update(chain).update(Buffer.from(item.leafHash, 'hex')).digest();
      expect(item.chainHash).toBe(chain.toString('hex'));
    }
    expect(items.length).toBeGreaterThan(0);
    await expect(db.sql`update certificate_log set serial = 'x'`).rejects.toMatchObject({ code: 'CX002' });
  });
});

describe('a contract', () => {
  it('is signed by seller, buyer and centre in turn, and pdfsig finds three valid, trusted signatures', async () => {
    const [seller, buyer] = [await certify('seller'), await certify('buyer')];
    const contractId = await newContract();
    expect((await open('buyer', contractId, buyer)).json()).toMatchObject({ code: 'contract.not_your_turn' });

    const first = await sign('seller', contractId, seller);
    const signedOnce = await complete('seller', first.session.id, first.signature);
    expect(signedOnce.json()).toMatchObject({ state: 'seller_signed', waitsFor: 'buyer' });
    expect((await complete('seller', first.session.id, first.signature)).json()).toMatchObject({
      code: 'signing_session.used',
    });
    expect((await open('seller', contractId, seller)).json()).toMatchObject({
      code: 'contract.already_signed',
    });

    const second = await sign('buyer', contractId, buyer);
    expect((await complete('buyer', second.session.id, second.signature)).json()).toMatchObject({
      state: 'buyer_signed',
    });
    while ((await work()).length > 0);
    const sealed = (await call('buyer', 'GET', `/v1/contracts/${contractId}`)).json();
    expect(sealed).toMatchObject({ state: 'binding', waitsFor: null });
    expect(sealed.revisions.map((revision: { kind: string }) => revision.kind)).toEqual([
      'issued',
      'sig_seller',
      'sig_buyer',
      'sig_centre',
      'dss',
      'document_timestamp',
    ]);
    expect(
      await db.sql`select 1 from outbox where effect_key = ${`settlement:${contractId}:open`}`,
    ).toHaveLength(1);

    const file = (await call('seller', 'GET', `/v1/contracts/${contractId}/document`)).rawPayload;
    const report = await verifyContract(new Uint8Array(file), { roots: [authorities.root], at: Date.now() });
    expect(report.findings).toEqual([]);
    expect(report.valid).toBe(true);
    expect(pdfsig(file)).toMatchObject({ valid: 3, trusted: 3, total: true });
  });

  it('422 signature.invalid for a signature by another key, and nothing changes', async () => {
    const [seller, other] = [await certify('seller'), await certify('seller')];
    const contractId = await newContract();
    const { session, signature } = await sign('seller', contractId, seller);
    const wrong = await sign('seller', contractId, other);
    expect((await complete('seller', session.id, wrong.signature)).json()).toMatchObject({
      status: 422,
      code: 'signature.invalid',
    });
    expect(await db.sql`select n from contract_revision where contract_id = ${contractId}`).toHaveLength(1);
    expect((await complete('buyer', session.id, signature)).json()).toMatchObject({
      code: 'signing_session.unknown',
    });
    expect((await complete('seller', session.id, signature)).statusCode).toBe(200);
  });

  it('X2 two completions on one base: one 200, one 409', async () => {
    const seller = await certify('seller');
    const contractId = await newContract();
    const [a, b] = [await sign('seller', contractId, seller), await sign('seller', contractId, seller)];
    const answers = await Promise.all(
      [a, b].map(async (one) => complete('seller', one.session.id, one.signature)),
    );
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 409]);
  });

  it('404 for a stranger, 410 after ten minutes, 403 with a revoked certificate', async () => {
    const seller = await certify('seller');
    const contractId = await newContract();
    tokens['x'.repeat(43)] = { ...principal('buyer'), organisationId: 'stranger' };
    const stranger = await app.inject({
      url: `/v1/contracts/${contractId}`,
      headers: { authorization: `Bearer ${'x'.repeat(43)}` },
    });
    expect(stranger.statusCode).toBe(404);

    const { session, signature } = await sign('seller', contractId, seller);
    now.at = new Date(Date.now() + 11 * 60_000);
    expect((await complete('seller', session.id, signature)).json()).toMatchObject({ status: 410 });
    now.at = new Date();

    const late = await sign('seller', contractId, seller);
    expect(
      (
        await call('seller', 'POST', `/v1/certificates/${seller.serial}/revocation`, {
          reason: 'key_compromise',
        })
      ).statusCode,
    ).toBe(200);
    expect((await complete('seller', late.session.id, late.signature)).json()).toMatchObject({
      code: 'certificate.revoked',
    });
    const crl = (await app.inject({ url: '/v1/pki/issuing.crl' })).rawPayload;
    const text = execFileSync('openssl', ['crl', '-inform', 'DER', '-noout', '-text'], {
      input: crl,
      encoding: 'utf8',
    });
    expect(text.toLowerCase()).toContain(seller.serial.replace(/^0+/, ''));
  });

  it('can be declined with a reason before the other side has signed too, and then not be signed', async () => {
    const seller = await certify('seller');
    const contractId = await newContract();
    const declined = await call('seller', 'POST', `/v1/contracts/${contractId}/decline`, {
      reason: 'wrong place',
    });
    expect(declined.json()).toMatchObject({ state: 'voided', voidedReason: 'wrong place' });
    expect((await open('seller', contractId, seller)).json()).toMatchObject({ code: 'contract.not_open' });
  });

  it('promises the heat its price was found for, and all else as the listing does', async () => {
    const termsOf = async (id: string) => {
      const [row] = await db.sql<{ terms: string }[]>`select terms from contract where id = ${id}`;
      return JSON.parse(row!.terms);
    };
    const listed = await termsOf(await newContract());
    const promisedHeat = { joulesPerGram: 20_934, kind: 'net', basis: 'ar' } as const;
    const won = await termsOf(await newContract({ promisedHeat }));
    expect(listed.goods.assay.calorificValue).not.toEqual(promisedHeat);
    expect(won.goods).toEqual({
      ...listed.goods,
      assay: { ...listed.goods.assay, calorificValue: promisedHeat },
    });
    expect(won.quality.rules[0]).toMatchObject({ kind: 'net', basis: 'ar', reference: '20934' });
  });

  it('of one sale is made once, however often the sale is reported', async () => {
    const sale = {
      originKey: 'auction:a:b',
      originKind: 'auction' as const,
      originId: 'a',
      listingId: 'l',
      sellerId: 'seller',
      buyerId: 'buyer',
      quantityKg: 1n,
      pricePerTonne: 1n,
      currency: 'CNY',
    };
    const made = await Promise.all(
      [1, 2, 3].map(async () => db.sql.begin(async (tx) => createSale(tx, sale))),
    );
    expect(new Set(made.map((one) => one.contractId)).size).toBe(1);
  });
});

function pdfsig(file: Buffer): { valid: number; trusted: number; total: boolean } {
  const home = fs.mkdtempSync(path.join(scratch, 'nss-'));
  execFileSync('certutil', ['-N', '-d', `sql:${home}`, '--empty-password']);
  fs.writeFileSync(path.join(home, 'root.cer'), authorities.root);
  execFileSync('certutil', [
    '-A',
    '-d',
    `sql:${home}`,
    '-n',
    'root',
    '-t',
    'CT,C,C',
    '-i',
    path.join(home, 'root.cer'),
  ]);
  fs.writeFileSync(path.join(home, 'contract.pdf'), file);
  const text = execFileSync('pdfsig', ['-nssdir', `sql:${home}`, path.join(home, 'contract.pdf')], {
    encoding: 'utf8',
  });
  return {
    valid: text.split('Signature is Valid').length - 1,
    trusted: text.split('Certificate is Trusted').length - 1,
    total: text.includes('Total document signed'),
  };
}
