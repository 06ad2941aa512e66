/** The delivery behind a document or a sum, with its contract; locked for every write. */
import {
  type BindingContract,
  type CarriageTerms,
  type FulfilmentTerms,
  bindingContract,
} from '../contracts/public.ts';
import { type DeliveryOrderRow, lockOrder } from '../logistics/public.ts';
import type { Connection, Tx } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import type { Principal } from '../platform/principal.ts';
import { OBJECTION_DAYS } from './limits.ts';

export type Side = 'seller' | 'buyer';
export type Delivery = { readonly order: DeliveryOrderRow; readonly contract: BindingContract };

export async function lockDelivery(tx: Tx, id: string): Promise<Delivery | undefined> {
  const order = await lockOrder(tx, id);
  return order && { order, contract: await contractOf(tx, order) };
}

export async function contractOf(connection: Connection, order: DeliveryOrderRow): Promise<BindingContract> {
  const contract = await bindingContract(connection, order.contractId);
  assert(contract, `delivery order ${order.id} without a binding contract`);
  return contract;
}

export function sideOf(order: DeliveryOrderRow, { organisationId }: Principal): Side | null {
  if (order.sellerId === organisationId) return 'seller';
  return order.buyerId === organisationId ? 'buyer' : null;
}

/** Undefined in contracts older than the clause. */
export function carriageTerms({ terms }: BindingContract): CarriageTerms | undefined {
  return 'carriage' in terms ? terms.carriage : undefined;
}

export function fulfilmentTerms({ terms }: BindingContract): FulfilmentTerms | undefined {
  return 'fulfilment' in terms ? terms.fulfilment : undefined;
}

export const objectionDays = (contract: BindingContract): number =>
  carriageTerms(contract)?.objectionDays ?? OBJECTION_DAYS;
