/** The certificate comes in: checked, audited, and from then on open to a challenge for as long as the contract says. */
import { type CertifiedQuality, type CertificateReport, adjustPrice, auditCertificate } from '@seam/coal';
import { minor } from '@seam/units';
import { eq } from 'drizzle-orm';
import { type BindingContract, bindingContract } from '../contracts/public.ts';
import { announceResult } from '../logistics/public.ts';
import { type Connection, type Tx, UNIQUE_VIOLATION, isPgError, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { assayOf } from './assay-of.ts';
import { type Written, readCertificate } from './certificate.ts';
import { byPerson, byTime, lockInspection, moveRow } from './inspection.ts';
import { certificateOfAnalysis, sample } from './tables.ts';

const DAY_MS = 24 * 3600_000;
const HISTORY_MAX = 20;

/** Staff enters what the independent laboratory certified. It must answer every rule of the contract. */
export async function recordAnalysis(
  tx: Tx,
  principal: Principal,
  input: Written & { readonly deliveryOrderId: string; readonly now: Date },
): Promise<{ deliveryOrderId: string } | Refusal> {
  const { now } = input;
  const found = await lockInspection(tx, input.deliveryOrderId, now);
  if (!found) return refuse('resource.not_found');
  const { order, row } = found;
  const contract = await bindingContract(tx, order.contractId);
  assert(contract, `delivery order ${order.id} without a binding contract`);
  const quality = readCertificate(input, contract.terms, now);
  if (isRefusal(quality)) return quality;
  const report = await auditOf(tx, contract, order.id, input, quality);
  const { number, laboratory, sampledOn } = input;
  try {
    await tx.savepoint(async (inner) =>
      orm(inner as Tx)
        .insert(certificateOfAnalysis)
        .values({
          id: newId(),
          deliveryOrderId: order.id,
          number,
          laboratory,
          sampledOn,
          quality,
          recordedBy: principal.personId,
        }),
    );
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION, 'certificate_of_analysis_laboratory_number_key')) {
      return refuse('certificate_of_analysis.duplicate_number', { fields: { number: 'duplicate' } });
    }
    if (isPgError(error, UNIQUE_VIOLATION)) return refuse('certificate_of_analysis.exists');
    throw error;
  }
  const challengeDueAt = new Date(now.getTime() + contract.terms.inspection.challengeDays * DAY_MS);
  const set = { flags: report?.flags ?? [], challengeDueAt };
  const moved = await moveRow(tx, row, 'certify', {
    ...byPerson(principal, now),
    detail: `${laboratory} ${number}`,
    set,
  });
  assert(moved, `inspection of ${order.id} had a certificate before`);
  await enqueue(tx, {
    effectKey: `quality:${order.id}:challenge_end`,
    topic: 'quality.challenge_end',
    payload: { deliveryOrderId: order.id },
    notBefore: challengeDueAt,
  });
  await announceResult(tx, order.id);
  return { deliveryOrderId: order.id };
}

/** The nine checks, with the mine's past and what is known of the samples. */
async function auditOf(
  tx: Tx,
  contract: BindingContract,
  deliveryOrderId: string,
  written: Written,
  quality: CertifiedQuality,
): Promise<CertificateReport | undefined> {
  const assay = assayOf(quality);
  if (!assay) return undefined;
  const numbers = await tx<{ number: string }[]>`select number from certificate_of_analysis
      where laboratory = ${written.laboratory}
    union all select number from referee_certificate where laboratory = ${written.laboratory}`;
  const [taken] = await orm(tx).select().from(sample).where(eq(sample.deliveryOrderId, deliveryOrderId));
  return auditCertificate({
    assay,
    certificate: {
      number: written.number,
      sampledAt: Date.parse(`${written.sampledOn}T00:00:00Z`),
      ...(taken && { sampleGrams: taken.grams }),
    },
    knownNumbers: new Set(numbers.map(({ number }) => number)),
    history: await historyOf(tx, contract),
  });
}

/** The mine's certificates before this one, newest first. */
async function historyOf(connection: Connection, contract: BindingContract) {
  const rows = await connection<{ quality: CertifiedQuality }[]>`
    select a.quality from certificate_of_analysis a
      join delivery_order o on o.id = a.delivery_order_id
      left join contract_delivery d on d.id::text = o.contract_id
      join contract c on c.id::text = coalesce(d.contract_id::text, o.contract_id)
     where o.seller_id = ${contract.sellerId}
       and c.terms::jsonb #>> '{goods,mine,name}' = ${contract.terms.goods.mine.name}
     order by a.created_at desc limit ${HISTORY_MAX}`;
  return rows.flatMap(({ quality }) => assayOf(quality) ?? []);
}

/** Whether a value lies beyond a limit at which the buyer may refuse the coal. */
export function beyondLimit(contract: BindingContract, quality: CertifiedQuality): boolean {
  const price = minor(BigInt(contract.terms.pricePerTonne));
  return adjustPrice(price, contract.terms.quality, quality).outcome === 'rejected';
}

/** Nobody challenged in time: the certificate is accepted, or the coal is beyond a limit and people must agree. */
export async function endChallengeTime(tx: Tx, deliveryOrderId: string, now: Date): Promise<void> {
  const found = await lockInspection(tx, deliveryOrderId, now);
  if (found?.row.state !== 'certified') return;
  const contract = await bindingContract(tx, found.order.contractId);
  const [certificate] = await orm(tx)
    .select()
    .from(certificateOfAnalysis)
    .where(eq(certificateOfAnalysis.deliveryOrderId, deliveryOrderId));
  assert(contract && certificate, `challenge of ${deliveryOrderId} without a certificate`);
  const move = beyondLimit(contract, certificate.quality) ? 'reject' : 'accept';
  await moveRow(tx, found.row, move, byTime(now));
}
