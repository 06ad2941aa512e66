/**
 * Every parameter of a certificate of analysis: its symbol, units, the bases it is reported on, what it can
 * be at all (`hard`: refused outside) and what is usual in trade (`soft`: a person looks again), how it
 * behaves in a blend, and the standards laboratories name for it. One table; ranges are decimal texts in the
 * first unit.
 */
import { type Basis, BASES } from './assay.ts';
import { type EnergyUnit, ENERGY_UNITS } from '../heat/energy.ts';
import type { Range } from '../exact/decimals.ts';

export type Unit = '%' | EnergyUnit | 'HGI' | '°C' | 'ug/g' | 'mm' | 'ddpm' | '1';

/** Where a value may stand: basis and, for heat, kind. */
export type ReportedAt = {
  readonly basis?: Basis;
  readonly kind?: 'gross' | 'net';
  readonly hard: Range;
  readonly soft?: Range;
};

export type ParameterSpec = {
  readonly symbol: string;
  /** The first is the one of the ranges. */
  readonly units: readonly Unit[];
  readonly places: readonly ReportedAt[];
  /** The grid of reported values, where there is one. */
  readonly multipleOf?: string;
  /**
   * In a blend: `mass` adds up by mass on a common basis; `energy` adds up as heat; `range` is only known to
   * lie where its parts lie; `test` has to be tested on the blend itself.
   */
  readonly blends: 'mass' | 'energy' | 'range' | 'test';
  readonly standards: readonly string[];
};

type Ranges = { readonly hard: Range; readonly soft?: Range };

function on(bases: readonly Basis[], ranges: Ranges): readonly ReportedAt[] {
  return bases.map((basis) => ({ basis, ...ranges }));
}

function share(
  symbol: string,
  places: readonly ReportedAt[],
  standards: readonly string[] = [],
  blends: ParameterSpec['blends'] = 'mass',
): ParameterSpec {
  return { symbol, units: ['%'], places, blends, standards };
}

function plain(symbol: string, unit: Unit, ranges: Ranges, rest: Partial<ParameterSpec> = {}): ParameterSpec {
  return { symbol, units: [unit], places: [ranges], blends: 'test', standards: [], ...rest };
}

const fusion = (symbol: string, soft?: Range): ParameterSpec =>
  plain(
    symbol,
    '°C',
    { hard: ['900', '1600'], ...(soft && { soft }) },
    { standards: ['GB/T 219', 'ISO 540'] },
  );

const ORGANIC = ['ad', 'd', 'daf', 'ar'] as const;

