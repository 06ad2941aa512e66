/** Whether the process lives, and whether it should get traffic. */
import type { FastifyInstance } from 'fastify';
import type { Sql } from 'postgres';

export function installHealth(app: FastifyInstance, sql: Sql): void {
  let draining = false;
  app.addHook('preClose', async () => {
    draining = true;
  });
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { hide: true } }, async (_httpRequest, reply) => {
    const database = await sql`select 1`.then(
      () => true,
      () => false,
    );
    const ready = database && !draining;
    return reply.code(ready ? 200 : 503).send({ ready, database, draining });
  });
}
