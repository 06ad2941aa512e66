/** The authority's routes on a real port, with two companies, two of staff, and a clock that can be turned. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CENTRE_ROLES, certificateRoutes as r } from '@seam/protocol';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import type { FastifyInstance } from 'fastify';
import { buildCore } from '../../../core.ts';
import type { Principal } from '../../../platform/principal.ts';
import { freePort } from '../../../platform/port.ts';
import type { ContractPorts } from '../../ports.ts';
import { type Authorities, openAuthorities } from '../authorities.ts';
import { type KeyVault, openKeyVault } from '../key-vault.ts';
import { pkiRoutes } from '../routes.ts';

export const COMPANIES = {
  mine: { name: '山西示范煤业有限公司', country: 'CN', legalIdKind: 'uscc', legalId: '91140100MA0KX7T2C2' },
  port: { name: 'Harbour Power BV', country: 'NL', legalIdKind: 'lei', legalId: '529900T8BM49AURSDO55' },
  /** A record that nobody could have certified: the check character does not fit. */
  slip: { name: 'Slip Coal Co', country: 'CN', legalIdKind: 'uscc', legalId: '91140100MA0KX7T2C3' },
} as const;
export const PEOPLE = {
  wang: { name: '王伟', company: 'mine' },
  zhao: { name: '赵敏', company: 'mine' },
  anna: { name: 'Anna de Vries', company: 'port' },
  sam: { name: 'Sam Slip', company: 'slip' },
  /** Has a login, but the members slice knows no certified record of it. */
  ghost: { name: 'Ghost', company: 'gone' },
  chen: { name: '陈静', company: '' },
  zhou: { name: '周立', company: '' },
} as const;
export type Who = keyof typeof PEOPLE;

const tokenOf = (who: Who): string => who.padEnd(43, 'x');

function principal(who: Who): Principal {
  const { name, company } = PEOPLE[who];
  return {
    personId: who,
    personName: name,
    organisationId: company,
    organisationStatus: 'active',
    roles: company === '' ? [] : ['signatory'],
    staff: company === '',
    centreRoles: company === '' ? CENTRE_ROLES : [],
    robot: false,
    loginSessionId: who,
  };
}

const certifiedPersonOf: ContractPorts['certifiedPersonOf'] = async (_connection, personId) => {
  const person = PEOPLE[personId as Who];
  const company = COMPANIES[person?.company as keyof typeof COMPANIES];
  if (!company) return undefined;
  const { name, ...record } = company;
  return {
    ...record,
    organisationId: person.company,
    organisationName: name,
    personName: person.name,
    active: true,
  };
};

const unused = async (): Promise<never> => {
  throw new Error('certificates do not ask for this');
};
const ports: ContractPorts = {
  partyOf: unused,
  goodsOf: unused,
  feesOf: unused,
  certifiedPersonOf,
  namesOf: async (_connection, ids) =>
    new Map(
      ids.flatMap((id) =>
        id in COMPANIES
          ? [[id, { name: COMPANIES[id as keyof typeof COMPANIES].name, nameZh: null }] as const]
          : [],
      ),
    ),
  personNamesOf: async (_connection, ids) =>
    new Map(ids.flatMap((id) => (id in PEOPLE ? [[id, PEOPLE[id as Who].name] as const] : []))),
};

/** Whatever was answered: a test names the fields it looks at. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;
export type Answer = { readonly status: number; readonly json: Json; readonly bytes: Buffer };

export type RunningPki = {
  readonly db: TestDatabase;
  readonly url: string;
  readonly authorities: Authorities;
  readonly vault: KeyVault;
  /** A directory of the test's own, removed at the end. */
  readonly scratch: string;
  /** What the clock says; null: the true time. */
  time: Date | null;
  call(who: Who | null, method: 'GET' | 'POST', url: string, body?: object): Promise<Answer>;
  /** Writes a file for a program. @returns its path. */
  file(name: string, content: Uint8Array | string): string;
  openssl(...args: string[]): Promise<{ code: number; output: string }>;
  /** A key and a PKCS#10 request by openssl. @returns the request's DER; the key lies beside, `<name>.key`. */
  csr(name: string, ...options: string[]): Promise<Buffer>;
  /** Asks, approves, issues. @returns the view of the new certificate. */
  certificateFor(who: Who, csr: Buffer, more?: object): Promise<Json>;
  /** One of staff approves a request, the other issues. @returns the last answer. */
  standBehind(requestId: string): Promise<Answer>;
  close(): Promise<void>;
};

