/** HTTP of members: registration, login, one's own company, and the centre's certification desk. */
import { certificationRoutes, memberRoutes as routes } from '@seam/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Clock } from '../platform/clock.ts';
import { type HttpDeps, act, read, write } from '../platform/http.ts';
import { SESSION_COOKIE } from '../platform/principal.ts';
import { isRefusal, refuse } from '../platform/refusal.ts';
import { countAttempt } from './attempts.ts';
import { decide, resubmit } from './commands/certification.ts';
import { changePassword, login } from './commands/login.ts';
import { addPerson, changePerson } from './commands/people.ts';
import { register } from './commands/register.ts';
import { REGISTRATIONS_PER_IP, SESSION_TOTAL_MS } from './limits.ts';
import {
  certificationPage,
  certificationView,
  companyView,
  publicOrganisation,
  sessionView,
} from './queries.ts';
import { type DossierDeps, dossierRoutes } from './dossier/routes.ts';
import { dayOf } from './dossier/rules.ts';
import { endSessions } from './sessions.ts';
import { stepUpRoutes } from './step-up/routes.ts';
import type { EffectDeps } from './two-person/effects.ts';
import { twoPersonRoutes } from './two-person/routes.ts';

export type MembersDeps = HttpDeps &
  EffectDeps &
  DossierDeps & { readonly clock: Clock; readonly publicUrl: string };

export function memberRoutes(app: FastifyInstance, deps: MembersDeps): void {
  registrationRoutes(app, deps);
  sessionRoutes(app, deps);
  stepUpRoutes(app, deps);
  companyRoutes(app, deps);
  dossierRoutes(app, deps);
  staffRoutes(app, deps);
  twoPersonRoutes(app, deps);
}

function registrationRoutes(app: FastifyInstance, deps: MembersDeps): void {
  act(app, deps, routes.register, async ({ body, httpRequest, connection }) => {
    await countAttempt(connection, REGISTRATIONS_PER_IP, httpRequest.ip, deps.clock.now());
    return register({ sql: connection, clock: deps.clock }, body);
  });
  read(
    app,
    deps,
    routes.organisation,
    async ({ params, connection }) =>
      (await publicOrganisation(connection, params.id)) ?? refuse('resource.not_found'),
  );
}

function sessionRoutes(app: FastifyInstance, deps: MembersDeps): void {
  const { clock } = deps;
  const cookie = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: deps.publicUrl.startsWith('https:'),
  } as const;

  act(app, deps, routes.login, async ({ body, httpRequest, reply, connection }) => {
    const { email, password, token, organisationId } = body;
    const opened = await login(
      { sql: connection, clock },
      {
        email,
        password,
        organisationId,
        ip: httpRequest.ip,
        userAgent: httpRequest.headers['user-agent'] ?? '',
        replaces: token ? undefined : httpRequest.principal?.loginSessionId,
      },
    );
    if (isRefusal(opened)) return opened;
    const view = await sessionView(connection, opened.id);
    if (!view) return refuse('auth.invalid_credentials');
    notToBeKept(reply);
    // A robot keeps its token itself; a browser never sees it outside the cookie.
    if (token) return { ...view, token: opened.token };
    void reply.setCookie(SESSION_COOKIE, opened.token, { ...cookie, maxAge: SESSION_TOTAL_MS / 1000 });
    return view;
  });

  act(app, deps, routes.logout, async ({ principal, reply, connection }) => {
    await connection.begin(async (tx) =>
      endSessions(tx, { sessionId: principal.loginSessionId }, 'logout', clock.now()),
    );
    void reply.clearCookie(SESSION_COOKIE, cookie);
    return {};
  });

  read(app, deps, routes.session, async ({ principal, connection, reply }) => {
    notToBeKept(reply);
    return (await sessionView(connection, principal.loginSessionId)) ?? refuse('auth.required');
  });

  act(
    app,
    deps,
    routes.changePassword,
    async ({ body, principal, connection }) =>
      (await changePassword({ sql: connection, clock }, principal, body)) ?? {},
  );
}

function companyRoutes(app: FastifyInstance, deps: MembersDeps): void {
  const { clock } = deps;
  read(
    app,
    deps,
    routes.company,
    async ({ principal, connection }) =>
      (await companyView(connection, principal.organisationId, 'company')) ?? refuse('resource.not_found'),
  );
  act(app, deps, routes.addPerson, async ({ body, principal, connection }) =>
    addPerson({ sql: connection, clock }, principal, body),
  );
  write(app, deps, routes.changePerson, async ({ params, body, principal, connection }) =>
    changePerson(connection, principal, { personId: params.id, ...body, now: clock.now() }),
  );
  write(app, deps, routes.resubmit, async ({ body, principal, connection }) => {
    const refusal = await resubmit(connection, principal, body, clock.now());
    if (refusal) return refusal;
    const view = await companyView(connection, principal.organisationId, 'company');
    return view ?? refuse('resource.not_found');
  });
}

function staffRoutes(app: FastifyInstance, deps: MembersDeps): void {
  read(app, deps, certificationRoutes.certifications, async ({ query, connection }) =>
    certificationPage(connection, { ...query, today: dayOf(deps.clock.now()) }),
  );
  read(
    app,
    deps,
    certificationRoutes.certification,
    async ({ params, connection }) =>
      (await certificationView(connection, params.id)) ?? refuse('resource.not_found'),
  );
  write(
    app,
    deps,
    certificationRoutes.decideCertification,
    async ({ params, body, principal, connection }) => {
      const refusal = await decide(connection, deps, {
        organisationId: params.id,
        ...body,
        principal,
        now: deps.clock.now(),
      });
      if (refusal) return refusal;
      const view = await certificationView(connection, params.id);
      return view ?? refuse('resource.not_found');
    },
  );
}

/** Who is logged in changes from one request to the next. */
function notToBeKept(reply: FastifyReply): void {
  void reply.header('cache-control', 'no-store');
}
