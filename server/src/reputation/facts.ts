/**
 * What a company's contracts came to, out of the rows that settled them. Nothing is kept here: each reading derives
 * everything anew from committed facts, so nobody can type a score and no score can go stale or astray.
 */
import type { Currency } from '@seam/units';
import { bindingContract } from '../contracts/public.ts';
import type { Connection } from '../platform/db.ts';

export type DeliveryFacts = {
  /** Of the contract, or of one delivery under it. */
  readonly contractId: string;
  readonly contractNumber: string;
  readonly sellerId: string;
  readonly buyerId: string;
  readonly currency: Currency;
  readonly state: string;
  readonly amount: bigint;
  readonly dueAt: Date;
  readonly paidAt: Date | null;
  readonly closedAt: Date | null;
  /** Minor units per tonne; null where no final invoice was written. */
  readonly price: bigint | null;
  readonly finalPrice: bigint | null;
  readonly deliveryOrderId: string | null;
  readonly contractedKg: bigint | null;
  readonly liftedKg: bigint | null;
  readonly endedAs: string | null;
  readonly toleranceBasisPoints: number;
  readonly deliveryTerm: string;
  readonly nominatedKg: bigint;
  readonly lapsedKg: bigint;
  readonly loadedKg: bigint | null;
  readonly receivedKg: bigint | null;
  /** Sides that the umpire's test of a sample went against. */
  readonly umpirePaid: readonly string[];
};

type Row = Omit<DeliveryFacts, 'amount' | 'price' | 'finalPrice' | BigKey | 'umpirePaid'> &
  Record<'amount' | 'price' | 'finalPrice' | BigKey, string | null> & {
    readonly umpirePaid: readonly string[] | null;
    readonly amended: boolean;
  };
type BigKey = 'contractedKg' | 'liftedKg' | 'nominatedKg' | 'lapsedKg' | 'loadedKg' | 'receivedKg';

/** Older than this its weight is less than a thousandth. */
const DAYS_MAX = 1_800;

/** Everything of these companies, as seller or buyer, that is funded or should have been. */
export async function deliveryFacts(
  connection: Connection,
  companies: readonly string[],
  now: Date,
): Promise<DeliveryFacts[]> {
  const ids = [...companies];
  const rows = await connection<Row[]>`
    select s.contract_id as "contractId", c.terms::jsonb ->> 'number' as "contractNumber",
           s.seller_id as "sellerId", s.buyer_id as "buyerId", s.currency, s.state,
           s.provisional_amount::text as amount, s.provisional_due_at as "dueAt", s.closed_at as "closedAt",
           (select min(e.at) from ledger_effect e
             where e.subject = 'contract:' || s.contract_id and e.reason = 'provisional_payment') as "paidAt",
           p.detail ->> 'unitPrice' as price,
           coalesce((select n.detail ->> 'unitPrice' from settlement_note n where n.contract_id = s.contract_id
                      order by n.issued_at desc, n.id desc limit 1), f.detail ->> 'unitPrice') as "finalPrice",
           o.id::text as "deliveryOrderId", o.quantity_kg::text as "contractedKg", o.lifted_kg::text as "liftedKg",
           o.ended_as as "endedAs", (c.terms::jsonb ->> 'toleranceBasisPoints')::int as "toleranceBasisPoints",
           c.terms::jsonb #>> '{goods,deliveryTerm}' as "deliveryTerm",
           coalesce(l.nominated, 0)::text as "nominatedKg", coalesce(l.lapsed, 0)::text as "lapsedKg",
           w.loaded::text as "loadedKg", w.received::text as "receivedKg",
           (select array_agg(distinct d ->> 'pays') filter (where d ->> 'pays' is not null)
              from jsonb_array_elements(q.decisions) d) as "umpirePaid",
           exists (select 1 from contract a where a.amends_contract_id = c.id and a.state = 'binding') as amended
      from settlement s
      left join contract_delivery x on x.id = s.contract_id::uuid
      join contract c on c.id = coalesce(x.contract_id, s.contract_id::uuid)
      left join invoice p on p.contract_id = s.contract_id and p.kind = 'provisional'
      left join invoice f on f.contract_id = s.contract_id and f.kind = 'final'
      left join delivery_order o on o.contract_id = s.contract_id
      left join quality_inspection q on q.delivery_order_id = o.id
      left join lateral (select sum(quantity_kg) as nominated, sum(lapsed_kg) as lapsed from lifting
                          where delivery_order_id = o.id and state in ('lapsed', 'lifted')) l on true
      left join lateral (select sum(b.net_kg) as loaded, sum(r.net_kg) as received from delivery_document r
                           join delivery_document b on b.id = r.receives
                          where r.delivery_order_id = o.id and r.state = 'stands') w on true
     where (s.seller_id = any(${ids}) or s.buyer_id = any(${ids}))
       and s.opened_at > ${now}::timestamptz - make_interval(days => ${DAYS_MAX})
     order by s.opened_at, s.contract_id`;
  return Promise.all(rows.map(async (row) => factsOf(connection, row)));
}

