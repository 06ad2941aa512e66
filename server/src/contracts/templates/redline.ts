/** Two texts of one contract beside each other: which values changed, and which words. */
import { diffArrays } from 'diff';
import type { Bilingual, Parameter } from './clause.ts';
import { changesBetween } from './change.ts';
import { formatValue } from './format.ts';
import type { ContractTerms, LibraryTerms } from './terms.ts';
import { type ClauseText, clauseTexts, clausesOfTerms } from './text.ts';

export type Part = { readonly kind: 'same' | 'added' | 'removed'; readonly text: string };

export type ChangedParameter = {
  readonly path: string;
  readonly label: Bilingual;
  /** As they stand in the terms. */
  readonly from: unknown;
  readonly to: unknown;
  /** As they are written in the text; null where the words themselves show the change. */
  readonly fromText: Bilingual | null;
  readonly toText: Bilingual | null;
};

export type ClauseRedline = {
  readonly id: string;
  readonly title: Bilingual;
  readonly change: 'added' | 'removed' | 'changed';
  readonly parameters: readonly ChangedParameter[];
  /** The whole clause; paragraphs end with a line break. */
  readonly zh: readonly Part[];
  readonly en: readonly Part[];
};

/** Empty when both say the same. */
export function redline(from: ContractTerms, to: ContractTerms): ClauseRedline[] {
  const [before, after] = [clauseTexts(from), clauseTexts(to)];
  const parameters = changedParameters(from, to);
  const kept = after.flatMap((clause): ClauseRedline[] => {
    const old = before.find(({ id }) => id === clause.id);
    const own = parameters
      .filter((one) => one.clause === clause.id)
      .map(({ clause: _clause, ...one }) => one);
    const texts = { zh: words(old, clause, 'zh'), en: words(old, clause, 'en') };
    const same = own.length === 0 && [...texts.zh, ...texts.en].every((part) => part.kind === 'same');
    if (same) return [];
    const { id, title } = clause;
    return [{ id, title, change: old ? 'changed' : 'added', parameters: own, ...texts }];
  });
  const gone = before.filter(({ id }) => !after.some((clause) => clause.id === id));
  return [
    ...kept,
    ...gone.map((clause): ClauseRedline => ({
      id: clause.id,
      title: clause.title,
      change: 'removed',
      parameters: [],
      zh: words(clause, undefined, 'zh'),
      en: words(clause, undefined, 'en'),
    })),
  ];
}

/** Every value that differs, in the order of the clauses, as it is written in both languages. */
export function changedParameters(
  from: ContractTerms,
  to: ContractTerms,
): (ChangedParameter & { readonly clause: string })[] {
  if (from.schema !== 'seam.contract.2' || to.schema !== 'seam.contract.2') return [];
  const parameters = clausesOfTerms(to).flatMap((clause) => clause.parameters);
  return changesBetween(from, to).flatMap((change) => {
    // Another template, and what is no longer said, show in the words of the clauses.
    const parameter = parameters.find(({ path }) => path === change.path);
    if (!parameter) return [];
    return {
      ...change,
      label: parameter.label,
      fromText: written(parameter, change.from, from),
      toText: written(parameter, change.to, to),
    };
  });
}

export function written(
  parameter: Parameter,
  value: unknown,
  { currency }: Pick<LibraryTerms, 'currency'>,
): Bilingual | null {
  if (value === undefined || value === null || parameter.form === 'quality') return null;
  return {
    zh: formatValue(parameter, value, 'zh', currency),
    en: formatValue(parameter, value, 'en', currency),
  };
}

function words(from: ClauseText | undefined, to: ClauseText | undefined, language: 'zh' | 'en'): Part[] {
  const [old, next] = [tokens(from, language), tokens(to, language)];
  return diffArrays(old, next).map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value.join(''),
  }));
}

const SEGMENTERS = {
  zh: new Intl.Segmenter('zh', { granularity: 'word' }),
  en: new Intl.Segmenter('en', { granularity: 'word' }),
};

/** Words, numbers and punctuation one by one: nothing smaller is ever half changed. */
function tokens(clause: ClauseText | undefined, language: 'zh' | 'en'): string[] {
  if (!clause) return [];
  const text = clause.paragraphs.map((paragraph) => `${paragraph[language]}\n`).join('');
  return [...SEGMENTERS[language].segment(text)].map(({ segment }) => segment);
}
