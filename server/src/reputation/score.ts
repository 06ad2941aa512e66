/** The scores of companies, each time out of the events their facts give. */
import {
  COMPONENTS,
  type ReputationBrief,
  type ReputationComponent,
  type ReputationEventView,
  type ReputationView,
} from '@seam/protocol';
import { formatScaled } from '@seam/units';
import type { Connection } from '../platform/db.ts';
import { type RatingReader, ratingSums, ratingsOfCompany } from '../settlement/public.ts';
import { HALF_LIFE_DAYS, ONE, betaOf, scoreOf, weightOf } from './beta.ts';
import { type ReputationEvent, eventOfOwed, eventsOfDelivery } from './events.ts';
import { deliveriesDue, deliveryFacts, owedFacts } from './facts.ts';
import { firstDayShown, fulfilmentViews, isFlagged } from './periods.ts';

const DAY_MS = 24 * 3600_000;

export type NamesOf = (
  connection: Connection,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, { name: string; nameZh: string | null }>>;

/** Every event of these companies, newest first; of two at once by key. */
export async function eventsOf(
  connection: Connection,
  companies: readonly string[],
  now: Date,
): Promise<ReputationEvent[]> {
  const deliveries = await deliveryFacts(connection, companies, now);
  const owed = await owedFacts(connection, companies, now);
  const asked = new Set(companies);
  const sides = await sidesOf(connection, [...new Set(owed.map(({ contractId }) => contractId))]);
  return [
    ...deliveries.flatMap((of) => eventsOfDelivery(of, now)),
    ...owed.map((of) => {
      const contract = sides.get(of.contractId);
      const side = contract?.sellerId === of.debtorId ? 'seller' : 'buyer';
      return eventOfOwed(of, side, contract?.number ?? null, now);
    }),
  ]
    .filter(({ companyId }) => asked.has(companyId))
    .toSorted((a, b) => b.at.getTime() - a.at.getTime() || (a.key < b.key ? -1 : 1));
}

async function sidesOf(connection: Connection, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>();
  const rows = await connection<{ id: string; sellerId: string; number: string }[]>`
    select c.id::text as id, c.seller_id as "sellerId", c.number from contract c where c.id = any(${[...ids]}::uuid[])
    union all
    select x.id::text, c.seller_id, c.number || '/' || x.n from contract_delivery x join contract c on c.id = x.contract_id
     where x.id = any(${[...ids]}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row]));
}

const weighed = (event: ReputationEvent, now: Date) => ({
  // An event of a clock that ran ahead is of today.
  ageDays: Math.max(0, Math.floor((now.getTime() - event.at.getTime()) / DAY_MS)),
  success: event.success,
  value: event.value,
});

function scored(events: readonly ReputationEvent[], now: Date) {
  const of = betaOf(events.map((event) => weighed(event, now)));
  const big = (value: bigint): string => formatScaled((2n * value + ONE / 10_000n) / (ONE / 5_000n), 4);
  return {
    score: of.count === 0 ? null : formatScaled(BigInt(scoreOf(of)), 4),
    alpha: big(of.alpha),
    beta: big(of.beta),
    events: of.count,
  };
}

export async function reputationBriefs(
  connection: Connection,
  companies: readonly string[],
  now: Date,
): Promise<ReputationBrief[]> {
  const ids = [...new Set(companies)];
  const events = await eventsOf(connection, ids, now);
  const sums = await ratingSums(connection, ids, now);
  const briefs: ReputationBrief[] = [];
  for (const companyId of ids) {
    const mine = events.filter((event) => event.companyId === companyId);
    const due = await deliveriesDue(connection, companyId, firstDayShown(now), now);
    const stars = sums.get(companyId);
    briefs.push({
      companyId,
      ...scored(mine, now),
      closed: new Set(mine.filter(({ component }) => component === 'disputes').map((one) => one.contractId))
        .size,
      stars: stars ? formatScaled(BigInt(Math.round((stars.sum * 10) / stars.count)), 1) : null,
      ratings: stars?.count ?? 0,
      flagged: isFlagged(fulfilmentViews(companyId, due)),
    });
  }
  return briefs;
}

/** @returns undefined when there is no such company. */
export async function reputationView(
  connection: Connection,
  namesOf: NamesOf,
  of: { readonly companyId: string; readonly reader: RatingReader; readonly now: Date },
): Promise<ReputationView | undefined> {
  const { companyId, reader, now } = of;
  const name = (await namesOf(connection, [companyId])).get(companyId);
  if (!name) return undefined;
  const [brief] = await reputationBriefs(connection, [companyId], now);
  const events = await eventsOf(connection, [companyId], now);
  const due = await deliveriesDue(connection, companyId, firstDayShown(now), now);
  return {
    ...brief!,
    company: { id: companyId, name: name.name, nameZh: name.nameZh },
    halfLifeDays: HALF_LIFE_DAYS,
    components: COMPONENTS.map((component) => ({
      component,
      ...scored(
        events.filter((event) => event.component === component),
        now,
      ),
    })),
    fulfilment: fulfilmentViews(companyId, due),
    ratingList: await ratingsOfCompany(connection, companyId, reader, now),
    asOf: now.toISOString(),
  };
}

const PAGE = 50;

/** @returns undefined when there is no such company. */
export async function reputationEvents(
  connection: Connection,
  namesOf: NamesOf,
  of: {
    readonly companyId: string;
    readonly component: ReputationComponent | undefined;
    readonly from: number;
    readonly reader: RatingReader;
    readonly now: Date;
  },
): Promise<{ items: ReputationEventView[]; nextCursor: string | null } | undefined> {
  const { companyId, component, from, reader, now } = of;
  if (!(await namesOf(connection, [companyId])).has(companyId)) return undefined;
  const events = (await eventsOf(connection, [companyId], now)).filter(
    (event) => component === undefined || event.component === component,
  );
  const shown = events.slice(from, from + PAGE);
  const names = await namesOf(
    connection,
    shown.map(({ counterpartyId }) => counterpartyId),
  );
  const items = shown.map((event) => {
    const isPart = [event.companyId, event.counterpartyId].includes(reader.organisationId) || reader.staff;
    const other = names.get(event.counterpartyId);
    return {
      // To others the day only: an instant could tell which truck, and so whose.
      at: isPart ? event.at.toISOString() : `${event.at.toISOString().slice(0, 10)}T00:00:00Z`,
      component: event.component,
      side: event.side,
      success: formatScaled(BigInt(event.success), 4),
      valueWeight: formatScaled(event.value, 3),
      weight: formatScaled((2n * weightOf(weighed(event, now)) + ONE / 10_000n) / (ONE / 5_000n), 4),
      contractId: isPart ? event.contractId : null,
      contractNumber: isPart ? event.contractNumber : null,
      deliveryOrderId: isPart ? event.deliveryOrderId : null,
      counterparty:
        isPart && other ? { id: event.counterpartyId, name: other.name, nameZh: other.nameZh } : null,
      facts: isPart ? { ...event.facts } : {},
    };
  });
  return { items, nextCursor: events.length > from + PAGE ? String(from + PAGE) : null };
}
