/** Papers of rail and ship for the tests, and the desk that takes them. */
import type { DeliveryDocumentInput, StatementOfFacts } from '@seam/protocol';
import { type Answer, type Order, Yard } from '../logistics/testing.ts';

/** A picture of one point: what a file is, its content says. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

type Paper = Partial<DeliveryDocumentInput>;
let unique = 0;
const fresh = (name: string): string => `${name}-${(unique += 1)}`;

/** `net` tonnes on one wagon after another, at most 70 t each. */
export function wagons(
  net: number,
  first = unique * 1000,
): { number: string; gross: string; tare: string }[] {
  const list: { number: string; gross: string; tare: string }[] = [];
  for (let left = net; left > 0; left -= 70) {
    const load = Math.min(left, 70);
    list.push({ number: String(1_500_000 + first + list.length), gross: String(load + 23), tare: '23' });
  }
  return list;
}

export function railReceipt(net: number, more: Paper = {}): DeliveryDocumentInput {
  return {
    kind: 'rail_receipt',
    place: 'loading',
    number: fresh('RR'),
    issuedOn: '2026-12-10',
    railReceipt: { fromStation: '大同', toStation: '秦皇岛东', wagons: wagons(net) },
    fileName: 'receipt.png',
    file: PNG,
    ...more,
  };
}

export function billOfLading(quantity: string, more: Paper = {}): DeliveryDocumentInput {
  const { railReceipt: _rail, ...rest } = railReceipt(1);
  const ship = { vessel: 'Ocean Star', voyage: 'V12', loadPort: 'Qinhuangdao', dischargePort: 'Guangzhou' };
  return {
    ...rest,
    kind: 'bill_of_lading',
    number: fresh('BL'),
    billOfLading: { ...ship, quantity },
    ...more,
  };
}

export function statement(facts: Partial<StatementOfFacts>, more: Paper = {}): DeliveryDocumentInput {
  const { railReceipt: _rail, ...rest } = railReceipt(1);
  const times = { from: '2026-12-01T00:00:00.000Z', to: '2026-12-02T00:00:00.000Z', excepted: [] };
  return {
    ...rest,
    kind: 'statement_of_facts',
    number: fresh('SOF'),
    statementOfFacts: {
      conveyance: 'Ocean Star',
      port: 'Qinhuangdao',
      quantity: '48000',
      ...times,
      ...facts,
    },
    ...more,
  };
}

/** Loaded as the worked example says: 53,802 t. */
export function draftSurvey(more: Paper = {}): DeliveryDocumentInput {
  const { railReceipt: _rail, ...rest } = railReceipt(1);
  const light = {
    forward: { port: '2.10', starboard: '2.12' },
    midships: { port: '2.60', starboard: '2.62' },
    aft: { port: '3.10', starboard: '3.12' },
    density: '1.0200',
    below: { draft: '2.60', displacement: '10000' },
    above: { draft: '2.70', displacement: '10450' },
    perCentimetre: '45',
    flotation: '4',
    momentDifference: '9',
    ballast: '1500',
    freshWater: '200',
    fuel: '500',
    stores: '0',
  };
  const even = (draft: string) => ({ port: draft, starboard: draft });
  const laden = {
    ...light,
    forward: even('11'),
    midships: even('10.96'),
    aft: even('11'),
    density: '1.0250',
    below: { draft: '10.90', displacement: '62000' },
    above: { draft: '11.00', displacement: '62600' },
    perCentimetre: '60',
    ballast: '100',
    freshWater: '180',
    fuel: '440',
  };
  const ship = { vessel: 'Ocean Star', voyage: 'V12', port: 'Qinhuangdao', surveyor: 'CCIC', length: '180' };
  return {
    ...rest,
    kind: 'draft_survey',
    number: fresh('DS'),
    draftSurvey: { ...ship, initial: light, final: laden },
    ...more,
  };
}

export class PaperDesk {
  readonly yard: Yard;

  constructor(yard: Yard) {
    this.yard = yard;
  }

  async enter(as: string, order: Order, paper: object): Promise<Answer> {
    const staff = as === 'staff' ? 'staff/' : '';
    return this.yard.call(as, 'POST', `/v1/${staff}delivery-orders/${order.id}/documents`, paper);
  }

  async papers(as: string, order: Order): Promise<Answer> {
    return this.yard.call(as, 'GET', `/v1/delivery-orders/${order.id}/documents`);
  }

  async answer(as: string, order: Order, documentId: string, body: object): Promise<Answer> {
    return this.yard.call(as, 'POST', `/v1/delivery-orders/${order.id}/documents/${documentId}/answer`, body);
  }

  /** Entered by its side and confirmed by the other. @returns its id. */
  async standing(order: Order, paper: DeliveryDocumentInput): Promise<string> {
    const [by, other] = paper.place === 'loading' ? [order.seller, order.buyer] : [order.buyer, order.seller];
    const entered = await this.enter(by, order, paper);
    if (entered.status !== 201) throw new Error(JSON.stringify(entered));
    const { id } = entered.body.documents.at(-1);
    const confirmed = await this.answer(other, order, id, { answer: 'confirm' });
    if (confirmed.status !== 200) throw new Error(JSON.stringify(confirmed));
    return id;
  }

  /** What is owed under this contract by now, oldest first. */
  async owed(order: Order): Promise<{ kind: string; by: string; amount: string }[]> {
    const rows = await this.yard.db.sql<{ kind: string; debtorId: string; amount: string }[]>`
      select kind, debtor_id as "debtorId", amount::text from obligation
       where contract_id = ${order.contractId} order by created_at, id`;
    return rows.map(({ kind, debtorId, amount }) => ({
      kind,
      by: debtorId === order.seller ? 'seller' : 'buyer',
      amount,
    }));
  }
}
