/**
 * Who may call what, asked of the whole app: every route of the table with every kind of caller, each with a
 * login of its own, so that a call that is let through (a logout, say) does not disturb the next.
 */
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type CentreRole, ROUTES, type Role, type Route, whoMayCall } from '@seam/protocol';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import * as fc from 'fast-check';
import Fastify, { type FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../src/app.ts';
import { buildDeps } from '../src/deps.ts';

type Caller = {
  readonly role?: Role;
  readonly company?: 'active' | 'waiting';
  readonly staff?: boolean;
  readonly office?: CentreRole;
};
const CALLERS = {
  anonymous: {},
  viewer: { company: 'active', role: 'viewer' },
  trader: { company: 'active', role: 'trader' },
  finance: { company: 'active', role: 'finance' },
  signatory: { company: 'active', role: 'signatory' },
  dispatcher: { company: 'active', role: 'dispatcher' },
  approver: { company: 'active', role: 'approver' },
  'quality officer': { company: 'active', role: 'quality_officer' },
  'legal representative': { company: 'active', role: 'legal_representative' },
  admin: { company: 'active', role: 'admin' },
  'admin of a company that waits': { company: 'waiting', role: 'admin' },
  'trader of a company that waits': { company: 'waiting', role: 'trader' },
  operator: { staff: true, office: 'operator_admin' },
  supervisor: { staff: true, office: 'supervisor' },
  'risk officer': { staff: true, office: 'risk_officer' },
  auditor: { staff: true, office: 'auditor' },
  support: { staff: true, office: 'support' },
} as const satisfies Record<string, Caller>;
type CallerName = keyof typeof CALLERS;

/** What the table says, read once more and not by the code that enforces it. */
function expected(route: Route, caller: Caller): 401 | 403 | 'let through' {
  const { access } = route;
  if (access === 'public' || access === 'device') return 'let through';
  const signedIn = caller.staff === true || caller.company !== undefined;
  if (!signedIn) return 401;
  if (access === 'signed_in') return 'let through';
  // The table in words; that an auditor writes nowhere is said once more below.
  const word = new RegExp(String.raw`\b(${caller.role ?? caller.office})\b`);
  if (access === 'staff') return caller.staff && word.test(whoMayCall(route)) ? 'let through' : 403;
  const member = caller.company !== undefined;
  const mayByRole = access === 'member' || word.test(whoMayCall(route));
  const mayByStatus = !route.activeOnly || caller.company === 'active';
  return member && mayByRole && mayByStatus ? 'let through' : 403;
}

const REFUSALS = ['auth.required', 'auth.forbidden', 'organisation.not_active'];

let db: TestDatabase;
let app: FastifyInstance;
let scratch: string;
beforeAll(async () => {
  db = await testDatabase();
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-access-'));
  const deps = await buildDeps({
    config: { publicUrl: 'http://seam.test', dataDir: scratch, pkiKey: undefined, demo: false },
    sql: db.sql,
    databaseUrl: db.url,
    bankUrl: 'http://127.0.0.1:1',
    bankSecret: 'a-shared-secret-of-enough-bytes',
    log: Fastify().log,
  });
  app = await buildApp(deps);
  await app.ready();
  await addPeople();
});
afterAll(async () => {
  await app.close();
  await db.close();
  fs.rmSync(scratch, { recursive: true, force: true });
});

async function addPeople(): Promise<void> {
  for (const [id, status, legalId] of [
    ['active', 'active', '91140100MA0KX7T2C2'],
    ['waiting', 'under_review', '91140100MA0KX7T2C3'],
  ] as const) {
    await db.sql`insert into organisation (id, name, kind, sells, buys, legal_id_kind, legal_id, country, address,
        contact_name, contact_email, contact_phone, status, status_since, created_at, active_at)
      values (${id}, ${id}, 'trader', true, true, 'uscc', ${legalId}, 'CN', 'a', 'c', 'e', 'p', ${status}, now(), now(),
        ${status === 'active' ? new Date() : null})`;
  }
  for (const [name, caller] of Object.entries(CALLERS) as [CallerName, Caller][]) {
    if (name === 'anonymous') continue;
    await db.sql`insert into person (id, organisation_id, staff, name, email, roles, centre_roles, password_hash, created_at)
      values (${name}, ${caller.company ?? null}, ${caller.staff ?? false}, ${name},
        ${`${name.replaceAll(' ', '.')}@seam.test`}, ${caller.role ? [caller.role] : []},
        ${caller.office ? [caller.office] : []}, '$argon2id$none', now())`;
  }
}

async function logIn(name: CallerName): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.sql`insert into login_session (id, token_sha256, person_id, created_at, expires_at, ends_at, ip)
    values (${token}, ${createHash('sha256').update(token).digest()}, ${name}, now(), now() + '1 hour',
      now() + '1 day', '127.0.0.1')`;
  return token;
}

/** The least input that the schemas take: only then is it the access that refuses. */
async function callAs(name: CallerName, route: Route): Promise<{ status: number; code: string | undefined }> {
  const params = (route.params ? sample(route.params) : {}) as Record<string, string>;
  const url = route.url.replace(/:(\w+)/g, (_text, key: string) => encodeURIComponent(params[key] ?? ''));
  const query = route.query
    ? new URLSearchParams(sample(route.query) as Record<string, string>).toString()
    : '';
  const answer = await app.inject({
    method: route.method,
    url: query ? `${url}?${query}` : url,
    // Each caller from an own address: together they ask more than one may in a minute.
    remoteAddress: `10.0.0.${Object.keys(CALLERS).indexOf(name) + 1}`,
    headers: name === 'anonymous' ? {} : { authorization: `Bearer ${await logIn(name)}` },
    ...(route.body ? { payload: sample(route.body) as object } : {}),
  });
  const json = answer.headers['content-type']?.includes('json') === true;
  return { status: answer.statusCode, code: json ? answer.json()?.code : undefined };
}

