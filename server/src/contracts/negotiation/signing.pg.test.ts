/** Versions and amendments through the real signatures: prepared, signed, stamped, sealed and archived. */
import type { ContractTermsView } from '@seam/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bindingContract } from '../effective.ts';
import { type Side, SigningDesk, away } from '../testing/signing-desk.ts';
import { companies } from '../testing/companies.ts';
import type { SettlementStage } from './ground.ts';
import { contractTermsRoutes } from './routes.ts';

let desk: SigningDesk;
const settled: { stage: Awaited<ReturnType<SettlementStage>> } = { stage: 'result' };
const stageOf: SettlementStage = async () => settled.stage;
beforeAll(async () => {
  desk = await SigningDesk.open({ stageOf });
  contractTermsRoutes(desk.app, {
    sql: desk.sql,
    wake: () => {},
    clock: desk.clock,
    ports: companies,
    publicUrl: 'http://seam.test',
    render: async (...input) => desk.press.run('render', input),
    files: desk.deps.files,
    stageOf,
  });
});
afterAll(async () => desk.close());

const terms = async (id: string): Promise<ContractTermsView> =>
  (await desk.call('buyer', 'GET', `/v1/contracts/${id}/terms`)).body;

/** The buyer wishes, the seller accepts. */
async function agree(id: string, path: string, to: unknown): Promise<ContractTermsView> {
  const { version } = await terms(id);
  const body = {
    changes: [{ path, to }],
    reason: 'agreed by telephone',
    validHours: 24,
    baseVersion: version,
  };
  const made = await desk.call('buyer', 'POST', `/v1/contracts/${id}/proposals`, body);
  expect(made.status).toBe(201);
  const [proposal] = made.body.proposals;
  const url = `/v1/contract-proposals/${proposal.id}/acceptance`;
  const accepted = await desk.call('seller', 'POST', url, { sha256: proposal.sha256 });
  expect([accepted.code, accepted.status]).toEqual([undefined, 200]);
  return accepted.body;
}

/** Signed by both and, second by second, sealed and archived: proofs speak in whole seconds. */
async function signBoth(id: string): Promise<void> {
  for (const side of ['seller', 'buyer'] as Side[])
    expect((await desk.signed(side, id, await desk.certify(side))).status).toBe(200);
  for (let seconds = 0; seconds < 8 && (await desk.view(id)).state === 'buyer_signed'; seconds += 1) {
    desk.clock.turn(1_000);
    await desk.work({ all: true });
  }
}

describe('a new version', () => {
  it('ends a signature that was prepared on the old one, and is signed by both to the archive', async () => {
    const seller = await desk.certify('seller');
    const id = await desk.newContract();
    const open = await desk.sign('seller', id, seller);
    await agree(id, 'inspection.challengeDays', 5);
    const late = await desk.hand('seller', open.session.id, open.signature);
    expect([late.status, late.code]).toEqual([409, 'contract.stale_revision']);
    await signBoth(id);
    expect(await desk.view(id)).toMatchObject({ state: 'binding', level: 'B-LTA' });
    expect((await bindingContract(desk.sql, id))!.terms).toMatchObject({
      version: 2,
      inspection: { challengeDays: 5 },
    });
  });

  it('is signed again by a seller who had signed, whose signature stays in the old file alone', async () => {
    const id = await desk.newContract();
    await desk.signed('seller', id, await desk.certify('seller'));
    expect(await agree(id, 'forceMajeure.noticeDays', 9)).toMatchObject({ state: 'issued', version: 2 });
    expect((await terms(id)).versions[1]!.sellerHadSigned).toBe(true);
    await desk.prove('buyer');
    const early = await desk.openSession('buyer', id, await desk.certify('buyer'));
    expect(early.code).toBe('contract.not_your_turn');
    await signBoth(id);
    expect(await desk.view(id)).toMatchObject({ state: 'binding' });
    const kinds =
      await desk.sql`select version, kind from contract_revision where contract_id = ${id} order by n`;
    expect(kinds.map(({ version, kind }) => `${version} ${kind}`)).toEqual([
      '1 issued',
      '1 sig_seller',
      '2 issued',
      '2 sig_seller',
      '2 sig_buyer',
      '2 sig_centre',
      '2 dss',
      '2 document_timestamp',
    ]);
  });

  it('drops a signature of the seller that still waits for its timestamp', async () => {
    const id = await desk.newContract();
    const { session, signature } = await desk.sign('seller', id, await desk.certify('seller'));
    desk.beforeStamp = away;
    expect((await desk.hand('seller', session.id, signature)).status).toBe(503);
    const accepted = await agree(id, 'inspection.challengeDays', 6);
    expect(accepted.versions[1]!.sellerHadSigned).toBe(true);
    desk.beforeStamp = undefined;
    await desk.work({ all: true });
    expect((await desk.view(id)).state).toBe('issued');
    await signBoth(id);
    expect(await desk.view(id)).toMatchObject({ state: 'binding' });
  });
});

