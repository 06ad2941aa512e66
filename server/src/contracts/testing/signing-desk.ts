/**
 * Signing over HTTP on a real database, for tests: the slice's own routes, its press, its authorities, people
 * with passwords and keys. The timestamp authority can be sent away and called back.
 */
import { CENTRE_ROLES } from '@seam/protocol';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  type Signer,
  generatePrivateKey,
  readCertificate,
  signedAttributes,
  signerFromPkcs8,
} from '@seam/esign';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import type { FastifyInstance } from 'fastify';
import { buildCore } from '../../core.ts';
import { stepUpRoutes } from '../../members/public.ts';
import { hashPassword } from '../../members/passwords.ts';
import { Fault } from '../../platform/fault.ts';
import { type WorkHandler, doWork, dueWork } from '../../platform/outbox.ts';
import type { Principal } from '../../platform/principal.ts';
import { journalEntryOf, signerProof } from '../../ports.ts';
import { settlementStage } from '../../settlement/public.ts';
import { appendToLog } from '../pki/certificate-log.ts';
import { ownTimestampAuthority } from '../pki/timestamps.ts';
import {
  type Authorities,
  type ContractPorts,
  type NewSale,
  type Press,
  contractRoutes,
  contractWork,
  createSale,
  openAuthorities,
  openContractFiles,
  openKeyVault,
  openPress,
  ownCertificateAuthority,
} from '../public.ts';
import type { SettlementStage } from '../negotiation/ground.ts';
import type { SealingDeps } from '../signing/deps.ts';
import { companies } from './companies.ts';

export const PASSWORD = 'seven brown horses';
export const PUBLIC_URL = 'http://seam.test';

export type Who = 'seller' | 'buyer' | 'stranger' | 'staff' | 'colleague';
export type Side = 'seller' | 'buyer';
export type Holder = {
  readonly signer: Signer;
  readonly certificate: Uint8Array;
  readonly serial: string;
};
export type Answer = { status: number; code: string | undefined; body: any; raw: Buffer }; // oxlint-disable-line typescript/no-explicit-any
export type Session = {
  id: string;
  digest: string;
  passkey: { challenge: string; rpId: string; credentialIds: string[] } | null;
};

let hashed: Promise<string> | undefined;

export class SigningDesk {
  readonly #db: TestDatabase;
  readonly app: FastifyInstance;
  readonly deps: SealingDeps;
  readonly press: Press;
  readonly authorities: Authorities;
  readonly #authority: ReturnType<typeof ownCertificateAuthority>;
  readonly #handlers: Map<string, WorkHandler>;
  readonly #scratch: string;
  readonly clock: { now(): Date; turn(ms: number): void };
  /** Set to send the timestamp authority away; called at each of its stamps. */
  beforeStamp: (() => Promise<void> | void) | undefined;
  #made = 0;

  private constructor(of: {
    db: TestDatabase;
    app: FastifyInstance;
    deps: SealingDeps;
    authorities: Authorities;
    authority: ReturnType<typeof ownCertificateAuthority>;
    handlers: Map<string, WorkHandler>;
    scratch: string;
    clock: SigningDesk['clock'];
  }) {
    this.#db = of.db;
    this.app = of.app;
    this.deps = of.deps;
    this.press = of.deps.press;
    this.authorities = of.authorities;
    this.#authority = of.authority;
    this.#handlers = of.handlers;
    this.#scratch = of.scratch;
    this.clock = of.clock;
  }

