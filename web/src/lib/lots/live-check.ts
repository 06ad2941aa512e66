/** What the exchange will say about an assay, said while it is typed: the same rules, from packages/coal. */
import {
  type Assay,
  type AuditFlag,
  type CoalRank,
  auditAssay,
  heatOn,
  parseRational,
  roundHalfEven,
  shareOn,
  toDecimal,
  toJoulesPerGram,
  validateAssay,
} from '@seam/coal';
import type { AssayStatement } from '@seam/protocol';
import { parseScaled } from '@seam/units';

export type LiveCheck = {
  readonly flags: readonly AuditFlag[];
  /** On the as received basis: J/g whole, percent with two digits; null when it does not follow. */
  readonly netJoulesPerGram: number | null;
  readonly ash: string | null;
  readonly sulphur: string | null;
};

/** @returns undefined while the numbers are not complete, or no coal can have them. */
export function liveCheck(statement: AssayStatement, rank: string): LiveCheck | undefined {
  const assay = assayFrom(statement);
  if (!assay || validateAssay(assay).errors.length > 0) return undefined;
  const net = heatOn(assay, 'net', 'ar')?.joulesPerGram;
  const share = (parameter: 'ash' | 'sulphur'): string | null => {
    const value = shareOn(assay, parameter, 'ar');
    return value ? toDecimal(value, 2) : null;
  };
  return {
    flags: auditAssay(assay, rank === '' ? undefined : (rank as CoalRank)),
    netJoulesPerGram: net ? Number(roundHalfEven(net)) : null,
    ash: share('ash'),
    sulphur: share('sulphur'),
  };
}

type ShareText = AssayStatement['ash'];

function assayFrom(statement: AssayStatement): Assay | undefined {
  let complete = true;
  const points = (text: string): number => {
    const value = parseScaled(plain(text), 2);
    if (value === undefined) complete = false;
    return Number(value ?? 0n);
  };
  const share = ({ value, basis }: ShareText) => ({ basisPoints: points(value), basis });
  const heat = ({ value, unit, kind, basis }: AssayStatement['calorificValue']) => {
    const number = parseRational(plain(value));
    if (!number) complete = false;
    return { joulesPerGram: number ? toJoulesPerGram(number, unit) : 0, kind, basis };
  };
  const { inherentMoisture, volatileMatter, also } = statement;
  const assay: Assay = {
    totalMoisture: { basisPoints: points(statement.totalMoisture), basis: 'ar' },
    ...(inherentMoisture !== undefined && {
      inherentMoisture: { basisPoints: points(inherentMoisture), basis: 'ad' as const },
    }),
    ash: share(statement.ash),
    ...(volatileMatter && { volatileMatter: share(volatileMatter) }),
    sulphur: share(statement.sulphur),
    calorificValue: heat(statement.calorificValue),
    ...(also?.calorificValue && { also: { calorificValue: also.calorificValue.map(heat) } }),
  };
  return complete ? assay : undefined;
}

/** As people type it: `1,234.5`, full-width digits. */
export function plain(text: string): string {
  return text.normalize('NFKC').replaceAll(/[,\s\u00a0]/g, '');
}
