/** The clauses of a contract in words, Chinese and English from the same values. */
import { invoiceAmount } from '@seam/coal';
import { formatMoney, kilograms, minor } from '@seam/units';
import { assert } from '../../platform/fault.ts';
import type { Bilingual, Clause, Template } from './clause.ts';
import { firstEditionClauses } from './first-edition.ts';
import { formatValue } from './format.ts';
import { EDITIONS, clauseAt, clauseSha256 } from './library.ts';
import { valueAt } from './path.ts';
import { qualityParagraphs } from './quality-text.ts';
import type { ContractTerms, LibraryTerms } from './terms.ts';

export type ClauseText = {
  readonly id: string;
  readonly version: number;
  readonly title: Bilingual;
  readonly paragraphs: readonly Bilingual[];
};

/** @param terms as accepted by `parseTerms`. */
export function clauseTexts(terms: ContractTerms): ClauseText[] {
  if (terms.schema === 'seam.contract.1')
    return firstEditionClauses(terms).map((clause, index) => ({
      id: `first_${index + 1}`,
      version: 1,
      ...clause,
    }));
  return clausesOfTerms(terms).map((clause) => ({
    id: clause.id,
    version: clause.version,
    title: clause.title,
    paragraphs: clause.paragraphs.flatMap((paragraph) => writeParagraph(clause, paragraph, terms)),
  }));
}

/** The clauses exactly as published when the terms were made. */
export function clausesOfTerms(terms: LibraryTerms): Clause[] {
  return terms.template.clauses.map(({ id, version, sha256 }) => {
    const clause = clauseAt(id, version);
    assert(clause && clauseSha256(clause) === sha256, `clause ${id} ${version} is not the one agreed on`);
    return clause;
  });
}

/** The template as published when the terms were made. */
export function templateOf({ template }: LibraryTerms): Template {
  const edition = EDITIONS.find((one) => one.edition === template.edition);
  const found = edition?.templates.find((one) => one.id === template.id && one.version === template.version);
  assert(found, `template ${template.id} ${template.version} was never published`);
  return found;
}

export function contractValue(terms: Pick<ContractTerms, 'pricePerTonne' | 'quantityKg'>): bigint {
  return invoiceAmount(minor(BigInt(terms.pricePerTonne)), kilograms(BigInt(terms.quantityKg)));
}

function writeParagraph(clause: Clause, paragraph: Bilingual, terms: LibraryTerms): Bilingual[] {
  if (paragraph.zh === '{quality}') return qualityParagraphs(terms.quality, terms.currency);
  return [{ zh: fill(clause, paragraph, terms, 'zh'), en: fill(clause, paragraph, terms, 'en') }];
}

function fill(clause: Clause, paragraph: Bilingual, terms: LibraryTerms, language: 'zh' | 'en'): string {
  return paragraph[language].replaceAll(/\{([\w.]+)\}/g, (_whole, path: string) => {
    if (path === 'total') return `${terms.currency} ${formatMoney(contractValue(terms))}`;
    const parameter = clause.parameters.find((one) => one.path === path);
    assert(parameter, `clause ${clause.id} has no parameter ${path}`);
    return formatValue(parameter, valueAt(terms, path), language, terms.currency);
  });
}
