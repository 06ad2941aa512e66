/**
 * Lanes of the centre as CSV: read with a preview line by line, and written so that what was written can be
 * read again and changes nothing. A faulty line takes no other with it.
 */
import { parse } from 'csv-parse/sync';
import { LANE_COLUMNS, type LaneImport, type LaneInput } from '@seam/protocol';
import { canonicalJson, formatMoney, formatScaled, formatTonnes } from '@seam/units';
import type { Sql } from 'postgres';
import { type Connection, type Tx, isPgError } from '../platform/db.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { checkTariff } from './input.ts';
import { type Keeper, type LaneDeps, createLane, putTariff, versionsOf, lockLane } from './lane-commands.ts';
import { IMPORT_LINES_MAX } from './limits.ts';
import type { CheckedTariff } from './input.ts';
import type { StoredTerms } from './tables.ts';

type Column = (typeof LANE_COLUMNS)[number];
type Line = { readonly number: number; readonly values: Readonly<Partial<Record<Column, string>>> };
type LineFault = LaneImport['refusals'][number];

const NEEDED: readonly Column[] = ['from', 'to', 'mode', 'kind', 'currency', 'valid_from', 'source'];

/** Everything in one transaction; a dry run does the same and undoes it, so that it cannot say anything else. */
export async function importLanes(
  sql: Sql,
  deps: LaneDeps,
  keeper: Keeper,
  of: { readonly csv: string; readonly dryRun: boolean },
): Promise<LaneImport | Refusal> {
  const lines = readLines(of.csv);
  if (isRefusal(lines)) return lines;
  class Undo extends Error {}
  const refusals: LineFault[] = [];
  let [loaded, unchanged] = [0, 0];
  await sql
    .begin(async (tx) => {
      const places = await placesByName(tx);
      for (const line of lines) {
        // A line that PostgreSQL refuses is undone alone.
        const done = await tx
          .savepoint(async (inner) => loadLine(inner as unknown as Tx, deps, keeper, line, places))
          .catch((error: unknown) => {
            if (isPgError(error, '23P01')) return refuse('freight.validity_overlaps');
            throw error;
          });
        if (isRefusal(done))
          refusals.push({ line: line.number, code: done.refused, fields: columnsOf(done.fields ?? {}) });
        else if (done === 'loaded') loaded += 1;
        else unchanged += 1;
      }
      if (of.dryRun) throw new Undo();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error;
    });
  return { dryRun: of.dryRun, lines: lines.length, loaded, unchanged, refusals };
}

