/** Coal by rail and ship: transport documents, and what loss, time and shortfall make one side owe the other. */
export { type CarriageDeps, carriageRoutes } from './routes.ts';
export { carriageWork } from './work.ts';
