/** Contracts as issuing and signing leave them, without the signing, and the routes of their terms. */
import { CENTRE_ROLES } from '@seam/protocol';
import type { ContractTermsView, ProposalView } from '@seam/protocol';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import type { FastifyInstance } from 'fastify';
import { buildCore } from '../../core.ts';
import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { renderTerms } from '../document.ts';
import { type ContractFiles, openContractFiles } from '../files/files.ts';
import type { ContractPorts } from '../ports.ts';
import { type ChosenTerms, type LibraryTerms, contractTerms } from '../terms.ts';
import { SAMPLE_AWARDS } from '../templates/testing/sample-awards.ts';
import type { SettlementStage } from './ground.ts';
import { contractTermsRoutes } from './routes.ts';
import { sha256 } from './rows.ts';

export type Who = 'seller' | 'buyer' | 'staff' | 'stranger';
export type Answer<T = ContractTermsView> = {
  readonly status: number;
  readonly body: T & { code?: string; fields?: Record<string, string> };
};

const principal = (who: Who): Principal => ({
  personId: `${who}-person`,
  personName: `Person of ${who}`,
  organisationId: who === 'staff' ? '' : who,
  organisationStatus: 'active',
  roles: ['signatory'],
  staff: who === 'staff',
  centreRoles: who === 'staff' ? CENTRE_ROLES : [],
  robot: false,
  loginSessionId: who,
});

const name = (id: string) => ({ name: `Company of ${id}`, nameZh: null });
const ports = {
  namesOf: async (_connection: unknown, ids: readonly string[]) => new Map(ids.map((id) => [id, name(id)])),
  personNamesOf: async (_connection: unknown, ids: readonly string[]) =>
    new Map(ids.map((id) => [id, `Name of ${id}`])),
} as unknown as ContractPorts;

export class Table {
  readonly db: TestDatabase;
  readonly #app: FastifyInstance;
  readonly #files: ContractFiles;
  /** What the clock of the exchange says. */
  now = new Date('2026-11-24T09:00:00.000Z');
  /** Where settlement stands, for every contract that binds. */
  stage: Awaited<ReturnType<SettlementStage>> = 'funding';
  /** What others do while an agreed document is being rendered. */
  whileRendering: (() => Promise<void>) | undefined;

  private constructor(db: TestDatabase, app: FastifyInstance, files: ContractFiles) {
    this.db = db;
    this.#app = app;
    this.#files = files;
  }

  static async open(): Promise<Table> {
    const db = await testDatabase();
    const app = await buildCore({
      sql: db.sql,
      publicUrl: 'http://seam.test',
      requestsPerMinute: 100_000,
      authenticate: async (token) => principal(token.replaceAll('-', '') as Who),
    });
    const files = openContractFiles({ databaseUrl: db.url });
    const table: Table = new Table(db, app, files);
    contractTermsRoutes(app, {
      sql: db.sql,
      wake: () => {},
      clock: { now: () => table.now },
      ports,
      publicUrl: 'http://seam.test',
      render: async (...input) => {
        await table.whileRendering?.();
        return renderTerms(...input);
      },
      files,
      stageOf: async () => table.stage,
    });
    return table;
  }

  async close(): Promise<void> {
    await this.#app.close();
    await this.#files.close();
    await this.db.close();
  }

