/**
 * Classes of Chinese coal by GB/T 5751: volatile matter (dry ash free) and caking index G give the class;
 * above G 65 the plastometer's Y decides, and where only the dilatation b is known, that. Lower bounds are
 * exclusive, upper inclusive. The table is data; its numbers are those of the 2009 edition from general
 * knowledge, corroborated for codes, G bands and the rule on Y and b by public copies.
 */
import { type Rational, compare, decimal } from '../exact/rational.ts';

export const GBT_5751 = { edition: 'GB/T 5751-2009', status: 'unverified' } as const;

/** Percent, index points, mm, MJ/kg. */
export type ClassInputs = {
  readonly volatileDaf: Rational;
  readonly cakingIndex?: Rational;
  readonly plastometerY?: Rational;
  readonly dilatation?: Rational;
  readonly hydrogenDaf?: Rational;
  readonly transmittance?: Rational;
  /** Gross, moist, ash free. */
  readonly grossMaf?: Rational;
};
export type ClassInput = keyof ClassInputs;

export type CoalClass = { readonly name: string; readonly code: string };
export type ClassConflict = 'y_and_b_disagree' | 'volatile_and_hydrogen_disagree';
export type Classified =
  | { readonly ok: true; readonly class: CoalClass; readonly conflicts: readonly ClassConflict[] }
  /** What the class still depends on, and which are possible. */
  | {
      readonly ok: false;
      readonly code: 'incomplete';
      readonly missing: readonly ClassInput[];
      readonly candidates: readonly CoalClass[];
    }
  | { readonly ok: false; readonly code: 'out_of_range'; readonly at: ClassInput };

type Interval = readonly [above: string | null, upTo: string | null];
type Row = CoalClass & { readonly v: Interval; readonly g: Interval; readonly fat?: boolean };

const ANY: Interval = [null, null];
/** `fat`: Y above 25 mm (or b above the limit of the band) makes these out of the row with the same G. */
const ROWS: readonly Row[] = [
  { name: 'PM', code: '11', v: ['10', '20'], g: [null, '5'] },
  { name: 'PS', code: '12', v: ['10', '20'], g: ['5', '20'] },
  { name: 'SM', code: '13', v: ['10', '20'], g: ['20', '50'] },
  { name: 'SM', code: '14', v: ['10', '20'], g: ['50', '65'] },
  { name: 'JM', code: '15', v: ['10', '20'], g: ['65', null], fat: false },
  { name: 'FM', code: '16', v: ['10', '20'], g: ['65', null], fat: true },
  { name: 'BN', code: '21', v: ['20', '28'], g: [null, '5'] },
  { name: 'RN', code: '22', v: ['20', '28'], g: ['5', '30'] },
  { name: '1/2ZN', code: '23', v: ['20', '28'], g: ['30', '50'] },
  { name: 'JM', code: '24', v: ['20', '28'], g: ['50', '65'] },
  { name: 'JM', code: '25', v: ['20', '28'], g: ['65', null], fat: false },
  { name: 'FM', code: '26', v: ['20', '28'], g: ['65', null], fat: true },
  { name: 'BN', code: '31', v: ['28', '37'], g: [null, '5'] },
  { name: 'RN', code: '32', v: ['28', '37'], g: ['5', '30'] },
  { name: '1/2ZN', code: '33', v: ['28', '37'], g: ['30', '50'] },
  { name: 'QM', code: '34', v: ['28', '37'], g: ['50', '65'] },
  { name: '1/3JM', code: '35', v: ['28', '37'], g: ['65', null], fat: false },
  { name: 'FM', code: '36', v: ['28', '37'], g: ['65', null], fat: true },
  { name: 'CY', code: '42', v: ['37', null], g: ['5', '35'] },
  { name: 'QM', code: '43', v: ['37', null], g: ['35', '50'] },
  { name: 'QM', code: '44', v: ['37', null], g: ['50', '65'] },
  { name: 'QM', code: '45', v: ['37', null], g: ['65', null], fat: false },
  { name: 'QF', code: '46', v: ['37', null], g: ['65', null], fat: true },
];
const CY41: CoalClass = { name: 'CY', code: '41' };
const HM51: CoalClass = { name: 'HM', code: '51' };
const HM52: CoalClass = { name: 'HM', code: '52' };

const ANTHRACITES: readonly (CoalClass & { readonly v: Interval; readonly h: Interval })[] = [
  { name: 'WY1', code: '01', v: [null, '3.5'], h: [null, '2'] },
  { name: 'WY2', code: '02', v: ['3.5', '6.5'], h: ['2', '3'] },
  { name: 'WY3', code: '03', v: ['6.5', '10'], h: ['3', null] },
];

