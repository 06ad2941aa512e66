/** Rows of freight as the wire shows them. */
import type { FreightLegView, PlaceView, QuoteView, SlotView, TariffView } from '@seam/protocol';
import { cost, formatMoney, formatScaled, formatTonnes, kilograms, minor } from '@seam/units';
import { type PlaceRow, placeView } from '../listings/public.ts';
import { assert } from '../platform/fault.ts';
import { DEFAULT_TARIFF } from './estimate.ts';
import { type Leg, distanceOf } from './route.ts';
import { slotEnd } from './slots.ts';
import type { CapacityPeriod, QuoteRow, QuoteVersionRow, TariffRow, TransportRow } from './tables.ts';

export type Places = ReadonlyMap<string, PlaceRow>;
export type Names = ReadonlyMap<string, { readonly name: string; readonly nameZh: string | null }>;

export function placeIn(places: Places, id: string): PlaceView {
  const row = places.get(id);
  assert(row, `place ${id} is gone`);
  return placeView(row);
}

export function partyIn(names: Names, id: string): { id: string; name: string; nameZh: string | null } {
  const known = names.get(id);
  return { id, name: known?.name ?? id, nameZh: known?.nameZh ?? null };
}

export function tariffView(row: TariffRow): TariffView {
  const { terms } = row;
  const money = (text: string): string => formatMoney(BigInt(text));
  return {
    version: row.version,
    kind: terms.kind,
    currency: row.currency,
    perTonne: terms.kind === 'per_tonne' ? money(terms.perTonne) : null,
    perTonneKm: terms.kind === 'per_tonne_km' ? formatScaled(BigInt(terms.perThousandTonneKm), 5) : null,
    terminal: terms.kind === 'per_tonne_km' ? money(terms.terminal) : null,
    minimum: terms.kind === 'per_tonne_km' ? money(terms.minimum) : null,
    steps:
      terms.kind === 'weight_steps'
        ? terms.steps.map(({ fromKg, perTonne }) => ({
            fromTonnes: formatTonnes(BigInt(fromKg)),
            perTonne: money(perTonne),
          }))
        : [],
    loading: formatMoney(row.loading),
    unloading: formatMoney(row.unloading),
    lossPermille: row.lossPermille,
    distanceKm: row.distanceKm,
    distanceGiven: row.distanceGiven,
    hours: row.hours,
    validFrom: row.validFrom,
    validTo: row.validTo,
    source: row.source,
    madeAt: row.madeAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

export function slotView(
  period: CapacityPeriod,
  slot: { readonly begins: string; readonly capacityKg: bigint; readonly takenKg: bigint },
): SlotView {
  return {
    begins: slot.begins,
    ends: slotEnd(period, slot.begins),
    total: formatTonnes(slot.capacityKg),
    free: formatTonnes(slot.capacityKg - slot.takenKg),
  };
}

/** @param places of every leg, @param source of the tariff of a lane by `id version`. */
export function legView(
  leg: Leg,
  places: Places,
  names: Names,
  source: ReadonlyMap<string, string>,
): FreightLegView {
  const common = {
    from: placeIn(places, leg.from),
    to: placeIn(places, leg.to),
    distanceKm: distanceOf(leg),
  };
  if (leg.basis === 'estimate') {
    const { estimate } = leg;
    const perTonne = formatMoney(estimate.perTonne);
    return {
      ...common,
      basis: 'estimate',
      mode: estimate.mode,
      carrier: null,
      laneId: null,
      version: null,
      source: DEFAULT_TARIFF,
      haulage: perTonne,
      loading: '0.00',
      unloading: '0.00',
      perTonne,
      lossPermille: 0,
      hours: estimate.hours,
    };
  }
  const { lane, charges } = leg;
  return {
    ...common,
    basis: 'lane',
    mode: lane.mode,
    carrier: lane.carrierId === null ? null : partyIn(names, lane.carrierId),
    laneId: lane.id,
    version: lane.version,
    source: source.get(`${lane.id} ${lane.version}`) ?? '',
    haulage: formatMoney(charges.haulage),
    loading: formatMoney(charges.loading),
    unloading: formatMoney(charges.unloading),
    perTonne: formatMoney(charges.haulage + charges.loading + charges.unloading),
    lossPermille: lane.lossPermille,
    hours: lane.hours,
  };
}

export function quoteView(
  quote: QuoteRow,
  version: QuoteVersionRow,
  of: {
    readonly request: TransportRow;
    readonly names: Names;
    readonly organisationId: string;
    readonly now: Date;
  },
): QuoteView {
  const lapsed = quote.state === 'offered' && version.validUntil <= of.now;
  return {
    id: quote.id,
    carrier: partyIn(of.names, quote.carrierId),
    state: lapsed ? 'expired' : quote.state,
    version: version.version,
    pricePerTonne: formatMoney(version.pricePerTonne),
    total: formatMoney(cost(minor(version.pricePerTonne), kilograms(of.request.quantityKg))),
    lossPermille: version.lossPermille,
    hours: version.hours,
    slots: version.slots.map(({ laneId, begins, kg }) => ({
      laneId,
      begins,
      quantity: formatTonnes(BigInt(kg)),
    })),
    note: version.note,
    validUntil: version.validUntil.toISOString(),
    madeAt: version.madeAt.toISOString(),
    hash: Buffer.from(version.sha256).toString('hex'),
    own: quote.carrierId === of.organisationId,
  };
}