  static async open(
    options: {
      publicUrl?: string;
      change?: (deps: SealingDeps) => SealingDeps;
      ports?: Partial<ContractPorts>;
      /** Where settlement stands: as it says, unless a test says it. */
      stageOf?: SettlementStage;
      /** Its own, unless another is brought; closed with the desk. */
      db?: TestDatabase;
    } = {},
  ): Promise<SigningDesk> {
    const db = options.db ?? (await testDatabase());
    const { sql } = db;
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-signing-'));
    let offsetMs = 0;
    const clock = {
      now: () => new Date(Date.now() + offsetMs),
      turn: (ms: number) => {
        offsetMs += ms;
      },
    };
    const publicUrl = options.publicUrl ?? PUBLIC_URL;
    const authorities = await openAuthorities(
      sql,
      openKeyVault({ directory: scratch }),
      scratch,
      Date.now(),
      publicUrl,
    );
    const authority = ownCertificateAuthority(sql, authorities);
    const tsa = ownTimestampAuthority({ sql, authorities, clock });
    const own: SealingDeps = {
      sql,
      clock,
      press: openPress({ threads: 1, databaseUrl: db.url }),
      files: openContractFiles({ databaseUrl: db.url }),
      authority,
      revocation: authority,
      tsa: {
        async stamp(imprint) {
          await desk.beforeStamp?.();
          return tsa.stamp(imprint);
        },
      },
      centre: { certificate: authorities.centre.certificate, sign: authorities.centre.signer.sign },
    };
    const deps = options.change?.(own) ?? own;
    const app = await buildCore({
      sql,
      publicUrl,
      authenticate: async (token) => principals[token] ?? null,
      requestsPerMinute: 100_000,
    });
    const ports = { ...companies, ...options.ports };
    const http = { sql, wake: () => {}, clock };
    contractRoutes(app, { ...http, ...deps, authorities, ports, proof: signerProof(publicUrl) });
    stepUpRoutes(app, { ...http, publicUrl });
    const work = contractWork({
      ...deps,
      ports,
      publicUrl,
      journalEntryOf,
      stageOf: options.stageOf ?? settlementStage,
    });
    // What others do with a contract that binds or is void is their business.
    const others = [
      'settlement.open',
      'contracts.voided',
      'auctions.contract_ended',
      'auctions.sign_due',
    ].map((topic) => ({ topic, write: async () => {} }));
    const handlers = new Map([...work, ...others].map((handler) => [handler.topic, handler]));
    const desk = new SigningDesk({ db, app, deps, authorities, authority, handlers, scratch, clock });
    await desk.#addPeople();
    return desk;
  }

  get sql(): TestDatabase['sql'] {
    return this.#db.sql;
  }
  get url(): string {
    return this.#db.url;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.press.close();
    await this.deps.files.close();
    await this.#db.close();
    fs.rmSync(this.#scratch, { recursive: true, force: true });
  }

  async #addPeople(): Promise<void> {
    hashed ??= hashPassword(PASSWORD);
    const hash = await hashed;
    for (const [index, side] of (['seller', 'buyer', 'stranger'] as const).entries()) {
      await this
        .sql`insert into organisation (id, name, kind, sells, buys, legal_id_kind, legal_id, country, address,
          contact_name, contact_email, contact_phone, status, status_since, created_at)
        values (${side}, ${side}, 'trader', true, true, 'uscc', ${`91140100MA0KX7T2C${index}`}, 'CN', 'a', 'c', 'e',
          'p', 'under_review', now(), now())`;
    }
    for (const who of Object.values(principals)) {
      await this
        .sql`insert into person (id, organisation_id, staff, name, email, roles, password_hash, created_at)
        values (${who.personId}, ${who.staff ? null : who.organisationId}, ${who.staff}, ${who.personName},
          ${`${who.personId}@seam.test`}, ${who.staff ? [] : ['signatory']}, ${hash}, now())`;
    }
  }

  async call(
    as: Who,
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    payload?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await this.app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${tokenOf(as)}`, ...headers },
      ...(payload ? { payload } : {}),
    });
    const isJson = String(answer.headers['content-type']).includes('json');
    const body = isJson ? answer.json() : undefined;
    return { status: answer.statusCode, code: body?.code, body, raw: answer.rawPayload };
  }

  /** Does what is due; `all`, also what waits for its time. */
  async work(options: { all?: boolean } = {}): Promise<string[]> {
    if (options.all) await this.sql`update outbox set not_before = now() where done_at is null`;
    const results: string[] = [];
    for (const id of await dueWork(this.sql, 50)) results.push(await doWork(this.sql, this.#handlers, id));
    return results;
  }

  /** Work until nothing is due: as the running exchange would, without its waiting. */
  async settle(): Promise<void> {
    while ((await this.work()).length > 0);
  }

  async prove(side: Who): Promise<Answer> {
    return this.call(side, 'POST', '/v1/session/step-up', { password: PASSWORD });
  }

  /** A key of this side, with its certificate from the exchange's authority. */
  async certify(side: Side, change: { notBefore?: number; notAfter?: number } = {}): Promise<Holder> {
    const signer = signerFromPkcs8(await generatePrivateKey('p-256'));
    const at = this.clock.now().getTime();
    const person = (await companies.certifiedPersonOf(this.sql, `${side}-person`))!;
    const certificate = await this.#authority.issue({
      subject: {
        country: person.country,
        organization: person.organisationName,
        organizationIdentifier: `${person.legalIdKind === 'uscc' ? 'NTRCN' : 'LEIXG'}-${person.legalId}`,
        person: person.personName,
      },
      spki: signer.spki,
      notBefore: change.notBefore ?? at - 60_000,
      notAfter: change.notAfter ?? at + 365 * 24 * 3600_000,
    });
    const read = readCertificate(certificate);
    const spki = createHash('sha256').update(signer.spki).digest('hex');
    await this.sql.begin(async (tx) => {
      await tx`insert into certificate (serial, organisation_id, person_id, device_label, der, spki_sha256,
          not_before, not_after)
        values (${read.serialHex}, ${side}, ${`${side}-person`}, 'Laptop', ${certificate}, ${spki},
          ${new Date(read.notBefore)}, ${new Date(read.notAfter)})`;
      await appendToLog(tx, { serial: read.serialHex, der: certificate, holder: side });
    });
    return { signer, certificate, serial: read.serialHex };
  }

  async revoke(holder: Holder): Promise<void> {
    await this.sql`insert into certificate_revocation (serial, reason, requested_by, at)
      values (${holder.serial}, 'key_compromise', 'seller-person', ${this.clock.now()})`;
  }

  /** A contract between seller and buyer, with its document. */
  async newContract(more: Partial<NewSale> = {}): Promise<string> {
    this.#made += 1;
    const sale: NewSale = {
      originKey: `test:${this.#made}`,
      originKind: 'listing',
      originId: 'l1',
      listingId: 'l1',
      sellerId: 'seller',
      buyerId: 'buyer',
      quantityKg: 5_000_000n,
      pricePerTonne: 61_250n,
      currency: 'CNY',
      ...more,
    };
    const { contractId } = await this.sql.begin(async (tx) => createSale(tx, sale));
    await this.settle();
    return contractId;
  }

