/** HTTP of what a company proves about itself, for it and for the centre; and of what people are told. */
import { type DossierView, partyRoutes as routes } from '@seam/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Connection } from '../../platform/db.ts';
import { type HttpDeps, act, inTransaction, read, write } from '../../platform/http.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { organisationById } from '../queries.ts';
import { addDocument, checkFile, decideDocument, declareOwners, submitCompany } from './commands.ts';
import { noticesOf, seen } from './notices.ts';
import { type StoredFile, declarationView, documentFile, documentViews, papersOf } from './papers.ts';
import { dayOf, missingOf } from './rules.ts';

export type DossierDeps = HttpDeps & {
  readonly clock: Clock;
  /** Whether a person of the company has a certificate to sign with. */
  readonly canSign: (connection: Connection, organisationId: string) => Promise<boolean>;
};

export function dossierRoutes(app: FastifyInstance, deps: DossierDeps): void {
  const { clock } = deps;
  const dossier = async (connection: Connection, id: string): Promise<DossierView | Refusal> =>
    (await dossierView(connection, deps, id)) ?? refuse('resource.not_found');

  read(app, deps, routes.companyDossier, async ({ connection, principal }) => {
    const view = await dossier(connection, principal.organisationId);
    const speaks = principal.roles.some((role) => role === 'admin' || role === 'legal_representative');
    return speaks || isRefusal(view) ? view : withoutIdentity(view);
  });
  write(app, deps, routes.declareOwners, async ({ connection, principal, body }) => {
    const { organisationId, personId } = principal;
    const refusal = await declareOwners(connection, body, { organisationId, personId, now: clock.now() });
    return refusal ?? dossier(connection, organisationId);
  });
  // The file is looked at before any lock is held.
  act(app, deps, routes.addPartyDocument, async ({ connection, principal, body }) => {
    const checked = await checkFile(body.file);
    if (isRefusal(checked)) return checked;
    const { organisationId, personId } = principal;
    const by = { organisationId, personId, now: clock.now() };
    return inTransaction(connection, async (tx) => {
      const added = await addDocument(tx, body, checked, by);
      if (isRefusal(added)) return added;
      const [view] = await documentViews(tx, { organisationId, today: dayOf(by.now), id: added.id });
      return view ?? refuse('resource.not_found');
    });
  });
  read(app, deps, routes.ownPartyDocument, async ({ connection, principal, params, reply }) =>
    sendFile(
      reply,
      await documentFile(connection, { organisationId: principal.organisationId, id: params.id }),
    ),
  );
  write(app, deps, routes.submitCompany, async ({ connection, principal }) => {
    const { organisationId, personId } = principal;
    const refusal = await submitCompany(connection, { organisationId, personId, now: clock.now() });
    return refusal ?? dossier(connection, organisationId);
  });
  read(app, deps, routes.personNotices, async ({ connection, principal }) => ({
    items: await noticesOf(connection, principal.personId),
  }));
  write(app, deps, routes.noticeSeen, async ({ connection, principal, params }) =>
    (await seen(connection, { personId: principal.personId, id: params.id, now: clock.now() }))
      ? {}
      : refuse('resource.not_found'),
  );

  read(app, deps, routes.staffDossier, async ({ connection, params }) => dossier(connection, params.id));
  read(app, deps, routes.staffPartyDocument, async ({ connection, params, reply }) =>
    sendFile(reply, await documentFile(connection, { organisationId: params.id, id: params.documentId })),
  );
  write(app, deps, routes.decidePartyDocument, async ({ connection, principal, params, body }) => {
    const refusal = await decideDocument(connection, {
      organisationId: params.id,
      documentId: params.documentId,
      ...body,
      personId: principal.personId,
      now: clock.now(),
    });
    return refusal ?? dossier(connection, params.id);
  });
}

/** Whose paper it is may be known inside the company; its number is for those who hand it in. */
function withoutIdentity({ declaration, ...view }: DossierView): DossierView {
  if (declaration === null) return { ...view, declaration };
  const representative = { ...declaration.representative, identityNumber: '' };
  return { ...view, declaration: { ...declaration, representative } };
}

/** Shown in the browser's own viewer; only the three kinds of file that were found by their bytes, and no script. */
function sendFile(reply: FastifyReply, found: StoredFile | undefined): Refusal | undefined {
  if (!found) return refuse('resource.not_found');
  void reply
    .header('content-type', found.fileType)
    .header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(found.fileName)}`)
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    )
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'private, no-store')
    .send(Buffer.from(found.file));
  return undefined;
}

async function dossierView(
  connection: Connection,
  { clock, canSign }: DossierDeps,
  organisationId: string,
): Promise<DossierView | undefined> {
  const found = await organisationById(connection, organisationId);
  if (!found) return undefined;
  const today = dayOf(clock.now());
  const declaration = await declarationView(connection, organisationId);
  const [{ people } = { people: 0 }] = await connection<{ people: number }[]>`
    select count(*)::int as people from person where organisation_id = ${organisationId} and disabled_at is null
      and roles && array['admin', 'legal_representative', 'approver', 'finance']`;
  const dossier = {
    status: found.status,
    declared: declaration !== null,
    papers: await papersOf(connection, organisationId),
    people,
    canSign: await canSign(connection, organisationId),
  };
  return {
    organisationId,
    status: found.status,
    certifiedUntil: found.certifiedUntil,
    declaration,
    documents: await documentViews(connection, { organisationId, today }),
    missing: missingOf(dossier, today),
    assertions: await assertions(connection, organisationId),
  };
}

async function assertions(
  connection: Connection,
  organisationId: string,
): Promise<DossierView['assertions']> {
  const rows = await connection<
    (Omit<DossierView['assertions'][number], 'madeAt' | 'acknowledgedAt'> & {
      madeAt: Date;
      acknowledgedAt: Date | null;
    })[]
  >`select reference, made_at as "madeAt", acknowledged_at as "acknowledgedAt", confirmed, reason,
      encode(payload, 'base64') as payload, encode(signature, 'base64') as signature,
      encode(certificate, 'base64') as certificate
    from certification_assertion where organisation_id = ${organisationId} order by made_at desc, reference`;
  const oneLine = (text: string): string => text.replaceAll('\n', '');
  return rows.map((row) => ({
    ...row,
    payload: oneLine(row.payload),
    signature: oneLine(row.signature),
    certificate: oneLine(row.certificate),
    madeAt: row.madeAt.toISOString(),
    acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
  }));
}