async function factsOf(connection: Connection, row: Row): Promise<DeliveryFacts> {
  const { amended, umpirePaid, ...rest } = row;
  // The invoices were written by terms that an amendment may have changed since.
  const terms = amended ? (await bindingContract(connection, row.contractId))?.terms : undefined;
  const big = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
  return {
    ...rest,
    contractNumber: terms?.number ?? row.contractNumber,
    toleranceBasisPoints: terms?.toleranceBasisPoints ?? row.toleranceBasisPoints,
    amount: BigInt(row.amount!),
    price: terms ? BigInt(terms.pricePerTonne) : big(row.price),
    finalPrice: big(row.finalPrice),
    contractedKg: big(row.contractedKg),
    liftedKg: big(row.liftedKg),
    nominatedKg: BigInt(row.nominatedKg!),
    lapsedKg: BigInt(row.lapsedKg!),
    loadedKg: big(row.loadedKg),
    receivedKg: big(row.receivedKg),
    umpirePaid: umpirePaid ?? [],
  };
}

/** What a company owed besides prices, and whether security was taken from it. */
export type OwedFacts = {
  readonly id: string;
  readonly kind: 'obligation' | 'forfeiture';
  /** Of the contract; forfeitures: of the contract or the delivery. */
  readonly contractId: string;
  readonly debtorId: string;
  readonly creditorId: string;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly at: Date;
  readonly paidAt: Date | null;
};

export async function owedFacts(
  connection: Connection,
  companies: readonly string[],
  now: Date,
): Promise<OwedFacts[]> {
  const rows = await connection<(Omit<OwedFacts, 'amount'> & { amount: string })[]>`
    select id::text as id, 'obligation' as kind, contract_id::text as "contractId", debtor_id as "debtorId",
           creditor_id as "creditorId", currency, amount::text as amount, due_at as at, paid_at as "paidAt"
      from obligation
     where debtor_id = any(${[...companies]}) and due_at <= ${now}
       and due_at > ${now}::timestamptz - make_interval(days => ${DAYS_MAX})
    union all
    select id::text, 'forfeiture', contract_id, debtor_id, creditor_id, currency, amount::text, decided_at, null
      from forfeiture
     where debtor_id = any(${[...companies]}) and state = 'forfeited'
       and decided_at > ${now}::timestamptz - make_interval(days => ${DAYS_MAX})
     order by at, id`;
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }));
}

export type DueFacts = {
  readonly sellerId: string;
  readonly buyerId: string;
  readonly contractedKg: bigint;
  readonly liftedKg: bigint;
  /** The last day, or the one it was complete before. */
  readonly day: string;
};

/** Deliveries whose days are over or that are complete, from a day on. */
export async function deliveriesDue(
  connection: Connection,
  company: string,
  fromDay: string,
  now: Date,
): Promise<DueFacts[]> {
  const rows = await connection<
    { sellerId: string; buyerId: string; contractedKg: string; liftedKg: string; day: string }[]
  >`select seller_id as "sellerId", buyer_id as "buyerId", quantity_kg::text as "contractedKg",
           lifted_kg::text as "liftedKg", day::text as day
      from (select *, least(valid_to, (completed_at at time zone 'UTC')::date) as day from delivery_order
             where (seller_id = ${company} or buyer_id = ${company})
               and (state = 'completed' or valid_to < (${now}::timestamptz at time zone 'UTC')::date)) o
     where day >= ${fromDay}::date`;
  return rows.map((row) => ({
    ...row,
    contractedKg: BigInt(row.contractedKg),
    liftedKg: BigInt(row.liftedKg),
  }));
}
