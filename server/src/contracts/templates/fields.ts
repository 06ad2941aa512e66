/**
 * The inputs of a form that changes a clause, generated from the schemas of its parameters. A value with
 * parts, such as a quality rule, becomes one input for each number in it; its structure stays.
 */
import type { TermsField, TermsForm } from '@seam/protocol';
import { type Stage, mayAmend } from './change.ts';
import type { Bilingual, Clause, Parameter } from './clause.ts';
import { isComputed } from './formula-price.ts';
import { leavesOf, valueAt } from './path.ts';
import { measureText } from './quality-text.ts';
import type { LibraryTerms } from './terms.ts';

/** @returns what `side` may propose to change at this stage; nothing for staff, who has no side. */
export function fieldsOf(
  clause: Clause,
  terms: LibraryTerms,
  of: { readonly side: 'seller' | 'buyer' | null; readonly stage: Stage },
): TermsField[] {
  const { side, stage } = of;
  if (side === null) return [];
  return (
    clause.parameters
      .filter(({ negotiation: { before, amend } }) =>
        stage === 'signing' ? before === 'either' || before === side : mayAmend(amend, stage),
      )
      // Where a formula makes the price, its result is not an input.
      .filter(({ path }) => !(path === 'pricePerTonne' && isComputed(terms)))
      .flatMap((parameter) => inputsOf(parameter, terms))
  );
}

const SCALARS: Partial<Record<Parameter['form'], TermsForm>> = {
  text: 'text',
  integer: 'integer',
  days: 'days',
  basis_points: 'basis_points',
  mass: 'mass',
  money: 'money',
  day: 'day',
  choice: 'choice',
};

function inputsOf(parameter: Parameter, terms: LibraryTerms): TermsField[] {
  const form = SCALARS[parameter.form];
  if (form) return [scalar(parameter, form, terms)];
  if (parameter.form === 'quality') return qualityInputs(terms);
  if (parameter.form === 'months') return monthInputs(terms);
  // Agreed on as a whole, when a sale becomes a long-term contract.
  if (parameter.form === 'steps' || parameter.form === 'series') return [];
  if (parameter.path === 'priceLater.formula') return [];
  if (parameter.form === 'quotations') return quotationInputs(terms);
  return leavesOf(valueAt(terms, parameter.path), parameter.path)
    .filter(({ value }) => typeof value === 'string')
    .map(({ path, value }) => ({
      ...plain(
        path,
        {
          zh: `${parameter.label.zh} ${nameOf(path, 'zh')}`,
          en: `${parameter.label.en} ${nameOf(path, 'en')}`,
        },
        'text',
        value,
      ),
      maxLength: 200,
    }));
}

const nameOf = (path: string, language: 'zh' | 'en'): string =>
  path.endsWith('.nameZh')
    ? language === 'zh'
      ? '（中文）'
      : '(Chinese)'
    : language === 'zh'
      ? '（外文）'
      : '(English)';

function plain(
  path: string,
  label: Bilingual,
  form: TermsForm,
  value: unknown,
  unit: string | null = null,
): TermsField {
  return { path, label, form, value, unit, minimum: null, maximum: null, maxLength: null, options: [] };
}

function scalar(parameter: Parameter, form: TermsForm, terms: LibraryTerms): TermsField {
  const schema = parameter.schema as { minimum?: number; maximum?: number; maxLength?: number };
  const unit = form === 'money' ? terms.currency : parameter.path.endsWith('JoulesPerGram') ? 'J/g' : null;
  return {
    ...plain(parameter.path, parameter.label, form, valueAt(terms, parameter.path), unit),
    minimum: schema.minimum ?? null,
    maximum: schema.maximum ?? null,
    maxLength: schema.maxLength ?? null,
    options: Object.entries(parameter.words ?? {}).map(([value, words]) => ({ value, ...words })),
  };
}

function monthInputs({ callOff }: LibraryTerms): TermsField[] {
  return (callOff?.months ?? []).map(({ month, kg }, at) =>
    plain(`callOff.months.${at}.kg`, { zh: `${month} 数量`, en: `Quantity ${month}` }, 'mass', kg),
  );
}

function quotationInputs({ formula, currency }: LibraryTerms): TermsField[] {
  return (formula?.quotations ?? []).flatMap(({ index, date, value }, at) => [
    plain(
      `formula.quotations.${at}.value`,
      { zh: `${index} 报价`, en: `Quotation of ${index}` },
      'decimal',
      value,
      currency,
    ),
    plain(`formula.quotations.${at}.date`, { zh: `${index} 报价日`, en: `Day of ${index}` }, 'day', date),
  ]);
}

const PARTS: Readonly<Record<string, Bilingual>> = {
  reference: { zh: '约定值', en: 'agreed value' },
  per: { zh: '每步', en: 'step' },
  rate: { zh: '每步调整', en: 'rate a step' },
  from: { zh: '档起点', en: 'band from' },
  to: { zh: '档终点', en: 'band to' },
  cap: { zh: '上限', en: 'cap' },
  below: { zh: '拒收下限', en: 'refused below' },
  above: { zh: '拒收上限', en: 'refused above' },
};

/** As the clause words them: what is agreed, how it is reckoned, what may be refused. */
const placeOf = (path: string): number => Object.keys(PARTS).indexOf(path.split('.').at(-1)!);

/** The numbers of each rule. A rate or a band's end keeps its tier's place in the label. */
function qualityInputs({ quality, currency }: LibraryTerms): TermsField[] {
  const rules = quality.rules.flatMap((rule, at) =>
    leavesOf(rule)
      .filter(({ path, value }) => typeof value === 'string' && PARTS[path.split('.').at(-1)!] !== undefined)
      // The first band begins at the agreed value.
      .filter(({ path }) => path !== 'tiers.0.from')
      .toSorted((one, other) => placeOf(one.path) - placeOf(other.path))
      .map(({ path, value }) => {
        const part = path.split('.').at(-1)!;
        const tier = /^tiers\.(\d+)/.exec(path)?.[1];
        const place = tier === undefined || rule.tiers.length === 1 ? '' : ` ${Number(tier) + 1}`;
        const unit = part === 'rate' || part === 'cap' ? rateUnit(rule.rateUnit, currency) : rule.unit;
        const label = {
          zh: `${measureText(rule, 'zh')}：${PARTS[part]!.zh}${place}`,
          en: `${capital(measureText(rule, 'en'))}: ${PARTS[part]!.en}${place}`,
        };
        return plain(`quality.rules.${at}.${path}`, label, 'decimal', value, unit);
      }),
  );
  const weight = leavesOf(quality.weight ?? {})
    .filter(({ path }) => path === 'reference' || path === 'factor')
    .map(({ path, value }) =>
      plain(
        `quality.weight.${path}`,
        path === 'factor'
          ? { zh: '扣重倍数', en: 'Weight deduction factor' }
          : { zh: '扣重基准水分', en: 'Moisture for the payable weight' },
        'decimal',
        value,
        path === 'factor' ? null : '%',
      ),
    );
  return [...rules, ...weight];
}

const rateUnit = (unit: 'money_per_tonne' | 'percent_of_price', currency: string): string =>
  unit === 'percent_of_price' ? '%' : `${currency}/t`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
