/** Moves a company along its lifecycle and writes down who did it and why, in one transaction. */
import type { OrganisationStatus } from '@seam/protocol';
import { eq } from 'drizzle-orm';
import { type Tx, first, orm } from '../../platform/db.ts';
import { settled, tellOffices } from '../dossier/notices.ts';
import { type CertificationMove, after } from '../lifecycle.ts';
import { certificationStep, organisation } from '../tables.ts';

export type Mover =
  | { readonly by: 'company' | 'centre'; readonly personId: string }
  | { readonly by: 'bank' | 'system'; readonly personId?: undefined };

export type Move = Mover & {
  readonly move: CertificationMove;
  readonly reason?: string | undefined;
  readonly now: Date;
};

export type LockedOrganisation = typeof organisation.$inferSelect;

/** The row, locked until the transaction ends: two moves of one company come one after the other. */
export async function lockOrganisation(tx: Tx, id: string): Promise<LockedOrganisation | undefined> {
  return first(await orm(tx).select().from(organisation).where(eq(organisation.id, id)).for('update'));
}

/** @returns the new status, or undefined when the move is not possible in the present one. */
export async function moveOrganisation(
  tx: Tx,
  locked: LockedOrganisation,
  move: Move,
): Promise<OrganisationStatus | undefined> {
  const to = after(locked.status, move.move);
  if (!to) return undefined;
  const { now } = move;
  await orm(tx)
    .update(organisation)
    .set({
      status: to,
      statusSince: now,
      ...(to === 'certified' ? { certifiedAt: now } : {}),
      ...(to === 'active' ? { activeAt: locked.activeAt ?? now } : {}),
    })
    .where(eq(organisation.id, locked.id));
  await recordStep(tx, { ...move, organisationId: locked.id, from: locked.status, to });
  const about = `certification:${locked.id}`;
  await settled(tx, about, now);
  if (move.move === 'submit')
    await tellOffices(
      tx,
      ['operator_admin'],
      { kind: 'certification_waits', subject: locked.name, link: `/staff/certification/${locked.id}`, about },
      { now },
    );
  return to;
}

export async function recordStep(
  tx: Tx,
  step: Mover & {
    readonly organisationId: string;
    readonly move: CertificationMove | 'register';
    readonly from: OrganisationStatus | null;
    readonly to: OrganisationStatus;
    readonly reason?: string | undefined;
    readonly now: Date;
  },
): Promise<void> {
  await orm(tx)
    .insert(certificationStep)
    .values({
      organisationId: step.organisationId,
      at: step.now,
      move: step.move,
      fromStatus: step.from,
      toStatus: step.to,
      by: step.by,
      personId: step.personId ?? null,
      reason: step.reason ?? null,
    });
}
