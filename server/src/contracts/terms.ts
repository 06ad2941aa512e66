/** The door to the templates: what the rest of the slice and others use of them. */
export {
  type AmendmentTerms,
  amendmentTexts,
  applyAmendment,
  parseAmendment,
  termsSha256,
} from './templates/amendment.ts';
export { type Change, type Stage, type Wished, applyChanges, nextVersion, wish } from './templates/change.ts';
export type { Bilingual } from './templates/clause.ts';
export { fieldsOf } from './templates/fields.ts';
export { clauseSha256 } from './templates/library.ts';
export { isComputed } from './templates/formula-price.ts';
export { type Award, type ChosenTerms, composeTerms, contractTerms } from './templates/make.ts';
export { type TermsProblem, checkTerms, parseTerms } from './templates/parse.ts';
export { changedParameters, redline } from './templates/redline.ts';
export type { ContractTerms, GoodsTerms, LibraryTerms, PartyTerms } from './templates/terms.ts';
export { type ClauseText, clauseTexts, clausesOfTerms, contractValue, templateOf } from './templates/text.ts';
