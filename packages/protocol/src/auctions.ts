import type { Route } from './route.ts';

export const auctionRoutes = {} as const satisfies Record<string, Route>;
