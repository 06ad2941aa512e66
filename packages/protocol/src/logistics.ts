import type { Route } from './route.ts';

export const logisticsRoutes = {} as const satisfies Record<string, Route>;