describe('an amendment', () => {
  it('is signed by three like the contract, changes what settlement works by, and opens no settlement', async () => {
    const id = await desk.newContract({ originKey: 'auction:x:award:1', originKind: 'auction' });
    await signBoth(id);
    settled.stage = 'result';
    const [amendment] = (await agree(id, 'pricePerTonne', '60000')).amendments;
    expect((await bindingContract(desk.sql, id))!.terms.pricePerTonne).toBe('61250');
    await signBoth(amendment!.id);
    expect(await desk.view(amendment!.id)).toMatchObject({ state: 'binding', level: 'B-LTA' });
    expect((await bindingContract(desk.sql, id))!.terms.pricePerTonne).toBe('60000');
    const effects = await desk.sql`select effect_key from outbox where effect_key like ${`%${amendment!.id}%`}
      and (topic = 'settlement.open' or topic like 'auctions.%')`;
    expect(effects).toEqual([]);
  });

  it('that settlement overtook while it was being signed is void instead of sealed', async () => {
    const id = await desk.newContract();
    await signBoth(id);
    settled.stage = 'result';
    const [amendment] = (await agree(id, 'pricePerTonne', '60000')).amendments;
    settled.stage = 'end';
    await signBoth(amendment!.id);
    expect(await desk.view(amendment!.id)).toMatchObject({
      state: 'voided',
      voided: { cause: 'withdrawn', by: null },
    });
    expect((await bindingContract(desk.sql, id))!.terms.pricePerTonne).toBe('61250');
  });

  it('403 member.limit_exceeded when the contract as amended is beyond what the person may sign for', async () => {
    const id = await desk.newContract();
    await signBoth(id);
    settled.stage = 'result';
    const [amendment] = (await agree(id, 'pricePerTonne', '62000')).amendments;
    const limit = async (of: Record<string, string>) =>
      desk.sql`update person set commit_limits = ${desk.sql.json(of)} where id = 'seller-person'`;
    const holder = await desk.certify('seller');
    await desk.prove('seller');
    try {
      // 5,000 t at 620.00, of which 612.50 were signed for before.
      await limit({ CNY: '309999999' });
      const beyond = { status: 403, code: 'member.limit_exceeded' };
      expect(await desk.openSession('seller', amendment!.id, holder)).toMatchObject(beyond);
      await limit({ CNY: '310000000' });
      expect((await desk.openSession('seller', amendment!.id, holder)).status).toBe(201);
    } finally {
      await limit({});
    }
  });

  it('declined leaves the contract and its award alone', async () => {
    const id = await desk.newContract({ originKey: 'auction:y:award:1', originKind: 'auction' });
    await signBoth(id);
    settled.stage = 'result';
    const [amendment] = (await agree(id, 'pricePerTonne', '60000')).amendments;
    const url = `/v1/contracts/${amendment!.id}/decline`;
    expect((await desk.call('buyer', 'POST', url, { reason: 'not after all' })).status).toBe(200);
    expect((await bindingContract(desk.sql, id))!.terms.pricePerTonne).toBe('61250');
    const told =
      await desk.sql`select 1 from outbox where topic like 'auctions.%' and effect_key like ${`%${amendment!.id}%`}`;
    expect(told).toEqual([]);
  });
});