export async function runPki(): Promise<RunningPki> {
  const db = await testDatabase();
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-pki-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const vault = openKeyVault({ directory: scratch });
  const authorities = await openAuthorities(db.sql, vault, scratch, Date.now(), url);
  const app = await buildCore({
    sql: db.sql,
    publicUrl: url,
    authenticate: async (token) => {
      const who = (Object.keys(PEOPLE) as Who[]).find((one) => tokenOf(one) === token);
      return who ? principal(who) : null;
    },
  });
  const pki = { time: null as Date | null };
  pkiRoutes(app, {
    sql: db.sql,
    wake: () => {},
    authorities,
    ports,
    clock: { now: () => pki.time ?? new Date() },
  });
  await app.listen({ host: '127.0.0.1', port: Number(new URL(url).port) });
  return Object.assign(pki, { db, url, authorities, vault, scratch }, doings(app, db, url, scratch));
}

function doings(app: FastifyInstance, db: TestDatabase, url: string, scratch: string) {
  const file = (name: string, content: Uint8Array | string): string => {
    fs.writeFileSync(path.join(scratch, name), content);
    return path.join(scratch, name);
  };
  const call: RunningPki['call'] = async (who, method, to, body) => {
    const answer = await fetch(url + to, {
      method,
      headers: {
        ...(who ? { authorization: `Bearer ${tokenOf(who)}` } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const json = answer.headers.get('content-type')?.includes('json') ? JSON.parse(bytes.toString()) : null;
    return { status: answer.status, json, bytes };
  };
  const openssl: RunningPki['openssl'] = async (...args) =>
    new Promise((resolve, reject) => {
      execFile('openssl', args, { cwd: scratch }, (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') reject(error);
        else resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
      });
    });
  const csr: RunningPki['csr'] = async (name, ...options) => {
    const key = options.length > 0 ? options : P256;
    const args = ['-nodes', '-keyout', `${name}.key`, '-subj', '/C=ZZ/O=Somebody Else/CN=Mallory'];
    const made = await openssl(
      'req',
      '-new',
      '-newkey',
      ...key,
      ...args,
      '-outform',
      'DER',
      '-out',
      `${name}.csr`,
    );
    if (made.code !== 0) throw new Error(made.output);
    return fs.readFileSync(path.join(scratch, `${name}.csr`));
  };
  const standBehind: RunningPki['standBehind'] = async (requestId) => {
    const decision = r.decideCertificateRequest.url.replace(':id', requestId);
    const approved = await call('chen', 'POST', decision, { decision: 'approve' });
    if (approved.status !== 200) return approved;
    return call('zhou', 'POST', decision, { decision: 'issue' });
  };
  const certificateFor: RunningPki['certificateFor'] = async (who, request, more = {}) => {
    const asked = await call(who, 'POST', r.requestCertificate.url, {
      csr: request.toString('base64'),
      deviceLabel: 'Laptop',
      ...more,
    });
    if (asked.status !== 201) throw new Error(JSON.stringify(asked.json));
    const issued = await standBehind(asked.json.id);
    if (issued.status !== 200) throw new Error(JSON.stringify(issued.json));
    const { certificates } = (await call(who, 'GET', r.myCertificates.url)).json;
    return certificates.find((one: { spkiSha256: string }) => one.spkiSha256 === asked.json.spkiSha256);
  };
  const close = async (): Promise<void> => {
    await app.close();
    await db.close();
    fs.rmSync(scratch, { recursive: true, force: true });
  };
  return { file, call, openssl, csr, standBehind, certificateFor, close };
}

export const P256 = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
