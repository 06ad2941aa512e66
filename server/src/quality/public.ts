/** What deps.ts and other slices may use of quality. */
export { type QualityDeps, qualityRoutes } from './routes.ts';
export { assayOf } from './assay-of.ts';
export { resultReportHttp } from './report/routes.ts';
export { qualityWork } from './work.ts';