  async call<T = ContractTermsView>(
    who: Who,
    method: 'GET' | 'POST',
    url: string,
    body?: object,
  ): Promise<Answer<T>> {
    const answer = await this.#app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${who.padEnd(43, '-')}` },
      ...(body === undefined ? {} : { payload: body }),
    });
    const json = answer.headers['content-type']?.toString().includes('json');
    return { status: answer.statusCode, body: json ? answer.json() : (answer.rawPayload as never) };
  }

  view = async (id: string, who: Who = 'buyer', query = '') =>
    (await this.call(who, 'GET', `/v1/contracts/${id}/terms${query}`)).body;

  propose = async (who: Who, id: string, changes: Record<string, unknown>, more: object = {}) =>
    this.call(who, 'POST', `/v1/contracts/${id}/proposals`, {
      changes: Object.entries(changes).map(([path, to]) => ({ path, to })),
      reason: 'the analysis takes longer',
      validHours: 24,
      baseVersion: 1,
      ...more,
    });

  answer = async (
    who: Who,
    proposal: Pick<ProposalView, 'id' | 'sha256'>,
    how: 'acceptance' | 'rejection' | 'withdrawal',
  ) =>
    this.call(
      who,
      'POST',
      `/v1/contract-proposals/${proposal.id}/${how}`,
      {
        acceptance: { sha256: proposal.sha256 },
        rejection: { reason: 'not possible' },
        withdrawal: undefined,
      }[how],
    );

  /** A wish and its acceptance by the other side. */
  async agree(id: string, changes: Record<string, unknown>, more: object = {}): Promise<Answer> {
    const made = await this.propose('buyer', id, changes, more);
    if (made.status !== 201) throw new Error(`${made.status} ${JSON.stringify(made.body)}`);
    return this.answer('seller', made.body.proposals[0]!, 'acceptance');
  }

  /** A contract that waits for the seller, as issuing leaves it. */
  async issued(chosen: ChosenTerms = {}): Promise<string> {
    const [award] = SAMPLE_AWARDS;
    const contractId = newId();
    const saleId = newId();
    const terms = contractTerms({
      ...award!,
      chosen,
      contractId,
      number: `SC-${contractId}`,
      origin: { kind: 'auction', id: 'a1', saleId },
    });
    await this.#insert(terms, saleId);
    return contractId;
  }

  async #insert(terms: LibraryTerms, saleId: string): Promise<void> {
    const { termsJson, bytes } = await renderTerms(terms, 'http://seam.test');
    const id = terms.contractId;
    const hash = sha256(termsJson);
    await this.db.sql.begin(async (tx) => {
      await tx`insert into sale (id, origin_key, origin_kind, origin_id, listing_id, seller_id, buyer_id, quantity_kg,
          price_per_tonne, currency)
        values (${saleId}, ${`auction:${saleId}`}, 'auction', 'a1', 'l1', 'seller', 'buyer', ${terms.quantityKg},
          ${terms.pricePerTonne}, ${terms.currency})`;
      await tx`insert into contract (id, sale_id, number, seller_id, buyer_id, state, terms, terms_sha256, sign_by)
        values (${id}, ${saleId}, ${terms.number}, 'seller', 'buyer', 'issued', ${termsJson}, ${hash}, ${this.now})`;
      await tx`insert into contract_revision (contract_id, n, kind, sha256, file)
        values (${id}, 0, 'issued', ${sha256(bytes)}, ${Buffer.from(bytes)})`;
      await tx`insert into contract_version (contract_id, version, first_revision, terms, terms_sha256, issued_at)
        values (${id}, 1, 0, ${termsJson}, ${hash}, ${this.now})`;
    });
  }

  /** The rows of one more signature, kept whole as they once were. */
  async sign(id: string, side: 'seller' | 'buyer'): Promise<void> {
    await this.db.sql.begin(async (tx) => {
      // The contract first, as a signature does: whoever else writes its revisions waits here.
      await tx`select from contract where id = ${id} for update`;
      await this.#append(tx, id, `sig_${side}`);
      await tx`update contract set state = ${`${side}_signed`} where id = ${id}`;
    });
  }

  /** Both have signed, the centre too, and it is filed. */
  async bind(id: string): Promise<void> {
    await this.sign(id, 'seller');
    await this.sign(id, 'buyer');
    await this.db.sql.begin(async (tx) => {
      const { n, sha256: final } = await this.#append(tx, id, 'document_timestamp');
      await tx`insert into contract_archive (contract_id, final_revision, final_sha256, level, report, document_token,
          archived_at)
        values (${id}, ${n}, ${final}, 'B-LTA', '{}', ${Buffer.from('token')}, ${this.now})`;
      await tx`update contract set state = 'binding', bound_at = ${this.now} where id = ${id}`;
    });
  }

  async #append(tx: Tx, id: string, kind: string): Promise<{ n: number; sha256: Uint8Array }> {
    const [last] = await tx<{ n: number; sha256: Buffer; file: Buffer }[]>`
      select n, sha256, file from contract_revision where contract_id = ${id} order by n desc limit 1`;
    const n = last!.n + 1;
    const file = Buffer.concat([last!.file, Buffer.from(`% ${kind}\n`)]);
    await tx`insert into contract_revision (contract_id, n, kind, sha256, prev_sha256, file)
      values (${id}, ${n}, ${kind}, ${sha256(file)}, ${last!.sha256}, ${file})`;
    return { n, sha256: sha256(file) };
  }
}
