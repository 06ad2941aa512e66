/** Describes every route of the protocol without starting anything: no database, no handlers. */
import fastifySwagger from '@fastify/swagger';
import { ROUTES, type Route } from '@seam/protocol';
import Fastify from 'fastify';
import { fastifySchema } from './http.ts';

export const OPENAPI_INFO = {
  openapi: '3.1.0',
  info: {
    title: 'Seam',
    version: '1',
    description: 'A coal trading exchange: listings, live auctions, certified contracts, money and delivery.',
  },
} as const;

export async function describeApi(): Promise<object> {
  const app = Fastify();
  await app.register(fastifySwagger, { openapi: OPENAPI_INFO });
  for (const route of Object.values<Route>(ROUTES)) {
    app.route({
      method: route.method,
      url: route.url,
      schema: fastifySchema(route),
      handler: async () => {},
    });
  }
  await app.ready();
  const described = app.swagger();
  await app.close();
  return described;
}
