/** What other parts of the server may use of negotiations. */
export { checkFile } from './files/check.ts';
export { startAboutAnswer } from './open.ts';
export type { MayCommit, NegotiationDeps, RequestPort } from './ports.ts';
export { negotiationRoutes } from './routes.ts';
export { negotiationWork } from './work.ts';
