/** What deps.ts and app.ts use of long-term contracts. */
export { dryRunIndex, importIndex } from './import-index.ts';
export { longTermRoutes } from './routes.ts';
export { type PublishedQuotation, publishedQuotations } from './quotations.ts';
export { longTermWork } from './work.ts';