/** Of each schema a value, without what is optional. */
function sample(schema: TSchema): unknown {
  const of = schema as Record<string, never> & {
    type?: string;
    properties?: Record<string, TSchema>;
    required?: string[];
    anyOf?: TSchema[];
    enum?: unknown[];
    items?: TSchema;
    pattern?: string;
    minLength?: number;
    maxLength?: number;
    minItems?: number;
    minimum?: number;
  };
  if ('const' in of) return of['const'];
  if (of.enum) return of.enum[0];
  if (of.anyOf) return sample(of.anyOf[0]!);
  switch (of.type) {
    case 'object':
      return Object.fromEntries((of.required ?? []).map((key) => [key, sample(of.properties![key]!)]));
    case 'array':
      return Array.from({ length: of.minItems ?? 0 }, () => sample(of.items!));
    case 'string':
      return of.pattern === undefined ? 'x'.repeat(of.minLength ?? 1) : matching(of.pattern, of);
    case 'integer':
    case 'number':
      return of.minimum ?? 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      throw new Error(`no sample of ${JSON.stringify(schema)}`);
  }
}

function matching(pattern: string, of: { minLength?: number; maxLength?: number }): string {
  const fits = fc
    .stringMatching(new RegExp(pattern, 'u'))
    .filter((text) => text.length >= (of.minLength ?? 0) && text.length <= (of.maxLength ?? Infinity));
  return fc.sample(fits, { numRuns: 1, seed: 1 })[0]!;
}

const routes = Object.entries(ROUTES) as [string, Route][];

describe.each(routes)('%s', (_name, route) => {
  it.each(Object.keys(CALLERS) as CallerName[])('%s', async (name) => {
    const wanted = expected(route, CALLERS[name]);
    const { status, code } = await callAs(name, route);
    if (wanted === 'let through') {
      expect(REFUSALS).not.toContain(code);
      expect(status).not.toBe(400);
      expect(code).not.toBe('resource.route_not_found');
    } else {
      expect({ status, refused: REFUSALS.includes(code ?? '') }).toEqual({ status: wanted, refused: true });
    }
  });
});

describe('the table', () => {
  it('says who may call what', () => {
    const lines = routes.map(([name, route]) => `${name.padEnd(28)} ${whoMayCall(route)}`);
    expect(lines.toSorted().join('\n')).toMatchSnapshot();
  });

  it('lets an auditor read all that the centre reads and write nowhere', () => {
    for (const [name, route] of routes) {
      if (route.access !== 'staff') continue;
      expect([name, whoMayCall(route).includes('auditor')]).toEqual([name, route.method === 'GET']);
    }
  });

  it('has every route registered', () => {
    const missing = routes.filter(([, { method, url }]) => !app.hasRoute({ method, url }));
    expect(missing.map(([name]) => name)).toEqual([]);
  });

  it('keeps what is under /staff for staff, and staff’s under /staff', () => {
    for (const [name, { url, access }] of routes)
      expect([name, access === 'staff']).toEqual([name, url.startsWith('/v1/staff/')]);
  });

  it('names every write by role for which the company need not be active: none begins a trade', () => {
    const free = routes.filter(([, { method, access, activeOnly }]) => {
      return method !== 'GET' && typeof access === 'object' && !activeOnly;
    });
    expect(free.map(([name]) => name).toSorted()).toMatchInlineSnapshot(`
      [
        "addCertificate",
        "addListingDocument",
        "addPartyDocument",
        "addPerson",
        "approveCompanyProposal",
        "attachToNegotiation",
        "cancelPool",
        "cancelTransport",
        "changeBankAccount",
        "changePerson",
        "checkPass",
        "closeRequest",
        "completeDelivery",
        "createPlace",
        "declareOwners",
        "declineAward",
        "declineInvitation",
        "declineResponse",
        "declineSigning",
        "endEvidence",
        "endJourney",
        "endNegotiation",
        "fileComplaint",
        "fileInDispute",
        "leavePool",
        "movePass",
        "previewOffer",
        "rate",
        "refuseCompanyProposal",
        "rejectOffer",
        "releaseExposure",
        "releaseRoom",
        "replyToRating",
        "resubmit",
        "revokeCertificate",
        "revokeDevice",
        "sayInNegotiation",
        "shortlistResponse",
        "stateInDispute",
        "submitCompany",
        "withdrawBuyListing",
        "withdrawDispute",
        "withdrawLifting",
        "withdrawListing",
        "withdrawOffer",
        "withdrawProposal",
        "withdrawQuote",
        "withdrawResponse",
        "withdrawWaiting",
      ]
    `);
  });

  it('lets strangers write only here', () => {
    const open = routes.filter(([, { method, access }]) => method !== 'GET' && access === 'public');
    expect(open.map(([name]) => name).toSorted()).toMatchInlineSnapshot(`
      [
        "askOcsp",
        "askTimestamp",
        "closeDemoBankDay",
        "login",
        "openDemoBankAccount",
        "payFromDemoBank",
        "register",
        "stopSearchMail",
        "stopSearchMailOnce",
        "switchRobots",
      ]
    `);
  });
});
