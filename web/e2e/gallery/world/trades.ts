/** Contracts in each state of a trade, from the one that waits for signatures to the one that is paid and rated. */
import {
  contractRoutes,
  contractTermsRoutes,
  disputeRoutes,
  listingRoutes,
  logisticsRoutes,
  memberRoutes,
  ratingRoutes,
  settlementRoutes,
} from '@seam/protocol';
import { enqueue } from '../../../../server/src/platform/outbox.ts';
import type { RunningSeam } from '../../../../server/test/running-seam.ts';
import { bindContract, termsBetween } from '../../../../server/test/trade/binding-contract.ts';
import { analysis } from '../../../../server/test/trade/goods.ts';
import { certifyKey, signContract, type Signatory } from '../../../../server/test/trade/signing.ts';
import { fixedLot } from './lots.ts';
import { type People, day, until } from './people.ts';

export type Trades = {
  readonly waiting: string;
  /** Signed by both and the centre, delivery under way. */
  readonly signed: string;
  readonly order: string;
  /** Paid, weighed, analysed, paid out, rated. */
  readonly closed: string;
  readonly closedOrder: string;
  /** The company that sold it. */
  readonly sellerId: string;
  /** About the closed one, ended by agreement. */
  readonly dispute: string;
  readonly longTerm: string;
};

export async function makeTrades(seam: RunningSeam, people: People): Promise<Trades> {
  const { seller, buyer, staff, colleague } = people;
  const pair = [staff, colleague] as const;
  const keys = { seller: await certifyKey(seller, pair), buyer: await certifyKey(buyer, pair) };
  const waiting = await issued(people);
  await amend(people, waiting);
  const signed = await binding(people, keys);
  const order = await deliver(people, signed, '31.000');
  const closed = await binding(people, keys);
  const closedOrder = await deliver(people, closed, '100.000');
  const dispute = await settle(people, closed, closedOrder);
  const params = { id: closed };
  const { seller: sold } = await buyer.must(settlementRoutes.settlement, { params });
  const sellerId = sold.id;
  const done = { closed, closedOrder, sellerId, dispute };
  return { waiting, signed, order, ...done, longTerm: await longTerm(seam, people) };
}

/** A lot at a fixed price, taken whole: the contract follows by itself. */
async function issued({ seller, buyer }: People): Promise<string> {
  const { id, version } = await fixedLot(seller);
  const body = { quantity: '100', version };
  const { contractId } = await buyer.must(listingRoutes.takeListing, { params: { id }, body });
  const params = { id: contractId };
  await until('the contract is issued', async () => {
    const { state } = await seller.must(contractRoutes.contract, { params });
    return state === 'issued';
  });
  return contractId;
}

/** A second version, accepted, and a third one proposed. */
async function amend({ seller, buyer }: People, id: string): Promise<void> {
  const params = { id };
  const propose = async (baseVersion: number, days: number): Promise<void> => {
    await buyer.must(contractTermsRoutes.proposeTerms, {
      params,
      body: {
        changes: [{ path: 'inspection.challengeDays', to: days }],
        reason: 'Our laboratory needs more days. 我方化验室需要更多天数。',
        validHours: 48,
        baseVersion,
      },
    });
  };
  await propose(1, 5);
  const { proposals } = await seller.must(contractTermsRoutes.contractTerms, { params, query: {} });
  const { id: proposal, sha256 } = proposals.at(-1)!;
  await seller.must(contractTermsRoutes.acceptProposal, { params: { id: proposal }, body: { sha256 } });
  const version = async () =>
    (await seller.must(contractTermsRoutes.contractTerms, { params, query: {} })).version === 2;
  await until('the second version is issued', version);
  await propose(2, 6);
}

async function binding(people: People, keys: { seller: Signatory; buyer: Signatory }): Promise<string> {
  const { seller, buyer } = people;
  const id = await issued(people);
  await signContract(seller, keys.seller, id);
  await signContract(buyer, keys.buyer, id);
  const state = async () => (await seller.must(contractRoutes.contract, { params: { id } })).state;
  await until('the contract binds', async () => (await state()) === 'binding');
  return id;
}

