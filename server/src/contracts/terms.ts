/** The door to the templates: what the rest of the slice and others use of them. */
export type { Bilingual } from './templates/clause.ts';
export { type Award, type ChosenTerms, contractTerms } from './templates/make.ts';
export { type ParsedTerms, type TermsProblem, checkTerms, parseTerms } from './templates/parse.ts';
export { clauseFor } from './templates/standard.ts';
export type { ContractTerms, GoodsTerms, LibraryTerms, PartyTerms } from './templates/terms.ts';
export { type ClauseText, clauseTexts, clausesOfTerms, contractValue, templateOf } from './templates/text.ts';