const POSSIBLE: Readonly<Record<ClassInput, readonly [string, string]>> = {
  volatileDaf: ['0', '100'],
  cakingIndex: ['0', '110'],
  plastometerY: ['0', '50'],
  dilatation: ['-100', '400'],
  hydrogenDaf: ['0', '20'],
  transmittance: ['0', '100'],
  grossMaf: ['0', '40'],
};

export function classify(of: ClassInputs): Classified {
  for (const [at, [least, most]] of Object.entries(POSSIBLE) as [ClassInput, readonly [string, string]][]) {
    const value = of[at];
    if (value && !isIn(value, ANY, [least, most])) return { ok: false, code: 'out_of_range', at };
  }
  if (compare(of.volatileDaf, decimal('10')) <= 0) return anthracite(of);
  const g = of.cakingIndex;
  const byVolatile = ROWS.filter((row) => isIn(of.volatileDaf, row.v));
  const high = compare(of.volatileDaf, decimal('37')) > 0;
  if (!g) {
    const also = high ? [HM51, HM52, CY41] : [];
    return incomplete(['cakingIndex'], [...also, ...byVolatile]);
  }
  if (high && compare(g, decimal('5')) <= 0) return lignite(of);
  const rows = byVolatile.filter((row) => isIn(g, row.g));
  const [only] = rows;
  if (rows.length === 1 && only) return found(only, []);
  return fatOrNot(of, rows);
}

/** Above G 65: Y above 25 mm makes the fat class; b only where Y is not known. */
function fatOrNot(of: ClassInputs, rows: readonly Row[]): Classified {
  const limit = compare(of.volatileDaf, decimal('28')) <= 0 ? decimal('150') : decimal('220');
  const byY = of.plastometerY && compare(of.plastometerY, decimal('25')) > 0;
  const byB = of.dilatation && compare(of.dilatation, limit) > 0;
  const fat = byY ?? byB;
  const row = rows.find((candidate) => candidate.fat === fat);
  if (fat === undefined || !row) return incomplete(['plastometerY'], rows);
  const disagree = byY !== undefined && byB !== undefined && byY !== byB;
  return found(row, disagree ? ['y_and_b_disagree'] : []);
}

/** Subclasses by hydrogen where it is known, else by volatile matter. */
function anthracite(of: ClassInputs): Classified {
  const byVolatile = ANTHRACITES.find(({ v }) => isIn(of.volatileDaf, v));
  const { hydrogenDaf } = of;
  const byHydrogen = hydrogenDaf && ANTHRACITES.find(({ h }) => isIn(hydrogenDaf, h));
  const row = byHydrogen ?? byVolatile;
  if (!row) return { ok: false, code: 'out_of_range', at: 'volatileDaf' };
  const disagree = byHydrogen !== undefined && byHydrogen !== byVolatile;
  return found(row, disagree ? ['volatile_and_hydrogen_disagree'] : []);
}

/** Without caking above 37 % of volatile matter: transmittance tells lignite from long flame coal. */
function lignite(of: ClassInputs): Classified {
  const { transmittance, grossMaf } = of;
  if (!transmittance) return incomplete(['transmittance'], [HM51, HM52, CY41]);
  if (compare(transmittance, decimal('30')) <= 0) return found(HM51, []);
  if (compare(transmittance, decimal('50')) > 0) return found(CY41, []);
  if (!grossMaf) return incomplete(['grossMaf'], [HM52, CY41]);
  return found(compare(grossMaf, decimal('24')) > 0 ? CY41 : HM52, []);
}

function found({ name, code }: CoalClass, conflicts: readonly ClassConflict[]): Classified {
  return { ok: true, class: { name, code }, conflicts };
}

function incomplete(missing: readonly ClassInput[], rows: readonly CoalClass[]): Classified {
  return {
    ok: false,
    code: 'incomplete',
    missing,
    candidates: rows.map(({ name, code }) => ({ name, code })),
  };
}

/** In (above, upTo], and in the closed `within` when given. */
function isIn(value: Rational, [above, upTo]: Interval, within?: readonly [string, string]): boolean {
  const closed =
    !within || (compare(value, decimal(within[0])) >= 0 && compare(value, decimal(within[1])) <= 0);
  const lower = above === null || compare(value, decimal(above)) > 0;
  return closed && lower && (upTo === null || compare(value, decimal(upTo)) <= 0);
}