export const PARAMETERS = {
  totalMoisture: share('Mt', on(['ar'], { hard: ['0.5', '60'], soft: ['4', '38'] }), ['GB/T 211', 'ISO 589']),
  inherentMoisture: share('Mad', on(['ad'], { hard: ['0.2', '30'] }), ['GB/T 212', 'ISO 11722']),
  ash: share('A', on(['ar', 'ad', 'd'], { hard: ['0.1', '99'], soft: ['3', '50'] }), [
    'GB/T 212',
    'ISO 1171',
  ]),
  volatileMatter: share(
    'V',
    [
      ...on(['ar', 'ad', 'd'], { hard: ['0.1', '90'] }),
      ...on(['daf'], { hard: ['0.1', '99'], soft: ['2', '55'] }),
    ],
    ['GB/T 212', 'ISO 562'],
  ),
  fixedCarbon: share('FC', on(BASES, { hard: ['0', '99.99'] }), ['GB/T 212', 'ISO 17246']),
  sulphur: share('St', on(BASES, { hard: ['0', '40'], soft: ['0.1', '5'] }), ['GB/T 214', 'ISO 351']),
  calorificValue: {
    symbol: 'Q',
    units: ENERGY_UNITS,
    places: [
      ...(['ad', 'd', 'ar'] as const).map((basis): ReportedAt => ({
        basis,
        kind: 'gross',
        hard: ['500', '40000'],
      })),
      { basis: 'daf', kind: 'gross', hard: ['500', '40000'], soft: ['20000', '37500'] },
      // 2,500 to 7,200 kcal/kg
      { basis: 'ar', kind: 'net', hard: ['3000', '40000'], soft: ['10467', '30144.96'] },
      ...(['ad', 'd'] as const).map((basis): ReportedAt => ({ basis, kind: 'net', hard: ['3000', '40000'] })),
    ],
    blends: 'energy',
    standards: ['GB/T 213', 'ISO 1928'],
  },
  hydrogen: share(
    'H',
    [
      ...on(['ad', 'd', 'ar'], { hard: ['0', '20'] }),
      ...on(['daf'], { hard: ['0', '20'], soft: ['2', '6.5'] }),
    ],
    ['GB/T 476'],
  ),
  carbon: share('C', on(ORGANIC, { hard: ['0', '100'] }), ['GB/T 476']),
  nitrogen: share('N', on(ORGANIC, { hard: ['0', '5'] })),
  oxygen: share('O', on(ORGANIC, { hard: ['0', '50'] })),
  phosphorus: share('P', on(['ad', 'd'], { hard: ['0', '1'], soft: ['0', '0.15'] })),
  chlorine: { ...share('Cl', on(['ad', 'd'], { hard: ['0', '600'] }), ['GB/T 3558']), units: ['ug/g'] },
  fluorine: { ...share('F', on(['ad', 'd'], { hard: ['0', '500'] })), units: ['ug/g'] },
  hardgroveIndex: plain(
    'HGI',
    'HGI',
    { hard: ['20', '130'], soft: ['45', '70'] },
    { standards: ['GB/T 2565', 'ISO 5074'] },
  ),
  ashDeformation: fusion('DT'),
  ashSoftening: fusion('ST', ['1150', '1600']),
  ashHemispherical: fusion('HT'),
  ashFlow: fusion('FT'),
  sizeMin: plain('size from', 'mm', { hard: ['0', '300'] }, { blends: 'range' }),
  sizeMax: plain('size to', 'mm', { hard: ['0', '300'], soft: ['0', '50'] }, { blends: 'range' }),
  undersize: share('undersize', [{ hard: ['0', '100'] }]),
  swellingIndex: plain('CSN', '1', { hard: ['0', '9'] }, { multipleOf: '0.5', standards: ['ISO 501'] }),
  cakingIndex: plain('G', '1', { hard: ['0', '110'] }, { standards: ['GB/T 5447', 'ISO 15585'] }),
  plastometerY: plain('Y', 'mm', { hard: ['0', '50'] }, { standards: ['GB/T 479'] }),
  plastometerX: plain('X', 'mm', { hard: ['0', '30'] }, { standards: ['GB/T 479'] }),
  dilatation: plain('b', '%', { hard: ['-50', '400'] }),
  strengthAfterReaction: plain('CSR', '%', { hard: ['0', '100'] }, { standards: ['ISO 18894'] }),
  reactivityIndex: plain('CRI', '%', { hard: ['0', '100'] }, { standards: ['ISO 18894'] }),
  reflectance: plain('MMR', '%', { hard: ['0.2', '7'] }),
  fluidity: plain('MF', 'ddpm', { hard: ['0', '60000'] }),
  transmittance: plain('PM', '%', { hard: ['0', '100'] }, { standards: ['GB/T 2566'] }),
  relativeDensity: {
    symbol: 'TRD',
    units: ['1'],
    places: on(['d'], { hard: ['0.5', '8'], soft: ['1.1', '1.8'] }),
    blends: 'test',
    standards: ['GB/T 217'],
  },
} as const satisfies Record<string, ParameterSpec>;
export type Parameter = keyof typeof PARAMETERS;

/** The table without its literal types. */
export function parameterSpec(parameter: Parameter): ParameterSpec {
  return PARAMETERS[parameter];
}

export function isParameter(name: string): name is Parameter {
  return Object.hasOwn(PARAMETERS, name);
}

/** The place of a parameter with this basis and kind. @returns undefined when nobody reports it there. */
export function placeOf(
  parameter: Parameter,
  at: { readonly basis?: Basis | undefined; readonly kind?: 'gross' | 'net' | undefined },
): ReportedAt | undefined {
  return parameterSpec(parameter).places.find((place) => place.basis === at.basis && place.kind === at.kind);
}
