import type { Route } from './route.ts';

export const memberRoutes = {} as const satisfies Record<string, Route>;