/** Paid into escrow, with passes, and so much of it weighed. @returns the delivery order. */
async function deliver({ seller, buyer }: People, contract: string, tonnes: string): Promise<string> {
  const params = { id: contract };
  await until('the settlement is open', async () => {
    const { items } = await buyer.must(settlementRoutes.settlements);
    return items.some(({ contractId }) => contractId === contract);
  });
  await buyer.must(settlementRoutes.payProvisional, { params });
  const id = await until(
    'the delivery order is issued',
    async () => (await buyer.must(settlementRoutes.settlement, { params })).deliveryOrderId,
  );
  await buyer.must(logisticsRoutes.nominateLifting, {
    params: { id },
    body: { fromDay: day(0), toDay: day(3), quantity: '100' },
  });
  const pass = await buyer.must(logisticsRoutes.issuePass, {
    params: { id },
    body: { plate: '晋A 88881', driver: '赵勇 Zhao Yong', maximum: tonnes },
  });
  if (tonnes !== '100.000')
    await buyer.must(logisticsRoutes.issuePass, {
      params: { id },
      body: { plate: '晋A 88882', driver: '李强 Li Qiang', maximum: '40' },
    });
  await seller.must(logisticsRoutes.recordTicket, {
    params: { id },
    body: {
      pass: pass.token,
      number: `W-${id.slice(-6)}`,
      gross: (Number(tonnes) + 16).toFixed(3),
      tare: '16.000',
      weighedAt: new Date().toISOString(),
    },
  });
  return id;
}

/** @returns the dispute that the two settle on the way. */
async function settle({ seller, buyer, staff }: People, contract: string, order: string): Promise<string> {
  const params = { id: contract };
  const view = await seller.must(logisticsRoutes.deliveryOrder, { params: { id: order } });
  await staff.must(logisticsRoutes.recordAnalysis, {
    params: { id: order },
    body: {
      number: 'COA-1',
      laboratory: 'Independent Coal Laboratory',
      sampledOn: day(0),
      values: analysis(view, 1),
    },
  });
  const state = async (wanted: string) =>
    until(`the settlement is ${wanted}`, async () => {
      const found = await buyer.must(settlementRoutes.settlement, { params });
      return found.state === wanted;
    });
  await state('result_due');
  const dispute = await disputed({ seller, buyer }, contract);
  await state('closed');
  for (const who of [seller, buyer])
    await who.must(ratingRoutes.rate, { params, body: { score: 5, comment: 'As agreed. 如约。' } });
  return dispute;
}

/** One yuan less, says the buyer; the two agree on the result as it was. */
async function disputed(
  { seller, buyer }: Pick<People, 'seller' | 'buyer'>,
  contract: string,
): Promise<string> {
  const { finalAmount } = await buyer.must(settlementRoutes.settlement, { params: { id: contract } });
  const amount = finalAmount ?? '0.00';
  const statement = 'Our scale shows less. 我方地磅显示较少。';
  const { id } = await buyer.must(disputeRoutes.fileDispute, {
    params: { id: contract },
    body: { cause: 'weight', statement, amount: (Number(amount) - 1).toFixed(2) },
  });
  await seller.must(disputeRoutes.offerInDispute, { params: { id }, body: { amount } });
  await buyer.must(disputeRoutes.agreeInDispute, { params: { id }, body: { offer: 1 } });
  return id;
}

/** A month over, one that runs, one to come; signing is shown by the others, here it binds without. */
async function longTerm({ sql }: RunningSeam, { seller, buyer }: People): Promise<string> {
  const [from, to] = await Promise.all([seller, buyer].map(async (who) => who.must(memberRoutes.session)));
  const months = [-1, 0, 1].map((at) => ({ month: monthFrom(at), kg: '100000' }));
  const chosen = { kind: 'long_term', callOff: { months } } as const;
  const terms = termsBetween(from!.organisation!.id, to!.organisation!.id, {
    quantityKg: 300_000n,
    chosen,
  });
  const id = await bindContract(sql, terms);
  const payload = { contractId: id };
  await enqueue(sql, { effectKey: `settlement:${id}:open`, topic: 'settlement.open', payload });
  await until('the long-term contract is open', async () => {
    const rows = await sql`select 1 from long_term where contract_id = ${id}`;
    return rows.length > 0;
  });
  return id;
}

function monthFrom(months: number): string {
  const [year, month] = day(0).split('-').map(Number);
  return new Date(Date.UTC(year!, month! - 1 + months, 1)).toISOString().slice(0, 7);
}
