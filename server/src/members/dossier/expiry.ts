/**
 * Documents run out by the server's clock. Whoever the company's administrators are is told 30, 7 and 1 days
 * before; after its last day a member without another valid one of the kind is expired and may not trade.
 *
 * The work is due at the beginning of a day and looks at all papers of the company as they are then, so that
 * one that was done late, or twice, says and does each thing once.
 */
import type { Tx } from '../../platform/db.ts';
import { Fault } from '../../platform/fault.ts';
import { enqueue } from '../../platform/outbox.ts';
import { lockOrganisation, moveOrganisation } from '../commands/steps.ts';
import { enqueueMarket } from '../market-work.ts';
import { tellSuspended } from '../sessions.ts';
import { tellPeople } from './notices.ts';
import { papersOf, renewCertifiedUntil } from './papers.ts';
import { certifiedUntil, dayOf, daysBetween, missingPapers } from './rules.ts';

export const DOCUMENT_DUE = 'members.document_due';
/** Days before the last one on which people are told. */
const REMIND_DAYS = [30, 7, 1] as const;

const startOf = (day: string, plusDays: number): Date => new Date(Date.parse(day) + plusDays * 86_400_000);

/** Asks to be called on each day that matters to a document that was accepted. */
export async function watchDocument(
  tx: Tx,
  document: { readonly id: string; readonly expiresOn: string; readonly today: string },
): Promise<void> {
  const left = daysBetween(document.today, document.expiresOn);
  // The first reminder that is due already is told at once; earlier ones are past.
  const days = [
    ...REMIND_DAYS.filter((one) => one < left),
    ...REMIND_DAYS.filter((one) => one >= left).slice(-1),
    -1,
  ];
  for (const day of days)
    await enqueue(tx, {
      effectKey: `${DOCUMENT_DUE}:${document.id}:${day}`,
      topic: DOCUMENT_DUE,
      payload: { documentId: document.id },
      notBefore: startOf(document.expiresOn, -day),
    });
}

/** @throws Fault when it is called before its day by this server's clock: it is tried again. */
export async function documentDue(
  tx: Tx,
  {
    documentId,
    effectKey,
    now,
  }: { readonly documentId: string; readonly effectKey: string; readonly now: Date },
): Promise<void> {
  const [row] = await tx<{ organisationId: string; kind: string; expiresOn: string }[]>`
    select organisation_id as "organisationId", kind, expires_on::text as "expiresOn" from party_document
     where id = ${documentId} and state = 'accepted' and expires_on is not null`;
  if (!row) return;
  const before = Number(/:(-?\d+)$/.exec(effectKey)?.[1] ?? -1);
  const today = dayOf(now);
  if (startOf(row.expiresOn, -before) > now)
    throw new Fault('service.unavailable', 'not due by this clock yet');
  const left = daysBetween(today, row.expiresOn);
  if (left < 0) await expireIfDue(tx, row.organisationId, now);
  else await remind(tx, { ...row, documentId, left, now });
}

async function remind(
  tx: Tx,
  of: {
    documentId: string;
    organisationId: string;
    kind: string;
    expiresOn: string;
    left: number;
    now: Date;
  },
): Promise<void> {
  const due = REMIND_DAYS.findLast((days) => of.left <= days);
  if (due === undefined || (await isReplaced(tx, of))) return;
  const { count } = await tx`insert into party_reminder (document_id, days_before, at)
    values (${of.documentId}, ${due}, ${of.now}) on conflict do nothing`;
  if (count === 1) await tellAdmins(tx, { ...of, notice: 'document_expires' });
}

/** A later paper of the kind counts longer: nothing will be missing. */
async function isReplaced(
  tx: Tx,
  of: { organisationId: string; kind: string; expiresOn: string },
): Promise<boolean> {
  const rows = await tx`select 1 from party_document where organisation_id = ${of.organisationId}
    and kind = ${of.kind} and state = 'accepted' and (expires_on is null or expires_on > ${of.expiresOn}) limit 1`;
  return rows.length > 0;
}

async function tellAdmins(
  tx: Tx,
  of: {
    organisationId: string;
    kind: string;
    expiresOn: string | null;
    now: Date;
    notice: 'document_expires' | 'document_expired';
  },
): Promise<void> {
  const { organisationId, kind, expiresOn, now, notice } = of;
  const admins = await tx<{ id: string }[]>`select id from person
     where organisation_id = ${organisationId} and disabled_at is null
       and roles && array['admin', 'legal_representative'] order by id`;
  const people = admins.map(({ id }) => id);
  await tellPeople(tx, people, { kind: notice, subject: kind, day: expiresOn, link: '/company/papers' }, now);
}

/**
 * An active member whose required papers do not count any more is expired; what it has bound stays bound.
 * @returns whether it was expired now.
 */
export async function expireIfDue(tx: Tx, organisationId: string, now: Date): Promise<boolean> {
  const locked = await lockOrganisation(tx, organisationId);
  const today = dayOf(now);
  if (locked?.status !== 'active') return false;
  const papers = await papersOf(tx, organisationId);
  // A member from before papers were kept has none that could run out.
  const held = missingPapers(papers, today).filter((kind) =>
    papers.some((paper) => paper.kind === kind && paper.state === 'accepted'),
  );
  if (held.length === 0) {
    if (certifiedUntil(papers, today) !== locked.certifiedUntil)
      await renewCertifiedUntil(tx, organisationId, today);
    return false;
  }
  await moveOrganisation(tx, locked, { move: 'expire', by: 'system', reason: held.join(', '), now });
  for (const kind of held) {
    const [last] = papers
      .filter((paper) => paper.kind === kind)
      .map(({ expiresOn }) => expiresOn)
      .toSorted()
      .slice(-1);
    await tellAdmins(tx, { organisationId, kind, expiresOn: last ?? null, now, notice: 'document_expired' });
  }
  await tellSuspended(tx, organisationId, now);
  await enqueueMarket(tx, { organisationId, action: 'stop', occasion: `expired:${now.toISOString()}` });
  return true;
}
