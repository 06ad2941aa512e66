import type { Route } from './route.ts';

export const requestRoutes = {} as const satisfies Record<string, Route>;
