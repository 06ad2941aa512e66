/** Deliveries as seller, buyer and staff read them. */
import type {
  AnalysisValue,
  DeliveryOrderSummary,
  DeliveryOrderView,
  Lifting,
  PassEvent,
  PickupPass,
} from '@seam/protocol';
import { formatTonnes } from '@seam/units';
import { asc, desc, eq, inArray, or } from 'drizzle-orm';
import { bindingContract } from '../contracts/public.ts';
import { type Connection, first, orm } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import type { CertifiedQuality } from '@seam/coal';
import { liftedIn, liftingsOf } from './liftings.ts';
import { finalWeight } from './papers.ts';
import {
  type DeliveryOrderRow,
  type LiftingRow,
  type PassRow,
  certificateOfAnalysis,
  deliveryOrder,
  pickupPass,
  weighbridgeTicket,
} from './tables.ts';

export type NamesOf = (
  connection: Connection,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, { name: string; nameZh: string | null }>>;

const LIST_MAX = 200;

export async function listDeliveryOrders(
  connection: Connection,
  namesOf: NamesOf,
  principal: Principal,
): Promise<DeliveryOrderSummary[]> {
  const mine = or(
    eq(deliveryOrder.sellerId, principal.organisationId),
    eq(deliveryOrder.buyerId, principal.organisationId),
  );
  const rows = await orm(connection)
    .select()
    .from(deliveryOrder)
    .where(principal.staff ? undefined : mine)
    .orderBy(desc(deliveryOrder.createdAt))
    .limit(LIST_MAX);
  const summaries: DeliveryOrderSummary[] = [];
  for (const row of rows) summaries.push(await summary(connection, namesOf, row, principal));
  return summaries;
}

export async function deliveryOrderView(
  connection: Connection,
  namesOf: NamesOf,
  id: string,
  principal: Principal,
): Promise<DeliveryOrderView | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  const row = first(await orm(connection).select().from(deliveryOrder).where(eq(deliveryOrder.id, id)));
  if (!row) return undefined;
  if (
    !principal.staff &&
    row.sellerId !== principal.organisationId &&
    row.buyerId !== principal.organisationId
  )
    return undefined;
  const passes = await orm(connection)
    .select()
    .from(pickupPass)
    .where(eq(pickupPass.deliveryOrderId, id))
    .orderBy(asc(pickupPass.createdAt));
  const tickets = await orm(connection)
    .select()
    .from(weighbridgeTicket)
    .where(eq(weighbridgeTicket.deliveryOrderId, id))
    .orderBy(asc(weighbridgeTicket.weighedAt));
  const certificate = first(
    await orm(connection)
      .select()
      .from(certificateOfAnalysis)
      .where(eq(certificateOfAnalysis.deliveryOrderId, id)),
  );
  const contract = await bindingContract(connection, row.contractId);
  const liftings: Lifting[] = [];
  for (const one of await liftingsOf(connection, id))
    liftings.push(liftingView(one, await liftedIn(connection, one.id)));
  const events = await eventsOf(connection, id);
  const devices = new Map(
    (
      await connection<{ id: string; name: string }[]>`select id, name from device
      where organisation_id = ${row.sellerId}`
    ).map((one) => [one.id, one.name]),
  );
  const plates = new Map(passes.map((pass) => [pass.id, pass.plate]));
  return {
    ...(await summary(connection, namesOf, row, principal)),
    weightFinal: contract ? finalWeight(contract) : 'weighbridge',
    liftings,
    passes: passes.map((pass) => passView(pass, events.get(pass.id))),
    tickets: tickets.map((ticket) => ({
      id: ticket.id,
      number: ticket.number,
      plate: plates.get(ticket.passId) ?? '',
      gross: formatTonnes(ticket.grossKg),
      tare: formatTonnes(ticket.tareKg),
      net: formatTonnes(ticket.grossKg - ticket.tareKg),
      weighedAt: ticket.weighedAt.toISOString(),
      device: (ticket.deviceId !== null && devices.get(ticket.deviceId)) || null,
      photoSha256: ticket.photoSha256,
    })),
    certificate: certificate
      ? {
          number: certificate.number,
          laboratory: certificate.laboratory,
          sampledOn: certificate.sampledOn,
          values: certificate.quality.values as readonly AnalysisValue[] as AnalysisValue[],
        }
      : null,
    required: (contract?.terms.quality.rules ?? []).map((rule) => ({
      parameter: rule.parameter,
      unit: rule.unit,
      basis: rule.basis ?? null,
      kind: rule.kind ?? null,
      reference: rule.reference,
    })),
  };
}

function liftingView(row: LiftingRow, liftedKg: bigint): Lifting {
  const { id, fromDay, toDay, state } = row;
  return {
    id,
    fromDay,
    toDay,
    quantity: formatTonnes(row.quantityKg),
    lifted: formatTonnes(liftedKg),
    lapsed: row.lapsedKg === null ? null : formatTonnes(row.lapsedKg),
    state,
  };
}

