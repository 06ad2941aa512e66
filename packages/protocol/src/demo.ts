/** Whether this exchange is a demo, and its robots' switch. */
import { Type } from 'typebox';
import { Exact } from './common.ts';
import { type Route, route } from './route.ts';

export const demoRoutes = {
  demo: route({
    method: 'GET',
    url: '/v1/demo',
    summary: 'Is this a demo, and do its robots bid?',
    area: 'demo',
    access: 'public',
    ok: Exact({
      demo: Type.Boolean(),
      robots: Exact({ on: Type.Boolean(), names: Type.Array(Type.String()) }),
    }),
    problems: [],
  }),
  switchRobots: route({
    method: 'POST',
    url: '/v1/demo/robots',
    summary: 'Switch the bidding robots on or off',
    area: 'demo',
    access: 'public',
    body: Exact({ on: Type.Boolean() }),
    ok: Exact({ on: Type.Boolean() }),
    problems: ['resource.not_found'],
  }),
} as const satisfies Record<string, Route>;
