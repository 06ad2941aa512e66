/** What a form would change of the terms it began with, by term: said while it is filled in. */

export type FieldChange = { readonly term: string; readonly from: string; readonly to: string };

/** Fields of the form by the term they belong to; a term is told once, with all its parts. */
const TERMS: Readonly<Record<string, readonly string[]>> = {
  mineId: ['mineText'],
  coalRank: ['coalRank'],
  totalMoisture: ['assay.totalMoisture'],
  inherentMoisture: ['assay.inherentMoisture'],
  ash: ['assay.ash', 'assay.ash.basis'],
  volatileMatter: ['assay.volatileMatter', 'assay.volatileMatter.basis'],
  sulphur: ['assay.sulphur', 'assay.sulphur.basis'],
  calorificValue: [
    'assay.calorificValue',
    'assay.calorificValue.unit',
    'assay.calorificValue.kind',
    'assay.calorificValue.basis',
  ],
  size: ['assay.size.minMm', 'assay.size.maxMm'],
  hardgroveIndex: ['assay.hardgroveIndex'],
  furtherValues: [],
  quantity: ['quantity'],
  currency: ['currency'],
  saleMethod: ['saleMethod'],
  price: ['price'],
  startPrice: ['startPrice'],
  tradingDay: ['tradingDay'],
  sessionId: ['sessionId'],
  monthSplit: ['monthSplit'],
  deliveryTerm: ['deliveryTerm'],
  deliveryPlace: ['deliveryPlaceId'],
  loadPlace: ['loadPlaceId'],
  window: ['windowFrom', 'windowTo'],
  transport: ['transport'],
  note: ['note'],
};

const FURTHER = /^assay\.(also|fixedCarbon|hydrogen|ashFusion)\b/;

type Fields = Readonly<Record<string, string>>;

export function changesOf(before: Fields, now: Fields, say: (text: string) => string): FieldChange[] {
  return Object.entries(TERMS).flatMap(([term, names]) => {
    const of = names.length > 0 ? names : furtherNames(before, now);
    const told = (fields: Fields): string =>
      of
        .map((name) => say((fields[name] ?? '').trim()))
        .filter(Boolean)
        .join(' ');
    const differs = of.some((name) => !same(before[name] ?? '', now[name] ?? ''));
    return differs ? [{ term, from: told(before), to: told(now) }] : [];
  });
}

/** The unit or basis of a second value says nothing while there is no value. */
function furtherNames(before: Fields, now: Fields): string[] {
  const names = Object.keys({ ...before, ...now }).filter((name) => FURTHER.test(name));
  const isValue = (name: string): boolean => !/\.(basis|unit|kind|atmosphere)$/.test(name);
  return names.filter((name) => isValue(name) && ((before[name] ?? '') !== '' || (now[name] ?? '') !== ''));
}

/** As numbers where both are: `10000` is no change of `10000.000`. */
function same(a: string, b: string): boolean {
  const [left, right] = [a.replaceAll('\r\n', '\n').trim(), b.replaceAll('\r\n', '\n').trim()];
  if (left === right) return true;
  const number = /^-?[\d,]+(\.\d+)?$/;
  if (!number.test(left) || !number.test(right)) return false;
  const canonical = (text: string): string =>
    text
      .replaceAll(',', '')
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  return canonical(left) === canonical(right);
}
