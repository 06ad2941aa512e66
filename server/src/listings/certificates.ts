/**
 * Certificates of analysis of a lot: entered once, held against the nine checks at once, never changed. The mine's
 * own past and the laboratory's other numbers are read from what was entered before.
 */
import { type CertificateReport, auditCertificate } from '@seam/coal';
import type { CertificateInput, CertificateOfAnalysisView } from '@seam/protocol';
import { and, desc, eq } from 'drizzle-orm';
import { type Connection, type Tx, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { reasonsFor } from './admission.ts';
import { type FieldErrors, parseAssay } from './assay.ts';
import { candidateOf } from './changes.ts';
import { moveListing } from './lifecycle.ts';
import { move, ownListing } from './commands.ts';
import { centreDay } from './centre-time.ts';
import { documentsOf } from './documents.ts';
import { CERTIFICATES_MAX, CERTIFICATE_HISTORY } from './limits.ts';
import type { Actor, ListingDeps } from './ports.ts';
import { isDay, refusalOf } from './readers.ts';
import { openReview } from './review-cases.ts';
import { type CertificateRow, listingAnalysis } from './tables-more.ts';
import type { ListingRow } from './tables.ts';

const DAYS = ['sampledOn', 'preparedOn', 'analysedOn', 'issuedOn'] as const;

/**
 * A certificate in which the checks find something is kept and shown with its flags; where the centre's rules
 * say so, the lot leaves the market until the centre has looked.
 */
export async function addCertificate(
  tx: Tx,
  deps: Pick<ListingDeps, 'clock'>,
  actor: Actor,
  listingId: string,
  input: CertificateInput,
): Promise<CertificateOfAnalysisView | Refusal> {
  const row = await ownListing(tx, actor, listingId);
  if (isRefusal(row)) return row;
  const parsed = parseAssay(input.assay, []);
  const fields: FieldErrors = {
    ...('fields' in parsed && parsed.fields),
    ...dayFaults(input, centreDay(deps.clock.now())),
  };
  const known = await certificateRows(tx, listingId);
  const documents = input.documentId === undefined ? [] : await documentsOf(tx, listingId);
  if (input.documentId !== undefined && !documents.some((one) => one.id === input.documentId)) {
    fields['documentId'] = 'listing.document_unknown';
  }
  const refusal = refusalOf(fields, 'accepted' in parsed ? parsed.accepted : {});
  if (refusal || !('assay' in parsed)) return refusal ?? refuse('listing.invalid');
  if (known.some((one) => one.laboratory === input.laboratory && one.number === input.number)) {
    return refuse('listing.certificate_known', { fields: { number: 'listing.certificate_known' } });
  }
  if (known.length >= CERTIFICATES_MAX) {
    return refuse('listing.certificates_full', { accepted: { certificates: String(CERTIFICATES_MAX) } });
  }
  const report = await audit(tx, row, input, parsed.assay);
  const [stored] = await orm(tx)
    .insert(listingAnalysis)
    .values({
      id: newId(),
      listingId,
      mineId: row.mineId,
      documentId: input.documentId ?? null,
      laboratory: input.laboratory,
      number: input.number,
      sampledOn: input.sampledOn ?? null,
      preparedOn: input.preparedOn ?? null,
      analysedOn: input.analysedOn ?? null,
      issuedOn: input.issuedOn,
      sampleGrams: input.sampleGrams ?? null,
      sealsSet: input.sealsSet ?? null,
      sealsFound: input.sealsFound ?? null,
      declaredClass: input.declaredClass ?? null,
      assay: parsed.assay,
      statement: input.assay,
      flags: report.flags,
      openChecks: report.open,
      createdBy: actor.personId,
    })
    .returning();
  if (!stored) throw new Error('the certificate was not stored');
  if (report.flags.length > 0) await question(tx, row, actor);
  return certificateView(stored);
}

function dayFaults(input: CertificateInput, today: string): FieldErrors {
  const fields: FieldErrors = {};
  for (const name of DAYS) {
    const day = input[name];
    if (day === undefined) continue;
    if (!isDay(day)) fields[name] = 'listing.day_invalid';
    else if (day > today) fields[name] = 'listing.certificate_future';
  }
  return fields;
}

async function audit(
  tx: Tx,
  row: ListingRow,
  input: CertificateInput,
  assay: CertificateRow['assay'],
): Promise<CertificateReport> {
  const numbers = await orm(tx)
    .select({ number: listingAnalysis.number })
    .from(listingAnalysis)
    .where(and(eq(listingAnalysis.laboratory, input.laboratory), eq(listingAnalysis.number, input.number)));
  const history = await orm(tx)
    .select({ assay: listingAnalysis.assay })
    .from(listingAnalysis)
    .where(eq(listingAnalysis.mineId, row.mineId))
    .orderBy(desc(listingAnalysis.id))
    .limit(CERTIFICATE_HISTORY);
  const at = (day: string | undefined): number | undefined =>
    day === undefined ? undefined : Date.parse(`${day}T00:00:00Z`);
  const { sampleGrams, sealsSet, sealsFound, declaredClass } = input;
  const [sampledAt, preparedAt, analysedAt, issuedAt] = DAYS.map((name) => at(input[name]));
  return auditCertificate({
    assay,
    certificate: {
      number: input.number,
      ...(sampledAt !== undefined && { sampledAt }),
      ...(preparedAt !== undefined && { preparedAt }),
      ...(analysedAt !== undefined && { analysedAt }),
      ...(issuedAt !== undefined && { issuedAt }),
      ...(sampleGrams !== undefined && { sampleGrams }),
      ...(sealsSet && { sealsSet }),
      ...(sealsFound && { sealsFound }),
    },
    ...(declaredClass !== undefined && { declaredClass }),
    knownNumbers: new Set(numbers.map((one) => one.number)),
    history: history.map((one) => one.assay),
  });
}

/** A lot on the market whose paper contradicts itself goes before the centre, where its rules say so. */
async function question(tx: Tx, row: ListingRow, actor: Actor): Promise<void> {
  if (!moveListing(row.state, 'question')) return;
  const [reasons = []] = await reasonsFor(tx, row.sellerId, [await candidateOf(tx, row)]);
  const flagged = reasons.filter(({ code }) => code === 'certificate_flags');
  if (flagged.length === 0) return;
  await openReview(tx, row, actor, flagged);
  await move(tx, row, 'question');
}

async function certificateRows(connection: Connection, listingId: string): Promise<CertificateRow[]> {
  return orm(connection)
    .select()
    .from(listingAnalysis)
    .where(eq(listingAnalysis.listingId, listingId))
    .orderBy(desc(listingAnalysis.id));
}

/** Newest first. */
export async function certificatesOf(
  connection: Connection,
  listingId: string,
): Promise<CertificateOfAnalysisView[]> {
  return (await certificateRows(connection, listingId)).map(certificateView);
}

function certificateView(row: CertificateRow): CertificateOfAnalysisView {
  return {
    id: row.id,
    documentId: row.documentId,
    laboratory: row.laboratory,
    number: row.number,
    sampledOn: row.sampledOn,
    preparedOn: row.preparedOn,
    analysedOn: row.analysedOn,
    issuedOn: row.issuedOn,
    declaredClass: row.declaredClass,
    assay: row.statement,
    flags: row.flags.map(({ check, code, values }) => ({ check, code, values: { ...values } })),
    open: row.openChecks.map(({ check, missing }) => ({ check, missing: [...missing] })),
    createdAt: row.createdAt.toISOString(),
  };
}