function readLines(csv: string): readonly Line[] | Refusal {
  let rows: string[][];
  try {
    rows = parse(csv, { bom: true, relax_column_count: true, skip_empty_lines: false, trim: true });
  } catch (error) {
    return refuse('freight.import_header', {
      detail: error instanceof Error ? error.message.slice(0, 200) : '',
    });
  }
  const [head = [], ...body] = rows;
  if (body.length > IMPORT_LINES_MAX)
    return refuse('freight.import_too_large', { accepted: { lines: `≤ ${IMPORT_LINES_MAX}` } });
  const missing = NEEDED.filter((name) => !head.includes(name));
  if (missing.length > 0)
    return refuse('freight.import_header', { accepted: { columns: missing.join(', ') } });
  return body.flatMap((cells, index): Line[] =>
    cells.every((cell) => cell === '')
      ? []
      : [
          {
            number: index + 2,
            values: Object.fromEntries(
              LANE_COLUMNS.flatMap((name) => {
                const at = head.indexOf(name);
                const value = at < 0 ? '' : (cells[at] ?? '').replace(/^'(?=[=+@\t])/, '');
                return value === '' ? [] : [[name, value]];
              }),
            ),
          },
        ],
  );
}

async function loadLine(
  tx: Tx,
  deps: LaneDeps,
  keeper: Keeper,
  line: Line,
  places: ReadonlyMap<string, string>,
): Promise<'loaded' | 'unchanged' | Refusal> {
  const { values } = line;
  const carrierId = values.carrier ?? null;
  if (carrierId !== null && !(await deps.isCarrier(tx, carrierId)))
    return refuse('freight.not_a_carrier', { fields: { carrier: 'freight.not_a_carrier' } });
  const input = inputOf(values, places);
  const of = { ...keeper, carrierId };
  const [known] = await tx<{ id: string }[]>`select id from freight_lane
    where from_place_id = ${input.fromPlaceId} and to_place_id = ${input.toPlaceId} and mode = ${input.mode}
      and carrier_id is not distinct from ${carrierId}`;
  if (!known) {
    const made = await createLane(tx, deps, of, input);
    return isRefusal(made) ? made : 'loaded';
  }
  const lane = await lockLane(tx, of, known.id);
  if (!lane) return refuse('resource.not_found');
  const [from, to] = await Promise.all([located(tx, input.fromPlaceId), located(tx, input.toPlaceId)]);
  const tariff = checkTariff(input.tariff, { mode: lane.mode, from, to });
  if (isRefusal(tariff)) return tariff;
  const standing = (await versionsOf(tx, lane.id)).filter(({ endedAt }) => endedAt === null);
  if (standing.some((each) => isSame(each, tariff))) return 'unchanged';
  const made = { by: keeper.personId, at: deps.clock.now() };
  const put = await putTariff(tx, lane, tariff, made);
  return isRefusal(put) ? put : 'loaded';
}

function inputOf(values: Line['values'], places: ReadonlyMap<string, string>): LaneInput {
  const optional = <K extends string>(name: K, value: string | undefined) =>
    (value === undefined ? {} : { [name]: value }) as Partial<Record<K, string>>;
  const steps = values.steps?.split(';').map((step) => {
    const [fromTonnes = '', perTonne = ''] = step.split(':');
    return { fromTonnes: fromTonnes.trim(), perTonne: perTonne.trim() };
  });
  return {
    fromPlaceId: places.get(values.from ?? '') ?? values.from ?? '',
    toPlaceId: places.get(values.to ?? '') ?? values.to ?? '',
    mode: values.mode ?? '',
    tariff: {
      kind: kindOf(values.kind),
      currency: values.currency ?? '',
      ...optional('perTonne', values.per_tonne),
      ...optional('perTonneKm', values.per_tonne_km),
      ...optional('terminal', values.terminal),
      ...optional('minimum', values.minimum),
      ...(steps && { steps }),
      ...optional('loading', values.loading),
      ...optional('unloading', values.unloading),
      ...optional('lossPermille', values.loss_permille),
      ...optional('distanceKm', values.distance_km),
      ...optional('hours', values.hours),
      validFrom: values.valid_from ?? '',
      ...optional('validTo', values.valid_to),
      source: values.source ?? '',
    },
    ...(values.capacity_t !== undefined && {
      capacity: {
        quantity: values.capacity_t,
        per: values.capacity_per === 'week' ? ('week' as const) : ('month' as const),
      },
    }),
  };
}

/** An unknown kind is judged as the simplest, which then lacks its amount. */
function kindOf(text: string | undefined): LaneInput['tariff']['kind'] {
  return text === 'per_tonne_km' || text === 'weight_steps' ? text : 'per_tonne';
}

const COLUMN_OF: Readonly<Record<string, Column>> = {
  fromPlaceId: 'from',
  toPlaceId: 'to',
  perTonne: 'per_tonne',
  perTonneKm: 'per_tonne_km',
  lossPermille: 'loss_permille',
  distanceKm: 'distance_km',
  validFrom: 'valid_from',
  validTo: 'valid_to',
  'capacity.quantity': 'capacity_t',
};

function columnsOf(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, code]) => {
      const name = field.replace(/^tariff\./, '');
      return [name.startsWith('steps') ? 'steps' : (COLUMN_OF[name] ?? name), code];
    }),
  );
}

/** By id, and by the name a place has in the register it is from. */
async function placesByName(tx: Tx): Promise<ReadonlyMap<string, string>> {
  const rows = await tx<{ id: string; externalId: string | null }[]>`
    select id, external_id as "externalId" from place`;
  return new Map(
    rows.flatMap(({ id, externalId }): [string, string][] => [
      [id, id],
      ...(externalId === null ? [] : ([[externalId, id]] as [string, string][])),
    ]),
  );
}