  async openSession(side: Side, contractId: string, holder: Holder, more: object = {}): Promise<Answer> {
    return this.call(side, 'POST', `/v1/contracts/${contractId}/signing-sessions`, {
      certificateSerial: holder.serial,
      ...more,
    });
  }

  /** Proves the person, opens a session, and signs what it is over. Hands nothing in. */
  async sign(
    side: Side,
    contractId: string,
    holder: Holder,
    more: object = {},
  ): Promise<{ session: Session; signature: string }> {
    await this.prove(side);
    const opened = await this.openSession(side, contractId, holder, more);
    if (opened.status !== 201) throw new Error(JSON.stringify(opened.body));
    const session = opened.body as Session;
    return { session, signature: await signatureOver(session, holder) };
  }

  async hand(side: Side, sessionId: string, signature: string, more: object = {}): Promise<Answer> {
    return this.call(side, 'POST', `/v1/signing-sessions/${sessionId}/signature`, { signature, ...more });
  }

  /** The whole signature of one side. */
  async signed(side: Side, contractId: string, holder: Holder): Promise<Answer> {
    const { session, signature } = await this.sign(side, contractId, holder);
    return this.hand(side, session.id, signature);
  }

  /** Signed by both and bound. */
  async bound(): Promise<string> {
    const [seller, buyer] = [await this.certify('seller'), await this.certify('buyer')];
    const contractId = await this.newContract();
    for (const [side, holder] of [
      ['seller', seller],
      ['buyer', buyer],
    ] as const) {
      const done = await this.signed(side, contractId, holder);
      if (done.status !== 200) throw new Error(JSON.stringify(done.body));
    }
    await this.settle();
    return contractId;
  }

  async view(contractId: string, as: Who = 'seller'): Promise<Answer['body']> {
    return (await this.call(as, 'GET', `/v1/contracts/${contractId}`)).body;
  }

  async revisions(contractId: string): Promise<number> {
    return (await this.sql`select n from contract_revision where contract_id = ${contractId}`).length;
  }
}

export async function signatureOver(session: Session, holder: Holder): Promise<string> {
  const attributes = await signedAttributes(
    new Uint8Array(Buffer.from(session.digest, 'hex')),
    holder.certificate,
  );
  return Buffer.from(await holder.signer.sign(attributes)).toString('base64');
}

/** As the timestamp authority's absence is told. */
export function away(): never {
  throw new Fault('contract.timestamp_unavailable', 'the timestamp authority does not answer', {
    retryAfterMs: 5_000,
  });
}

const tokenOf = (who: Who): string => who.padEnd(43, '-');
const principals: Record<string, Principal> = Object.fromEntries(
  (['seller', 'buyer', 'stranger', 'staff', 'colleague'] as const).map((who) => {
    const staff = who === 'staff' || who === 'colleague';
    return [
      tokenOf(who),
      {
        personId: `${who}-person`,
        personName: who === 'seller' ? '王伟' : who === 'buyer' ? 'Anna de Vries' : `A ${who}`,
        organisationId: staff ? '' : who,
        organisationStatus: 'active',
        roles: staff ? [] : ['signatory'],
        staff,
        centreRoles: staff ? CENTRE_ROLES : [],
        robot: false,
        loginSessionId: who,
      } satisfies Principal,
    ];
  }),
);
