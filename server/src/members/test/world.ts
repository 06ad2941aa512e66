/** The slice over HTTP on a real database, with a clock that tests turn. */
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { usccCheckCharacter } from '@seam/units';
import {
  type BankAccountInput,
  type OrganisationInput,
  REQUIRED_DOCUMENTS,
  type RegistrationInput,
} from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { buildCore } from '../../core.ts';
import { doWork, dueWork } from '../../platform/outbox.ts';
import { addDocument, decideDocument, declareOwners } from '../dossier/commands.ts';
import { demoPaper } from '../dossier/demo-paper.ts';
import { NOTICE_LETTER } from '../dossier/notices.ts';
import type { Mailer } from '../../mail/public.ts';
import { createStaff } from '../seed.ts';
import { authenticate } from '../sessions.ts';
import { memberRoutes } from '../routes.ts';
import { type CertificationForBank, membersWork } from '../work.ts';

export const PASSWORD = 'seven brown horses';

export type Answer = {
  readonly status: number;
  readonly code: string;
  // Tests look into answers as they are; a wrong shape fails their expectations.
  readonly body: Record<string, any>; // oxlint-disable-line typescript/no-explicit-any
  readonly headers: Record<string, unknown>;
};
export type Ask = {
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly cookie?: string;
  readonly ip?: string;
  readonly headers?: Record<string, string>;
};

export class World {
  readonly db: TestDatabase;
  readonly app: FastifyInstance;
  readonly clock: { now(): Date; turn(ms: number): void };
  /** What the bank was asked. */
  readonly asked: CertificationForBank[] = [];
  /** What the bank does when it is asked; tests make it fail or answer early. */
  bank: (certification: CertificationForBank) => Promise<void> = async () => {};
  /** What the company still has open, by what it is. */
  open: Record<string, number> = {};
  /** What markets and auctions were told. */
  readonly told: { readonly what: string; readonly of: Record<string, unknown> }[] = [];
  #made = 0;
  #second: { id: string; token: string } | undefined;

  private constructor(db: TestDatabase, app: FastifyInstance, clock: World['clock']) {
    this.db = db;
    this.app = app;
    this.clock = clock;
  }

  static async open(options: { publicUrl?: string } = {}): Promise<World> {
    const db = await testDatabase();
    let offsetMs = 0;
    const clock = {
      now: () => new Date(Date.now() + offsetMs),
      turn: (ms: number) => {
        offsetMs += ms;
      },
    };
    const publicUrl = options.publicUrl ?? 'http://seam.test';
    const app = await buildCore({ sql: db.sql, publicUrl, authenticate: authenticate(db.sql, clock) });
    const world = new World(db, app, clock);
    memberRoutes(app, {
      sql: db.sql,
      wake: () => {},
      clock,
      publicUrl,
      openBusiness: async () => world.open,
      canSign: async () => false,
    });
    return world;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.db.close();
  }

  async ask(method: 'GET' | 'POST' | 'PUT', url: string, ask: Ask = {}): Promise<Answer> {
    const answer = await this.app.inject({
      method,
      url,
      remoteAddress: ask.ip ?? '10.0.0.1',
      headers: {
        ...(ask.token ? { authorization: `Bearer ${ask.token}` } : {}),
        ...(ask.cookie ? { cookie: `seam_session=${ask.cookie}` } : {}),
        ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...ask.headers,
      },
      ...(ask.body === undefined
        ? {}
        : { payload: typeof ask.body === 'string' ? ask.body : JSON.stringify(ask.body) }),
    });
    const body = answer.body === '' ? {} : answer.json();
    return { status: answer.statusCode, code: body.code ?? '', body, headers: answer.headers };
  }

