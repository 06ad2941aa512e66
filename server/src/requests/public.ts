/** What other parts of the server may use of requests. */
export { concludeRequest, requestsShownTo, reserveRequest } from './auction.ts';
export { type Blender, openBlender } from './blending/blender.ts';
export { requestBlendRoutes } from './blending/routes.ts';
export { bookNegotiated, endNegotiation } from './commands/decisions.ts';
export { createRequest } from './commands/requests.ts';
export type { AccountOf, NegotiationStart, RequestDeps, StartNegotiation } from './ports.ts';
export { requestById } from './queries.ts';
export { limitStatement } from './rules.ts';
export { requestRoutes } from './routes.ts';
export { requestWork } from './work.ts';