/** Of every pass of an order, oldest first. */
async function eventsOf(connection: Connection, orderId: string): Promise<Map<string, PassEvent[]>> {
  const rows = await connection<
    {
      passId: string;
      move: PassEvent['move'];
      state: PassEvent['state'];
      at: Date;
      by: PassEvent['by'];
      device: string | null;
      detail: string | null;
    }[]
  >`select e.pass_id as "passId", e.move, e.to_state as state, e.at, e.by_side as by, d.name as device, e.detail
      from pass_event e join pickup_pass p on p.id = e.pass_id left join device d on d.id = e.device_id
     where p.delivery_order_id = ${orderId} order by e.id`;
  const byPass = new Map<string, PassEvent[]>();
  for (const { passId, at, ...event } of rows) {
    const events = byPass.get(passId) ?? [];
    events.push({ ...event, at: at.toISOString() });
    byPass.set(passId, events);
  }
  return byPass;
}

export function passView(row: PassRow, events: PassEvent[] = []): PickupPass {
  return {
    id: row.id,
    code: row.code,
    plate: row.plate,
    driver: row.driver,
    vehicle: row.vehicle,
    maximum: formatTonnes(row.maximumKg),
    notBefore: row.notBefore.toISOString(),
    notAfter: row.notAfter.toISOString(),
    state: row.state,
    events,
    token: row.token,
  };
}

async function summary(
  connection: Connection,
  namesOf: NamesOf,
  row: DeliveryOrderRow,
  principal: Principal,
): Promise<DeliveryOrderSummary> {
  const names = await namesOf(connection, [row.sellerId, row.buyerId]);
  const party = (id: string) => ({
    id,
    name: names.get(id)?.name ?? '',
    nameZh: names.get(id)?.nameZh ?? null,
  });
  const contract = await bindingContract(connection, row.contractId);
  const certified = await orm(connection)
    .select({ id: certificateOfAnalysis.id })
    .from(certificateOfAnalysis)
    .where(eq(certificateOfAnalysis.deliveryOrderId, row.id));
  return {
    id: row.id,
    contractId: row.contractId,
    underContractId: contract && contract.contractId !== row.contractId ? contract.contractId : null,
    contractNumber: contract?.terms.number ?? '',
    seller: party(row.sellerId),
    buyer: party(row.buyerId),
    quantity: formatTonnes(row.quantityKg),
    lifted: formatTonnes(row.liftedKg),
    remaining: formatTonnes(row.quantityKg - row.liftedKg),
    validFrom: row.validFrom,
    validTo: row.validTo,
    state: row.state,
    endedAs: row.endedAs,
    suspendedReason: row.suspendedReason,
    hasCertificate: certified.length > 0,
    mine:
      row.sellerId === principal.organisationId
        ? 'seller'
        : row.buyerId === principal.organisationId
          ? 'buyer'
          : null,
  };
}

export type DeliveryResult = {
  readonly deliveryOrderId: string;
  readonly liftedKg: bigint;
  readonly quality: CertifiedQuality;
  readonly certificateNumber: string;
};

/** The final weight and the quality that counts, once both are there; nothing while the quality is contested. */
export async function deliveryResult(
  connection: Connection,
  contractId: string,
): Promise<DeliveryResult | undefined> {
  const [row] = await connection<
    { id: string; liftedKg: string; quality: CertifiedQuality; number: string }[]
  >`select o.id, o.lifted_kg::text as "liftedKg", q.quality, q.number from delivery_order o
      join delivery_quality q on q.delivery_order_id = o.id
     where o.contract_id = ${contractId} and o.state = 'completed'`;
  return (
    row && {
      deliveryOrderId: row.id,
      liftedKg: BigInt(row.liftedKg),
      quality: row.quality,
      certificateNumber: row.number,
    }
  );
}

export async function deliveryOrderById(
  connection: Connection,
  id: string,
): Promise<DeliveryOrderRow | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  return first(await orm(connection).select().from(deliveryOrder).where(eq(deliveryOrder.id, id)));
}

/** Delivery order of a contract, for links. */
export async function deliveryOrderOfContract(
  connection: Connection,
  contractId: string,
): Promise<string | undefined> {
  const rows = await orm(connection)
    .select({ id: deliveryOrder.id })
    .from(deliveryOrder)
    .where(eq(deliveryOrder.contractId, contractId));
  return first(rows)?.id;
}

export type DeliveryProgress = { readonly liftedKg: bigint; readonly completed: boolean };

/** How far each of these contracts or deliveries is lifted; those without an order are left out. */
export async function deliveryProgress(
  connection: Connection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, DeliveryProgress>> {
  if (ids.length === 0) return new Map();
  const rows = await orm(connection)
    .select({ id: deliveryOrder.contractId, liftedKg: deliveryOrder.liftedKg, state: deliveryOrder.state })
    .from(deliveryOrder)
    .where(inArray(deliveryOrder.contractId, [...ids]));
  return new Map(rows.map(({ id, liftedKg, state }) => [id, { liftedKg, completed: state === 'completed' }]));
}