  /** A registration that is in order and like no other. */
  registration(
    change: {
      organisation?: Partial<OrganisationInput>;
      bankAccount?: Partial<BankAccountInput>;
      email?: string;
    } = {},
  ): RegistrationInput {
    this.#made += 1;
    const n = String(this.#made).padStart(4, '0');
    const name = `Shanxi Northern Coal ${n} Co., Ltd.`;
    const domain = `north${n}.example`;
    const person = { password: PASSWORD };
    return {
      organisation: {
        name,
        nameZh: `山西北方煤业${n}有限公司`,
        kind: 'producer',
        sells: true,
        buys: false,
        legalId: uscc(this.#made),
        country: 'CN',
        address: `${n} Yingze Street, Taiyuan`,
        contact: { name: 'Li Wei', email: `office@${domain}`, phone: `+86 351 400 ${n}` },
        ...change.organisation,
      },
      bankAccount: {
        holderName: change.organisation?.name ?? name,
        accountNumber: `622202350000${n}`,
        bankCode: '102161000018',
        bankName: 'ICBC Taiyuan',
        currency: 'CNY',
        ...change.bankAccount,
      },
      admin: { ...person, name: 'Li Wei', email: change.email ?? `admin@${domain}` },
      people: [
        { ...person, name: 'Wang Fang', email: `trade@${domain}`, roles: ['trader'] },
        { ...person, name: 'Zhao Min', email: `sign@${domain}`, roles: ['signatory', 'finance'] },
      ],
    };
  }

  async register(
    input: RegistrationInput = this.registration(),
  ): Promise<{ id: string; input: RegistrationInput }> {
    const answer = await this.ask('POST', '/v1/registrations', {
      body: input,
      ip: `10.9.0.${this.#made % 250}`,
    });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return { id: answer.body['organisationId'], input };
  }

  async token(email: string, password: string = PASSWORD): Promise<string> {
    const answer = await this.ask('POST', '/v1/login', { body: { email, password, token: true } });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body['token'];
  }

  async staff(email = 'centre@seam.example'): Promise<{ id: string; token: string }> {
    const id = await createStaff(this.db.sql, { name: 'Chen Jie', email, password: PASSWORD });
    return { id, token: await this.token(email) };
  }

  /** What one person of the centre does; for what takes two, the proposal. */
  async propose(token: string, id: string, decision: string, reason = 'looked at it'): Promise<Answer> {
    return this.ask('POST', `/v1/staff/certifications/${id}/decision`, { token, body: { decision, reason } });
  }

  /** Decides with the agreement of a second person, who is there when it takes one. */
  async decide(token: string, id: string, decision: string, reason = 'looked at it'): Promise<Answer> {
    if (decision === 'certify') await this.dossier(id);
    const proposed = await this.propose(token, id, decision, reason);
    if (proposed.status !== 200) return proposed;
    const proposal = await this.proposalOf(id, decision);
    if (!proposal) return proposed;
    const approved = await this.approve((await this.second()).token, proposal);
    if (approved.status !== 200) return approved;
    return this.ask('GET', `/v1/staff/certifications/${id}`, { token });
  }

  async second(): Promise<{ id: string; token: string }> {
    this.#second ??= await this.staff('second@seam.example');
    return this.#second;
  }

  /** The open proposal about a company. */
  async proposalOf(id: string, kind: string): Promise<string | undefined> {
    const [row] = await this.db.sql<{ id: string }[]>`select id from party_proposal
      where organisation_id = ${id} and kind = ${kind} and state = 'open'`;
    return row?.id;
  }

  async approve(token: string, proposal: string, headers: Record<string, string> = {}): Promise<Answer> {
    const body = { reason: 'seen too' };
    return this.ask('POST', `/v1/staff/proposals/${proposal}/approval`, { token, body, headers });
  }

  /** Everything that certification needs, handed in and accepted; what is there already stays. */
  async dossier(id: string): Promise<void> {
    const { sql } = this.db;
    const [row] = await sql<{ person: string }[]>`select p.id as person from organisation o join person p
      on p.organisation_id = o.id and 'admin' = any(p.roles) where o.id = ${id}
       and not exists (select 1 from party_declaration d where d.organisation_id = o.id) limit 1`;
    if (!row) return;
    const staff = await this.second();
    await sql.begin(async (tx) => {
      const now = this.clock.now();
      const by = { organisationId: id, personId: row.person, now };
      const declared = {
        representative: { name: 'Li Wei', identityNumber: `ID ${id}` },
        owners: [{ name: `Owner of ${id}`, country: 'CN', shareBasisPoints: 10_000 }],
        related: [],
      };
      await declareOwners(tx, declared, by);
      for (const kind of REQUIRED_DOCUMENTS) {
        const paper = { kind, number: '1', issuedOn: '2024-01-01', fileName: 'a.pdf', file: '' };
        const checked = { bytes: demoPaper(`${kind} ${id}`), type: 'application/pdf' };
        const added = await addDocument(tx, paper, checked, by);
        if ('refused' in added) throw new Error(added.refused);
        await decideDocument(tx, { ...by, personId: staff.id, documentId: added.id, accept: true });
      }
    });
  }

  /** What carries letters; without one none is sent. */
  mailer: Mailer | undefined;

  /** Does what is due, once. @returns how it ended, letters left out. */
  async work(): Promise<string[]> {
    const submitCertification = async (certification: CertificationForBank) => {
      this.asked.push(certification);
      await this.bank(certification);
    };
    const tell = (what: string) => async (of: Record<string, unknown>) => {
      this.told.push({ what, of });
    };
    const handlers = membersWork({
      sql: this.db.sql,
      clock: this.clock,
      submitCertification,
      signAssertion: async (payload) => ({
        signature: Buffer.from(`signed ${payload.length}`),
        certificate: Buffer.from('certificate'),
      }),
      markets: { stop: tell('stop'), resume: tell('resume'), regroup: tell('regroup') },
      mailer: this.mailer,
      publicUrl: 'http://seam.test',
    });
    const byTopic = new Map(handlers.map((handler) => [handler.topic, handler]));
    const results: string[] = [];
    for (const id of await dueWork(this.db.sql, 100)) {
      const [row] = await this.db.sql<{ topic: string }[]>`select topic from outbox where id = ${id}`;
      const result = await doWork(this.db.sql, byTopic, id);
      if (row?.topic !== NOTICE_LETTER) results.push(result);
    }
    return results;
  }

  /** How many statements wait for a lock of another transaction. */
  async waiting(): Promise<number> {
    const rows = await this.db.sql`select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    return rows.length;
  }

  /** Lets failed work be due again now. */
  async retryNow(): Promise<void> {
    await this.db.sql`update outbox set not_before = now() where done_at is null`;
  }
}

export function uscc(n: number): string {
  const body = `9114010000${String(n).padStart(7, '0')}`;
  return body + usccCheckCharacter(body);
}
