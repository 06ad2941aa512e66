/** Whether this is a demo, the switch of its bidding robots for everybody to see and turn, and its bank. */
import { demoRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { type HttpDeps, read, write } from '../platform/http.ts';
import { refuse } from '../platform/refusal.ts';
import { first } from '../platform/db.ts';
import { type DemoBankDeps, demoBankRoutes } from './bank.ts';

export function demoRoutes(app: FastifyInstance, deps: HttpDeps & DemoBankDeps): void {
  demoBankRoutes(app, deps);
  read(app, deps, r.demo, async ({ connection }) => {
    const setting = first(
      await connection<{ value: string }[]>`select value from installation_secret where name = 'robots'`,
    );
    const names = deps.demo
      ? await connection<
          { name: string }[]
        >`select distinct o.name from organisation o join person p on p.organisation_id = o.id
          where p.robot order by o.name`
      : [];
    return {
      demo: deps.demo,
      robots: { on: deps.demo && setting?.value !== 'off', names: names.map((row) => row.name) },
    };
  });
  write(app, deps, r.switchRobots, async ({ body, connection }) => {
    if (!deps.demo) return refuse('resource.not_found');
    const value = body.on ? 'on' : 'off';
    await connection`insert into installation_secret (name, value) values ('robots', ${value})
      on conflict (name) do update set value = excluded.value`;
    return { on: body.on };
  });
}
