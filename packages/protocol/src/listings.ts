import type { Route } from './route.ts';

export const listingRoutes = {} as const satisfies Record<string, Route>;
