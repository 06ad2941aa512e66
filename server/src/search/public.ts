/** What the rest of the server may use of the search. */
export { alertWork } from './alerts.ts';
export type { SearchMail } from './mail.ts';
export { MISSING, qualityColumn } from './quality-columns.ts';
export { searchRoutes } from './routes.ts';
export { Search, type SearchOptions } from './search.ts';
export { startSearch } from './start.ts';
