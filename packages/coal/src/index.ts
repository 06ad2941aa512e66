/**
 * What coal is, and what it is worth. Pure: no clock, no chance, no input or output; every step is an exact
 * fraction, and each result is rounded once, by a named rule. Bad input gets a coded answer, never a guess.
 *
 *   exact/    fractions, decimals, refusals, SHA-256
 *   assay/    what a laboratory states: parameters with units, bases and ranges; conversion between bases
 *   heat/     units of energy, gross and net, hydrogen
 *   grades/   grade schemes and export specifications as data with edition and source; GB/T 5751
 *   audit/    do the numbers of a certificate fit; precision; the umpire between two laboratories
 *   blend/    what comes out when coals are mixed
 *   draft/    the weight of a ship's cargo from her drafts
 *   price/    quality clauses of both editions, pay-off curve, settlement, laytime, shortfalls, regulated bands
 *   formula/  the language of index-linked prices: read, check, print, freeze, compute
 *   cost/     distance, freight, landed and normalised cost
 *   match/    which listings fit a request, and why
 *   testing/  the worked numbers of the trade, for tests only
 */
export * from './assay/assay.ts';
export * from './assay/basis.ts';
export * from './assay/convert.ts';
export * from './assay/measurement.ts';
export * from './assay/parameters.ts';
export * from './assay/validate.ts';
export * from './audit/audit.ts';
export * from './audit/certificate.ts';
export * from './audit/outlier.ts';
export * from './audit/precision.ts';
export * from './audit/umpire.ts';
export * from './blend/blend.ts';
export * from './cost/distance.ts';
export * from './cost/landed.ts';
export * from './cost/normalised.ts';
export * from './exact/decimals.ts';
export * from './exact/rational.ts';
export * from './exact/refusal.ts';
export * from './exact/sha256.ts';
export * from './formula/index.ts';
export * from './grades/china.ts';
export * from './grades/gbt5751.ts';
export * from './grades/grade.ts';
export * from './grades/graded.ts';
export * from './grades/india.ts';
export * from './grades/scheme.ts';
export * from './grades/specs.ts';
export * from './heat/energy.ts';
export * from './heat/formulas.ts';
export * from './heat/heat.ts';
export * from './heat/hydrogen.ts';
export * from './match/limit.ts';
export * from './match/match.ts';
export * from './match/reason.ts';
export * from './price/adjust.ts';
export * from './price/certified.ts';
export * from './price/clause.ts';
export * from './price/count.ts';
export * from './price/curve.ts';
export * from './price/delivery.ts';
export * from './price/discount.ts';
export * from './price/evaluate.ts';
export * from './draft/draft-survey.ts';
export * from './price/laytime.ts';
export * from './price/measure.ts';
export * from './price/parse-clause.ts';
export * from './price/price-clause.ts';
export * from './price/regulated.ts';
export * from './price/settle.ts';
export { type ClauseProblem, type ClauseProblemCode } from './price/read.ts';
