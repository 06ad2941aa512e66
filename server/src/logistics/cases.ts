/** What gates and weighbridges told that no rule decides: a named queue that only a person empties. */
import type { DeliveryCase, DeliveryCaseNote } from '@seam/protocol';
import { bindingContract } from '../contracts/public.ts';
import type { Connection, Tx } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { CASES_MAX } from './limits.ts';

export type DeliveryCaseKind =
  /** Two gates let one pass in. */
  | 'double_admission'
  /** A pass was let in that had been cancelled, refused or left unused. */
  | 'admitted_closed_pass'
  | 'admitted_outside_validity'
  /** At a gate of another company, or of another place. */
  | 'admitted_elsewhere'
  | 'forged_pass_admitted'
  | 'revoked_device'
  | 'device_clock'
  | 'sequence_conflict'
  | 'truck_inside_at_end'
  | 'document_objected'
  | 'claim_objected';

export type NewCase = {
  readonly kind: DeliveryCaseKind;
  /** One case for each of these. */
  readonly subject: string;
  /** A code with its parameters, or the words of a person. */
  readonly said: DeliveryNote | string;
  readonly deviceId?: string;
  readonly passId?: string;
  readonly deliveryOrderId?: string;
  readonly now: Date;
};

const DETAIL_MAX = 500;

/** Put into words where it is read. */
export type DeliveryNote = { readonly code: DeliveryCaseNote } & Readonly<Record<string, string>>;

/** For logs, and for whoever has no words for the code. */
function plain({ code, ...params }: DeliveryNote): string {
  const said = Object.entries(params).map(([name, value]) => `${name} ${value}`);
  return [code.replaceAll('_', ' '), ...said].join(' · ');
}

export async function openCase(tx: Tx, of: NewCase): Promise<void> {
  const note = typeof of.said === 'string' ? null : of.said;
  const { code = null, ...params } = note ?? {};
  const detail = typeof of.said === 'string' ? of.said : plain(of.said);
  await tx`insert into delivery_case (id, kind, subject, device_id, pass_id, delivery_order_id, detail, code, params,
      opened_at)
    values (${newId()}, ${of.kind}, ${of.subject}, ${of.deviceId ?? null}, ${of.passId ?? null},
      ${of.deliveryOrderId ?? null}, ${detail.slice(0, DETAIL_MAX)}, ${code}, ${tx.json(params)}, ${of.now})
    on conflict (kind, subject) do nothing`;
}

type CaseRow = {
  id: string;
  kind: string;
  deliveryOrderId: string | null;
  contractId: string | null;
  passCode: string | null;
  plate: string | null;
  detail: string;
  code: string | null;
  params: Record<string, string>;
  openedAt: Date;
  closedAt: Date | null;
  note: string | null;
};

export async function deliveryCases(connection: Connection, id?: string): Promise<DeliveryCase[]> {
  const rows = await connection<CaseRow[]>`
    select c.id, c.kind, c.delivery_order_id as "deliveryOrderId", o.contract_id as "contractId",
           p.code as "passCode", p.plate, c.detail, c.code, c.params, c.opened_at as "openedAt", c.closed_at as "closedAt", c.note
      from delivery_case c left join pickup_pass p on p.id = c.pass_id
      left join delivery_order o on o.id = c.delivery_order_id
     where ${id === undefined ? connection`true` : connection`c.id = ${id}`}
     order by (c.closed_at is not null), coalesce(c.closed_at, c.opened_at) desc limit ${CASES_MAX}`;
  const cases: DeliveryCase[] = [];
  for (const row of rows) {
    const contract = row.contractId === null ? undefined : await bindingContract(connection, row.contractId);
    cases.push({
      id: row.id,
      kind: row.kind,
      deliveryOrderId: row.deliveryOrderId,
      contractNumber: contract?.terms.number ?? null,
      passCode: row.passCode,
      plate: row.plate,
      detail: row.detail,
      said: row.code === null ? null : { code: row.code, params: row.params },
      openedAt: row.openedAt.toISOString(),
      closedAt: row.closedAt?.toISOString() ?? null,
      note: row.note,
    });
  }
  return cases;
}

/** A person says what was found. Of two at once one is told that it is closed. */
export async function closeDeliveryCase(
  tx: Tx,
  principal: Principal,
  of: { readonly id: string; readonly note: string; readonly now: Date },
): Promise<DeliveryCase | Refusal> {
  if (!/^[0-9a-f-]{36}$/.test(of.id)) return refuse('resource.not_found');
  const { count } =
    await tx`update delivery_case set closed_by = ${principal.personId}, closed_at = ${of.now},
    note = ${of.note} where id = ${of.id} and closed_at is null`;
  const [found] = await deliveryCases(tx, of.id);
  if (!found) return refuse('resource.not_found');
  return count === 1 ? found : refuse('case.not_open');
}
