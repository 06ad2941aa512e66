/** Samples under seal, and everybody who had them. */
import { and, desc, eq } from 'drizzle-orm';
import { type Tx, UNIQUE_VIOLATION, first, isPgError, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { byPerson, lockInspection, moveRow } from './inspection.ts';
import { custodyStep, refereeCertificate, certificateOfAnalysis, sample } from './tables.ts';

/** The clock of whoever writes the time down may run ahead of ours by this much. */
const CLOCK_AHEAD_MS = 5 * 60_000;
const INVALID = refuse('inspection.time_invalid', { fields: { at: 'out_of_range' } });

export async function recordSamples(
  tx: Tx,
  principal: Principal,
  input: {
    deliveryOrderId: string;
    takenAt: string;
    takenBy: string;
    laboratorySeal: string;
    laboratoryGrams: number;
    reserveSeal: string;
    reserveGrams: number;
    now: Date;
  },
): Promise<Refusal | undefined> {
  const found = await lockInspection(tx, input.deliveryOrderId, input.now);
  if (!found) return refuse('resource.not_found');
  const takenAt = new Date(input.takenAt);
  if (!(takenAt.getTime() <= input.now.getTime() + CLOCK_AHEAD_MS)) {
    return refuse('inspection.time_invalid', { fields: { takenAt: 'out_of_range' } });
  }
  const detail = `${input.laboratorySeal}, ${input.reserveSeal}`;
  const moved = await moveRow(tx, found.row, 'sample', { ...byPerson(principal, input.now), detail });
  if (!moved) return refuse('inspection.not_due');
  const of = {
    deliveryOrderId: found.order.id,
    takenAt,
    takenBy: input.takenBy,
    recordedBy: principal.personId,
  };
  for (const kind of ['laboratory', 'reserve'] as const) {
    const [seal, grams] =
      kind === 'laboratory'
        ? [input.laboratorySeal, input.laboratoryGrams]
        : [input.reserveSeal, input.reserveGrams];
    try {
      await tx.savepoint(async (inner) =>
        orm(inner as Tx)
          .insert(sample)
          .values({ ...of, id: newId(), kind, seal, grams }),
      );
    } catch (error) {
      if (!isPgError(error, UNIQUE_VIOLATION)) throw error;
      return refuse('inspection.seal_known', { fields: { [`${kind}Seal`]: 'duplicate' } });
    }
  }
  return undefined;
}

export async function recordCustody(
  tx: Tx,
  principal: Principal,
  input: {
    deliveryOrderId: string;
    sampleId: string;
    at: string;
    handedBy: string;
    receivedBy: string;
    sealIntact: boolean;
    note: string;
    now: Date;
  },
): Promise<Refusal | undefined> {
  const { sampleId, handedBy, receivedBy, sealIntact, note } = input;
  const found = await lockInspection(tx, input.deliveryOrderId, input.now);
  const of =
    found && /^[0-9a-f-]{36}$/.test(sampleId)
      ? first(
          await orm(tx)
            .select()
            .from(sample)
            .where(and(eq(sample.id, sampleId), eq(sample.deliveryOrderId, found.order.id))),
        )
      : undefined;
  if (!of) return refuse('resource.not_found');
  const last = first(
    await orm(tx)
      .select()
      .from(custodyStep)
      .where(eq(custodyStep.sampleId, sampleId))
      .orderBy(desc(custodyStep.n))
      .limit(1),
  );
  const at = new Date(input.at);
  const earliest = (last?.at ?? of.takenAt).getTime();
  if (!(at.getTime() >= earliest && at.getTime() <= input.now.getTime() + CLOCK_AHEAD_MS)) return INVALID;
  await orm(tx)
    .insert(custodyStep)
    .values({
      sampleId,
      n: (last?.n ?? 0) + 1,
      at,
      handedBy,
      receivedBy,
      sealIntact,
      note,
      recordedBy: principal.personId,
    });
  return undefined;
}

/** Prepared, analysed; or the reserve sample has gone to a laboratory that did not test this coal before. */
export async function recordLaboratoryStep(
  tx: Tx,
  principal: Principal,
  input: {
    deliveryOrderId: string;
    move: 'prepare' | 'analyse' | 'send_reserve';
    laboratory: string;
    now: Date;
  },
): Promise<Refusal | undefined> {
  const found = await lockInspection(tx, input.deliveryOrderId, input.now);
  if (!found) return refuse('resource.not_found');
  if (
    input.move === 'send_reserve' &&
    (await laboratoriesOf(tx, found.order.id)).includes(input.laboratory)
  ) {
    return refuse('inspection.same_laboratory', { fields: { laboratory: 'duplicate' } });
  }
  const by = { ...byPerson(principal, input.now), detail: input.laboratory };
  return (await moveRow(tx, found.row, input.move, by)) ? undefined : refuse('inspection.not_due');
}

/** Those whose certificates are in. */
export async function laboratoriesOf(tx: Tx, deliveryOrderId: string): Promise<string[]> {
  const rows = [
    ...(await orm(tx)
      .select({ name: certificateOfAnalysis.laboratory })
      .from(certificateOfAnalysis)
      .where(eq(certificateOfAnalysis.deliveryOrderId, deliveryOrderId))),
    ...(await orm(tx)
      .select({ name: refereeCertificate.laboratory })
      .from(refereeCertificate)
      .where(eq(refereeCertificate.deliveryOrderId, deliveryOrderId))),
  ];
  return rows.map(({ name }) => name);
}
