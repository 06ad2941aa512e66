/** The door to the templates: what the rest of the slice and others use of them. */
export {
  type AmendmentTerms,
  amendmentTexts,
  applyAmendment,
  parseAmendment,
  termsSha256,
} from './templates/amendment.ts';
export {
  type Change,
  type ChangeProblem,
  type Stage,
  type Wished,
  applyChanges,
  changesBetween,
  mayAmend,
  nextVersion,
  wish,
} from './templates/change.ts';
export type { Bilingual, Clause, Parameter } from './templates/clause.ts';
export { fieldsOf } from './templates/fields.ts';
export { clauseSha256 } from './templates/library.ts';
export { type Award, type ChosenTerms, contractTerms } from './templates/make.ts';
export { type ParsedTerms, type TermsProblem, checkTerms, parseTerms } from './templates/parse.ts';
export { type ClauseRedline, redline } from './templates/redline.ts';
export { clauseFor } from './templates/standard.ts';
export type { ContractTerms, GoodsTerms, LibraryTerms, PartyTerms } from './templates/terms.ts';
export { type ClauseText, clauseTexts, clausesOfTerms, contractValue, templateOf } from './templates/text.ts';
