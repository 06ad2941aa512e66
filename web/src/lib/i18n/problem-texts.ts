/**
 * Sentences for the codes of the exchange. English is the title that the protocol gives each code; an area
 * writes the Chinese beside it in `problems/<area>.ts`, and English too where a page can say it better.
 * A code that the protocol does not know is a type error; one without Chinese fails a test.
 */
import { PROBLEMS, type ProblemCode } from '@seam/protocol';
import type { Locale } from './dictionary.ts';

export type ProblemTexts = {
  readonly zh: Readonly<Partial<Record<ProblemCode, string>>>;
  readonly en?: Readonly<Partial<Record<ProblemCode, string>>>;
};
/** Codes that pages give themselves, in both languages. */
export type PageProblemTexts = {
  readonly zh: Readonly<Record<string, string>>;
  readonly en: Readonly<Record<string, string>>;
};

const areas = import.meta.glob<{ problems: ProblemTexts | PageProblemTexts }>('./problems/*.ts', {
  eager: true,
});

const texts: Record<Locale, Record<string, string>> = {
  en: Object.fromEntries(Object.entries(PROBLEMS).map(([code, { title }]) => [code, `${title}.`])),
  zh: {},
};
for (const { problems } of Object.values(areas)) {
  Object.assign(texts.en, problems.en ?? {});
  Object.assign(texts.zh, problems.zh);
}

/** The sentence for a code, or undefined when nobody wrote one. */
export function problemText(code: string, locale: Locale): string | undefined {
  return texts[locale][code];
}
