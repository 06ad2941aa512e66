/**
 * Coal quality on the wire: what a seller, a buyer or a laboratory states, each value with its basis.
 * Ranges are not checked here but by packages/coal, so that a wrong number gets a code and not a pattern.
 */
import { CURRENCIES } from '@seam/units';
import { Type, type Static } from 'typebox';
import { Exact } from './common.ts';

export const CurrencyCode = Type.Enum(CURRENCIES);

/** A decimal, perhaps negative: what is out of range is refused with the field named. */
export const Decimal = Type.String({
  pattern: '^-?\\d{1,15}(\\.\\d{1,9})?$',
  description: 'Decimal number without exponent',
});

export const Basis = Type.Enum(['ar', 'ad', 'd', 'daf']);
export const CoalRank = Type.Enum([
  'anthracite',
  'coking',
  'bituminous',
  'sub_bituminous',
  'lignite',
  'waste',
]);
export const EnergyUnit = Type.Enum(['J/g', 'MJ/kg', 'kcal/kg', 'kcal20/kg', 'Btu/lb', 'MMBtu/st']);
export const HeatKind = Type.Enum(['gross', 'net']);

/** Percent by mass, at most two fraction digits. */
export const ShareStatement = Exact({ value: Decimal, basis: Basis });
export const HeatStatement = Exact({ value: Decimal, unit: EnergyUnit, kind: HeatKind, basis: Basis });

export const AssayStatement = Exact({
  /** As received. */
  totalMoisture: Decimal,
  /** Air dried. */
  inherentMoisture: Type.Optional(Decimal),
  ash: ShareStatement,
  volatileMatter: Type.Optional(ShareStatement),
  sulphur: ShareStatement,
  fixedCarbon: Type.Optional(ShareStatement),
  hydrogen: Type.Optional(ShareStatement),
  calorificValue: HeatStatement,
  hardgroveIndex: Type.Optional(Decimal),
  ashFusion: Type.Optional(
    Exact({
      deformationCelsius: Type.Optional(Decimal),
      softeningCelsius: Type.Optional(Decimal),
      atmosphere: Type.Enum(['reducing', 'oxidising']),
    }),
  ),
  size: Type.Optional(Exact({ minMm: Decimal, maxMm: Decimal })),
  /** The same parameters stated on further bases; compared with the ones above. */
  also: Type.Optional(
    Exact({
      ash: Type.Optional(Type.Array(ShareStatement, { maxItems: 3 })),
      volatileMatter: Type.Optional(Type.Array(ShareStatement, { maxItems: 3 })),
      sulphur: Type.Optional(Type.Array(ShareStatement, { maxItems: 3 })),
      calorificValue: Type.Optional(Type.Array(HeatStatement, { maxItems: 3 })),
    }),
  ),
});
export type AssayStatement = Static<typeof AssayStatement>;

/** One parameter on every basis that follows from the statements; null where they do not say enough. */
const OnBases = Exact({
  stated: Basis,
  ar: Type.Union([Type.String(), Type.Null()]),
  ad: Type.Union([Type.String(), Type.Null()]),
  d: Type.Union([Type.String(), Type.Null()]),
  daf: Type.Union([Type.String(), Type.Null()]),
});

/** Percent by mass, two digits. `fixedCarbon.stated` is absent when it is the rest to 100 %. */
export const QualityTable = Exact({
  ash: OnBases,
  volatileMatter: Type.Optional(OnBases),
  fixedCarbon: Type.Optional(Exact({ ...OnBases.properties, stated: Type.Union([Basis, Type.Null()]) })),
  sulphur: OnBases,
  /** J/g, whole. */
  grossCalorificValue: Exact({ ...OnBases.properties, stated: Type.Union([Basis, Type.Null()]) }),
  netCalorificValue: Exact({ ...OnBases.properties, stated: Type.Union([Basis, Type.Null()]) }),
  /** How the hydrogen between gross and net was known. */
  hydrogen: Type.Union([Type.Enum(['measured', 'from_volatile_matter', 'assumed']), Type.Null()]),
});
export type QualityTable = Static<typeof QualityTable>;

/** A contradiction between statements; numbers are integers in basis points or J/g, as their names say. */
export const AuditFlagView = Exact({
  code: Type.String(),
  basis: Type.Optional(Basis),
  numbers: Type.Record(Type.String(), Type.Number()),
});
export type AuditFlagView = Static<typeof AuditFlagView>;