async function located(
  connection: Connection,
  id: string,
): Promise<{ latitude: number | null; longitude: number | null }> {
  const [row] = await connection<{ latitude: number | null; longitude: number | null }[]>`
    select latitude, longitude from place where id = ${id}`;
  return row ?? { latitude: null, longitude: null };
}

function isSame(row: CheckedTariff, other: CheckedTariff): boolean {
  const text = ({
    currency,
    terms,
    loading,
    unloading,
    lossPermille,
    distanceKm,
    hours,
    ...rest
  }: CheckedTariff) =>
    JSON.stringify([
      currency,
      canonicalJson(terms),
      String(loading),
      String(unloading),
      lossPermille,
      distanceKm,
      hours,
      rest.validFrom,
      rest.validTo,
      rest.source,
    ]);
  return text(row) === text(other);
}

/** Lanes with the tariffs that stand, in the columns of an import. */
export async function exportLanes(connection: Connection): Promise<string> {
  const rows = await connection<
    {
      from: string;
      to: string;
      mode: string;
      carrierId: string | null;
      capacityKg: string | null;
      capacityPer: string | null;
      currency: string;
      terms: StoredTerms;
      loading: string;
      unloading: string;
      lossPermille: number;
      distanceKm: number;
      distanceGiven: boolean;
      hours: number;
      validFrom: string;
      validTo: string | null;
      source: string;
    }[]
  >`select coalesce(f.external_id, f.id) as from, coalesce(g.external_id, g.id) as to, l.mode,
           l.carrier_id as "carrierId", l.capacity_kg as "capacityKg", l.capacity_per as "capacityPer",
           t.currency, t.terms, t.loading, t.unloading, t.loss_permille as "lossPermille",
           t.distance_km as "distanceKm", t.distance_given as "distanceGiven", t.hours,
           t.valid_from::text as "validFrom", t.valid_to::text as "validTo", t.source
      from freight_tariff t
      join freight_lane l on l.id = t.lane_id
      join place f on f.id = l.from_place_id join place g on g.id = l.to_place_id
     where t.ended_at is null
     order by l.number, t.valid_from`;
  const lines = rows.map(({ terms, ...row }) => {
    const money = (text: string): string => formatMoney(BigInt(text));
    const byKm = terms.kind === 'per_tonne_km' ? terms : undefined;
    const steps = terms.kind === 'weight_steps' ? terms.steps : [];
    const values: Record<Column, string> = {
      from: row.from,
      to: row.to,
      mode: row.mode,
      carrier: row.carrierId ?? '',
      kind: terms.kind,
      currency: row.currency,
      per_tonne: terms.kind === 'per_tonne' ? money(terms.perTonne) : '',
      per_tonne_km: byKm ? formatScaled(BigInt(byKm.perThousandTonneKm), 5) : '',
      terminal: byKm ? money(byKm.terminal) : '',
      minimum: byKm ? money(byKm.minimum) : '',
      steps: steps
        .map(({ fromKg, perTonne }) => `${formatTonnes(BigInt(fromKg))}:${money(perTonne)}`)
        .join(';'),
      loading: money(row.loading),
      unloading: money(row.unloading),
      loss_permille: String(row.lossPermille),
      distance_km: row.distanceGiven ? String(row.distanceKm) : '',
      hours: String(row.hours),
      valid_from: row.validFrom,
      valid_to: row.validTo ?? '',
      capacity_t: row.capacityKg === null ? '' : formatTonnes(BigInt(row.capacityKg)),
      capacity_per: row.capacityPer ?? '',
      source: row.source,
    };
    return LANE_COLUMNS.map((name) => quoted(values[name])).join(',');
  });
  return `${[LANE_COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

/** A cell that a spreadsheet would take for a formula is kept a text. */
function quoted(value: string): string {
  const safe = /^[=+@\t]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
