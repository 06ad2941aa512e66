/** What deps.ts and other slices may use of reputation. */
export { reputationHttp } from './routes.ts';
