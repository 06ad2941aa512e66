/** What each delivery says of each of its sides: facts in, events out. Pure. */
import type { ReputationComponent } from '@seam/protocol';
import { formatMoney, formatTonnes } from '@seam/units';
import { FULL } from './beta.ts';
import type { DeliveryFacts, OwedFacts } from './facts.ts';
import { liftedInTime, paidInTime, qualityKept, scalesAgree, valueWeight, weightKept } from './success.ts';

export type ReputationEvent = {
  /** The same fact is the same key. */
  readonly key: string;
  readonly companyId: string;
  readonly counterpartyId: string;
  readonly side: 'seller' | 'buyer';
  readonly component: ReputationComponent;
  readonly at: Date;
  /** 0 to FULL. */
  readonly success: number;
  /** Value weight, thousandths. */
  readonly value: bigint;
  readonly contractId: string;
  readonly contractNumber: string | null;
  readonly deliveryOrderId: string | null;
  /** For those who were part of it. */
  readonly facts: Readonly<Record<string, string>>;
};

type Said = Pick<ReputationEvent, 'component' | 'at' | 'success' | 'facts'> & {
  readonly side: 'seller' | 'buyer';
};

/** On these terms the buyer sends for the coal. */
const BUYER_FETCHES: ReadonlySet<string> = new Set(['ex_mine', 'fca', 'fob']);

export function eventsOfDelivery(of: DeliveryFacts, now: Date): ReputationEvent[] {
  const said: Said[] = [...payment(of, now), ...(of.closedAt ? afterClose(of, of.closedAt) : [])];
  return said.map(({ side, ...one }) => ({
    ...one,
    side,
    key: `${one.component}:${side}:${of.contractId}`,
    companyId: side === 'seller' ? of.sellerId : of.buyerId,
    counterpartyId: side === 'seller' ? of.buyerId : of.sellerId,
    value: valueWeight(of.amount, of.currency),
    contractId: of.contractId,
    contractNumber: of.contractNumber,
    deliveryOrderId: of.deliveryOrderId,
  }));
}

function payment(of: DeliveryFacts, now: Date): Said[] {
  if (!of.paidAt && ((of.state !== 'provisional_due' && of.state !== 'defaulted') || now <= of.dueAt))
    return [];
  const facts = {
    dueAt: of.dueAt.toISOString(),
    paidAt: of.paidAt?.toISOString() ?? '',
    amount: formatMoney(of.amount),
    currency: of.currency,
  };
  const success = paidInTime(of.dueAt, of.paidAt, now);
  return [{ side: 'buyer', component: 'payment', at: of.paidAt ?? of.dueAt, success, facts }];
}

function afterClose(of: DeliveryFacts, at: Date): Said[] {
  return [
    ...tonnes(of, at),
    ...quality(of, at),
    ...(['seller', 'buyer'] as const).flatMap((side): Said[] => [
      { side, component: 'disputes', at, ...disputes(of, side) },
      // Security that was taken is an event of its own, which weighs against these.
      { side, component: 'defaults', at, success: FULL, facts: {} },
    ]),
  ];
}

function tonnes(of: DeliveryFacts, at: Date): Said[] {
  const { contractedKg, liftedKg, loadedKg, receivedKg, toleranceBasisPoints: tolerance } = of;
  if (contractedKg === null || liftedKg === null) return [];
  const fetches = BUYER_FETCHES.has(of.deliveryTerm);
  const { nominatedKg, lapsedKg } = of;
  const facts = {
    contracted: formatTonnes(contractedKg),
    delivered: formatTonnes(liftedKg),
    tolerancePercent: formatMoney(BigInt(tolerance)),
  };
  const said: Said[] = [
    {
      // Whoever moves the coal answers for its coming in time.
      side: fetches ? 'buyer' : 'seller',
      component: 'lifting',
      at,
      success: liftedInTime({
        contractedKg,
        liftedKg,
        toleranceBasisPoints: tolerance,
        nominatedKg,
        lapsedKg,
      }),
      facts: {
        ...facts,
        ...(nominatedKg > 0n && { nominated: formatTonnes(nominatedKg), lapsed: formatTonnes(lapsedKg) }),
      },
    },
  ];
  const side = 'seller';
  if (loadedKg !== null && receivedKg !== null) {
    const scales = { loaded: formatTonnes(loadedKg), received: formatTonnes(receivedKg) };
    said.push({ side, component: 'weight', at, success: scalesAgree(loadedKg, receivedKg), facts: scales });
  } else if (!fetches || of.endedAs === 'exhausted') {
    const success = weightKept(contractedKg, liftedKg, tolerance);
    said.push({ side, component: 'weight', at, success, facts });
  }
  return said;
}

function quality(of: DeliveryFacts, at: Date): Said[] {
  const { price, finalPrice, currency } = of;
  if (price === null || finalPrice === null) return [];
  const facts = { price: formatMoney(price), finalPrice: formatMoney(finalPrice), currency };
  return [{ side: 'seller', component: 'quality', at, success: qualityKept(price, finalPrice), facts }];
}

function disputes(of: DeliveryFacts, side: 'seller' | 'buyer'): Pick<Said, 'success' | 'facts'> {
  if (of.umpirePaid.includes(side)) return { success: 0, facts: { umpire: 'lost' } };
  if (of.umpirePaid.includes('both')) return { success: FULL / 2, facts: { umpire: 'equal' } };
  return { success: FULL, facts: {} };
}

export function eventOfOwed(
  of: OwedFacts,
  side: 'seller' | 'buyer',
  number: string | null,
  now: Date,
): ReputationEvent {
  const taken = of.kind === 'forfeiture';
  return {
    key: `${of.kind}:${of.id}`,
    companyId: of.debtorId,
    counterpartyId: of.creditorId,
    side,
    component: taken ? 'defaults' : 'payment',
    at: of.at,
    success: taken ? 0 : paidInTime(of.at, of.paidAt, now),
    value: valueWeight(of.amount, of.currency),
    contractId: of.contractId,
    contractNumber: number,
    deliveryOrderId: null,
    facts: {
      amount: formatMoney(of.amount),
      currency: of.currency,
      ...(taken
        ? { taken: 'yes' }
        : { dueAt: of.at.toISOString(), paidAt: of.paidAt?.toISOString() ?? '', owed: 'yes' }),
    },
  };
}
