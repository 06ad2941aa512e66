import type { Route } from './route.ts';

export const contractRoutes = {} as const satisfies Record<string, Route>;
