/** An inspection as seller, buyer and staff read it. */
import type { AnalysisValue, InspectionView } from '@seam/protocol';
import { formatMoney, formatTonnes } from '@seam/units';
import { asc, eq } from 'drizzle-orm';
import { bindingContract } from '../contracts/public.ts';
import { type DeliveryOrderRow, deliveryOrderById } from '../logistics/public.ts';
import type { Connection, Tx } from '../platform/db.ts';
import { orm } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { inspectionOf } from './inspection.ts';
import { waitsForAgreement } from './rejection.ts';
import {
  certificateOfAnalysis,
  custodyStep,
  qualityEvent,
  refereeCertificate,
  rejectionProposal,
  sample,
} from './tables.ts';

/** @returns undefined when there is no such delivery, or it is not the caller's. */
export async function inspectionView(
  connection: Connection,
  id: string,
  principal: Principal,
  now: Date,
): Promise<InspectionView | undefined> {
  const order = await deliveryOrderById(connection, id);
  const mine = order && sideOf(order, principal.organisationId);
  if (!order || (!principal.staff && !mine)) return undefined;
  const row = await inspectionOf(connection, order, now);
  const contract = await bindingContract(connection, order.contractId);
  const proposals = await orm(connection)
    .select()
    .from(rejectionProposal)
    .where(eq(rejectionProposal.deliveryOrderId, id))
    .orderBy(asc(rejectionProposal.at), asc(rejectionProposal.id));
  const events = await orm(connection)
    .select()
    .from(qualityEvent)
    .where(eq(qualityEvent.deliveryOrderId, id))
    .orderBy(asc(qualityEvent.n));
  const inTime = row.challengeDueAt !== null && row.challengeDueAt > now;
  return {
    deliveryOrderId: order.id,
    contractId: order.contractId,
    contractNumber: contract?.terms.number ?? '',
    state: row.state,
    mine: mine ?? null,
    plan: {
      unit: row.plan.unit,
      lots: row.plan.lots,
      lot: formatTonnes(BigInt(row.plan.lotKg)),
      increments: row.plan.increments,
      source: row.plan.source,
    },
    samples: await samplesOf(connection, id),
    certificates: await certificatesOf(connection, id),
    flags: row.flags.map(({ check, code, values }) => ({ check, code, values: { ...values } })),
    challengeDueAt: row.challengeDueAt?.toISOString() ?? null,
    challengedBy: row.challengedBy === null ? null : (sideOf(order, row.challengedBy) ?? null),
    decisions: [...row.decisions],
    proposals: proposals.map((one) => ({
      id: one.id,
      outcome: one.outcome,
      pricePerTonne: formatMoney(one.pricePerTonne),
      by: sideOf(order, one.proposedBy) ?? 'buyer',
      at: one.at.toISOString(),
    })),
    events: events.map((one) => ({
      move: one.move,
      state: one.state,
      by:
        one.personId === 'system'
          ? 'time'
          : (one.organisationId && sideOf(order, one.organisationId)) || 'centre',
      detail: one.detail,
      at: one.at.toISOString(),
    })),
    may: {
      challenge: mine !== undefined && row.state === 'certified' && inTime,
      propose: mine !== undefined && (await waitsForAgreement(connection as Tx, row)),
    },
    currency: contract?.terms.currency ?? '',
  };
}

function sideOf(order: DeliveryOrderRow, organisationId: string): 'seller' | 'buyer' | undefined {
  return organisationId === order.sellerId
    ? 'seller'
    : organisationId === order.buyerId
      ? 'buyer'
      : undefined;
}

async function samplesOf(connection: Connection, id: string): Promise<InspectionView['samples']> {
  const samples = await orm(connection)
    .select()
    .from(sample)
    .where(eq(sample.deliveryOrderId, id))
    .orderBy(asc(sample.kind));
  const steps = await orm(connection)
    .select({ step: custodyStep })
    .from(custodyStep)
    .innerJoin(sample, eq(sample.id, custodyStep.sampleId))
    .where(eq(sample.deliveryOrderId, id))
    .orderBy(asc(custodyStep.n));
  return samples.map(({ id: sampleId, kind, seal, grams, takenAt, takenBy }) => ({
    id: sampleId,
    kind,
    seal,
    grams,
    takenAt: takenAt.toISOString(),
    takenBy,
    custody: steps
      .filter(({ step }) => step.sampleId === sampleId)
      .map(({ step }) => ({
        at: step.at.toISOString(),
        handedBy: step.handedBy,
        receivedBy: step.receivedBy,
        sealIntact: step.sealIntact,
        note: step.note,
      })),
  }));
}

async function certificatesOf(connection: Connection, id: string): Promise<InspectionView['certificates']> {
  const first = await orm(connection)
    .select()
    .from(certificateOfAnalysis)
    .where(eq(certificateOfAnalysis.deliveryOrderId, id));
  const others = await orm(connection)
    .select()
    .from(refereeCertificate)
    .where(eq(refereeCertificate.deliveryOrderId, id))
    .orderBy(asc(refereeCertificate.createdAt));
  return [...first.map((one) => ({ ...one, role: 'first' as const })), ...others].map((one) => ({
    role: one.role,
    number: one.number,
    laboratory: one.laboratory,
    sampledOn: one.sampledOn,
    values: one.quality.values as readonly AnalysisValue[] as AnalysisValue[],
  }));
}
