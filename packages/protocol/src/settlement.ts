import type { Route } from './route.ts';

export const settlementRoutes = {} as const satisfies Record<string, Route>;
