/** Coal that leaves by rail or ship is lifted by its documents: where the contract says so, they are its final weight. */
import { type BindingContract, bindingContract } from '../contracts/public.ts';
import type { Tx } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { DAY_MS } from './limits.ts';
import type { DeliveryOrderRow } from './tables.ts';
import { windowEnd } from './window.ts';

export type FinalWeight = 'weighbridge' | 'rail_receipt' | 'draft_survey' | 'discharge';

/** Before there was a clause for it, every contract named the weighbridge. */
export function finalWeight({ terms }: Pick<BindingContract, 'terms'>): FinalWeight {
  return ('carriage' in terms ? terms.carriage?.weightFinal : undefined) ?? 'weighbridge';
}

/** A ship that sailed on the last day has arrived by then. */
const ARRIVES_WITHIN_MS = 90 * DAY_MS;

/** Whether the weight of coal that is under way or contested is still to come: the last day does not end it yet. */
export async function awaitsPapers(tx: Tx, order: DeliveryOrderRow, now: Date): Promise<boolean> {
  const contract = await bindingContract(tx, order.contractId);
  assert(contract, `delivery order ${order.id} without a binding contract`);
  const weight = finalWeight(contract);
  if (weight === 'weighbridge') return false;
  if (now.getTime() > windowEnd(order.validTo).getTime() + ARRIVES_WITHIN_MS) return false;
  const [found] = await tx<{ waits: boolean }[]>`select exists (
    select 1 from delivery_document d where d.delivery_order_id = ${order.id}
       and d.state in ('open', 'stands', 'objected')
       and ((d.counts and d.state <> 'stands')
            or (${weight === 'discharge'} and d.place = 'loading' and d.net_kg is not null
                and not exists (select 1 from delivery_document r
                                 where r.receives = d.id and r.state in ('open', 'stands', 'objected'))))) as waits`;
  return found!.waits;
}
