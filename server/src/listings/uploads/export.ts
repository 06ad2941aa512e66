/** Lots as CSV in the form that is read again: what comes out can go in, value for value. */
import type { Assay, CalorificValue, Share } from '@seam/coal';
import { formatMoney, formatTonnes } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { assayOf, percentText } from '../assay.ts';
import type { Offer } from '../offer.ts';
import type { ListingRow } from '../tables.ts';
import { type Sites, sitesOf } from '../view.ts';
import { COLUMNS, type Column } from './columns.ts';
import { guarded } from './row.ts';

const NAMES = Object.keys(COLUMNS) as Column[];

/** With a byte order mark, without which spreadsheets take Chinese for something else. */
export function csvLine(fields: readonly string[]): string {
  const quoted = fields.map((field) => {
    const text = guarded(broken(field));
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${quoted.join(',')}\r\n`;
}

/** A record is read over so many lines at most; a text of more goes on without line breaks. */
const BREAKS_MAX = 24;

function broken(text: string): string {
  const lines = text.split(/\r\n?|\n/);
  return [...lines.slice(0, BREAKS_MAX), lines.slice(BREAKS_MAX).join(' ')].join('\n').replace(/\n$/, '');
}
export const CSV_START = '\uFEFF';

export async function lotsCsv(connection: Connection, rows: readonly ListingRow[]): Promise<string> {
  return lotsText(rows, await sitesOf(connection, rows));
}

/** @param sites of these rows. */
export function lotsText(rows: readonly ExportedLot[], sites: Sites): string {
  return CSV_START + csvLine(NAMES) + rows.map((row) => csvLine(lotFields(row, sites))).join('');
}

/** The terms of a lot: what else stands in its row belongs to its life, not to the offer. */
type ExportedLot = Offer['terms'];

/** A file to begin with: the headings, and a row that shows how values are written. */
export function templateCsv(): string {
  const example: Partial<Record<Column, string>> = {
    channel: 'spot',
    mine: 'Tashan',
    mine_zh: '塔山',
    country: 'CN',
    region: 'Shanxi',
    latitude: '39.92',
    longitude: '113.07',
    rank: 'bituminous',
    quantity: '10000',
    total_moisture: '9.80',
    inherent_moisture: '3.20',
    ash: '18.40',
    ash_basis: 'd',
    volatile: '38.10',
    volatile_basis: 'daf',
    sulphur: '0.72',
    sulphur_basis: 'd',
    calorific_value: '5520',
    calorific_unit: 'kcal/kg',
    calorific_kind: 'net',
    calorific_basis: 'ar',
    size_min: '0',
    size_max: '50',
    currency: 'CNY',
    sale_method: 'fixed_price',
    price: '612.50',
    delivery_term: 'ex_mine',
    window_from: '2027-01-01',
    window_to: '2027-01-31',
    transport: 'rail',
  };
  return CSV_START + csvLine(NAMES) + csvLine(NAMES.map((name) => example[name] ?? ''));
}

function lotFields(row: ExportedLot, sites: Sites): string[] {
  const assay = assayOf(row);
  const fields: Record<Column, string> = {
    ...qualityFields(row, assay),
    ...saleFields(row),
    mine_id: row.mineId,
    // For people: on the way back in the mine is known by its id.
    ...mineFields(row, sites),
    rank: row.coalRank,
    delivery_term: row.deliveryTerm ?? '',
    delivery_place: row.deliveryPlaceId ?? '',
    load_place: row.loadPlaceId ?? '',
    window_from: row.windowFrom,
    window_to: row.windowTo,
    transport: row.transport,
    valid_until: row.expiresAt.toISOString(),
    note: row.note,
  };
  return NAMES.map((name) => fields[name]);
}

function mineFields(row: ExportedLot, sites: Sites) {
  const mine = sites.mines.get(row.mineId);
  return {
    mine: mine?.name ?? '',
    mine_zh: mine?.nameZh ?? '',
    country: mine?.country ?? '',
    region: mine?.region ?? '',
    latitude: mine?.latitude == null ? '' : String(mine.latitude),
    longitude: mine?.longitude == null ? '' : String(mine.longitude),
  };
}

function qualityFields(row: ExportedLot, assay: Assay) {
  const percent = (value: number | null | undefined): string => (value == null ? '' : percentText(value));
  return {
    total_moisture: percent(row.totalMoistureBp),
    inherent_moisture: percent(row.inherentMoistureBp),
    ash: percent(row.ashBp),
    ash_basis: row.ashBasis,
    volatile: percent(row.volatileBp),
    volatile_basis: row.volatileBasis ?? '',
    sulphur: percent(row.sulphurBp),
    sulphur_basis: row.sulphurBasis,
    calorific_value: row.calorificTyped,
    calorific_unit: row.calorificUnit,
    calorific_kind: assay.calorificValue.kind,
    calorific_basis: assay.calorificValue.basis,
    hgi: row.hardgroveIndex === null ? '' : String(row.hardgroveIndex),
    size_min: row.sizeMinMm === null ? '' : String(row.sizeMinMm),
    size_max: row.sizeMaxMm === null ? '' : String(row.sizeMaxMm),
    ...furtherFields(assay),
  };
}

/** What few lots state. */
function furtherFields({ fixedCarbon, hydrogen, ashFusion, also }: Assay) {
  const share = ({ basisPoints, basis }: Share): string => `${percentText(basisPoints)} ${basis}`;
  const heat = ({ joulesPerGram, kind, basis }: CalorificValue): string =>
    `${joulesPerGram} J/g ${kind} ${basis}`;
  const list = <T>(stated: readonly T[] | undefined, say: (one: T) => string): string =>
    (stated ?? []).map(say).join('; ');
  return {
    fixed_carbon: fixedCarbon ? percentText(fixedCarbon.basisPoints) : '',
    fixed_carbon_basis: fixedCarbon?.basis ?? '',
    hydrogen: hydrogen ? percentText(hydrogen.basisPoints) : '',
    hydrogen_basis: hydrogen?.basis ?? '',
    also_ash: list(also?.ash, share),
    also_volatile: list(also?.volatileMatter, share),
    also_sulphur: list(also?.sulphur, share),
    also_calorific_value: list(also?.calorificValue, heat),
    ash_deformation: String(ashFusion?.deformationCelsius ?? ''),
    ash_softening: String(ashFusion?.softeningCelsius ?? ''),
    ash_atmosphere: ashFusion?.atmosphere ?? '',
  };
}

function saleFields(row: ExportedLot) {
  return {
    channel: row.channel ?? '',
    trading_day: row.tradingDay ?? '',
    session_id: row.sessionId ?? '',
    month_split: (row.monthSplit ?? [])
      .map(({ month, kg }) => `${month}: ${formatTonnes(BigInt(kg))}`)
      .join('; '),
    quantity: formatTonnes(row.quantityKg),
    currency: row.currency ?? '',
    sale_method: row.saleMethod ?? '',
    price: row.pricePerTonne === null ? '' : formatMoney(row.pricePerTonne),
    start_price: row.startPrice === null ? '' : formatMoney(row.startPrice),
  };
}
