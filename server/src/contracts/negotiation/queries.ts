/** The terms of a contract as its parties and the centre read them. */
import type {
  AmendmentView,
  ContractState,
  ContractTermsView,
  ProposalView,
  VersionView,
} from '@seam/protocol';
import { and, asc, desc, eq } from 'drizzle-orm';
import { type Connection, first, orm } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { agreedAmendment, agreedTerms, effectiveTerms } from '../effective.ts';
import type { ContractPorts } from '../ports.ts';
import { fileOf, lastOfVersion } from '../signing/revisions.ts';
import { type ContractRow, contract, contractRevision } from '../tables.ts';
import {
  type AmendmentTerms,
  type ContractTerms,
  type LibraryTerms,
  amendmentTexts,
  applyAmendment,
  applyChanges,
  clauseTexts,
  clausesOfTerms,
  clauseSha256,
  fieldsOf,
  redline,
  templateOf,
} from '../terms.ts';
import { type Ground, type SettlementStage, type Side, amendmentsOf, groundOf, seenBy } from './ground.ts';
import { changesOf } from './propose.ts';
import { type ProposalRow, type VersionRow, contractProposal, contractVersion } from './tables.ts';

export type ReadDeps = {
  readonly connection: Connection;
  readonly ports: ContractPorts;
  readonly stageOf: SettlementStage;
  readonly now: Date;
};

export async function contractTermsView(
  deps: ReadDeps,
  id: string,
  principal: Principal,
  version?: number,
): Promise<ContractTermsView | Refusal> {
  const { connection } = deps;
  const seen = await seenBy(connection, id, principal);
  if (!seen) return refuse('resource.not_found');
  const { row, side } = seen;
  if (row.terms === null) return refuse('contract.not_ready');
  const versions = await versionsOf(connection, row.id);
  const asked = versions.find((one) => one.row.version === (version ?? row.version));
  if (version !== undefined && !asked) return refuse('resource.not_found');
  const ground = await groundOf(connection, row, deps.stageOf);
  const newest = (asked?.row.version ?? row.version) === row.version;
  const shown =
    row.kind === 'amendment'
      ? undefined
      : newest
        ? await termsInForce(connection, row)
        : agreedTerms(asked!.row.terms, asked!.row.termsSha256);
  const parties = await partiesOf(deps, row);
  return {
    contractId: row.id,
    number: row.number,
    kind: row.kind,
    state: row.state as ContractState,
    amends: await amendedBy(connection, row),
    mine: side,
    ...parties,
    currency: shown?.currency ?? '',
    version: row.version,
    versions: versions.map((one) => one.view),
    template: shown?.schema === 'seam.contract.2' ? templateView(shown) : null,
    shownVersion: asked?.row.version ?? row.version,
    clauses: shown
      ? clauseViews(shown, isRefusal(ground) || !newest ? undefined : ground, side)
      : await amendmentClauses(connection, row),
    negotiation: isRefusal(ground) ? null : ground.leadsTo,
    closedBecause: isRefusal(ground) ? ground.refused : null,
    proposals: await proposalViews(deps, row, versions),
    amendments: await amendmentViews(connection, row),
  };
}

async function termsInForce(connection: Connection, row: ContractRow): Promise<ContractTerms> {
  if (row.state === 'binding') return effectiveTerms(connection, row);
  return agreedTerms(row.terms!, row.termsSha256);
}

async function partiesOf({ connection, ports }: ReadDeps, row: ContractRow) {
  const names = await ports.namesOf(connection, [row.sellerId, row.buyerId]);
  const of = (id: string) => ({ name: names.get(id)?.name ?? '', nameZh: names.get(id)?.nameZh ?? null });
  return { seller: of(row.sellerId), buyer: of(row.buyerId) };
}

function templateView(terms: LibraryTerms) {
  const { id, version, title } = templateOf(terms);
  return { id, version, title, librarySha256: terms.template.librarySha256 };
}

function clauseViews(
  terms: ContractTerms,
  ground: Ground | undefined,
  side: Side | null,
): ContractTermsView['clauses'] {
  const texts = clauseTexts(terms);
  if (terms.schema === 'seam.contract.1')
    return texts.map((text) => ({ ...plainText(text), executedBy: null, sha256: null, fields: [] }));
  return clausesOfTerms(terms).map((clause, at) => ({
    ...plainText(texts[at]!),
    executedBy: clause.executedBy,
    sha256: clauseSha256(clause),
    fields: ground ? fieldsOf(clause, terms, { side, stage: ground.stage }) : [],
  }));
}

const plainText = ({ id, version, title, paragraphs }: ReturnType<typeof clauseTexts>[number]) => ({
  id,
  version,
  title,
  paragraphs: [...paragraphs],
});

async function amendedBy(connection: Connection, row: ContractRow): Promise<ContractTermsView['amends']> {
  const base = await baseOf(connection, row);
  return base ? { id: base.id, number: base.number } : null;
}

async function baseOf(connection: Connection, row: ContractRow): Promise<ContractRow | undefined> {
  if (row.amendsContractId === null) return undefined;
  return first(await orm(connection).select().from(contract).where(eq(contract.id, row.amendsContractId)));
}

async function amendmentClauses(
  connection: Connection,
  row: ContractRow,
): Promise<ContractTermsView['clauses']> {
  const base = (await baseOf(connection, row))!;
  const walked = await walk(connection, base);
  const found = walked.find((one) => one.row.id === row.id)!;
  return amendmentTexts(found.amendment, found.from, found.to).map((text) => ({
    ...plainText(text),
    executedBy: null,
    sha256: null,
    fields: [],
  }));
}

type Step = { row: ContractRow; amendment: AmendmentTerms; from: LibraryTerms; to: LibraryTerms };

/** Each amendment with the terms it starts from: those with all that bind before it. */
async function walk(connection: Connection, base: ContractRow): Promise<Step[]> {
  const steps: Step[] = [];
  const rows = await amendmentsOf(connection, base.id);
  if (rows.length === 0) return steps;
  let terms = agreedTerms(base.terms!, base.termsSha256);
  for (const row of rows) {
    const amendment = agreedAmendment(row.terms!, row.termsSha256);
    const next = terms.schema === 'seam.contract.2' ? applyAmendment(terms, amendment) : undefined;
    if (!next) continue;
    steps.push({ row, amendment, from: terms as LibraryTerms, to: next });
    if (row.state === 'binding') terms = next;
  }
  return steps;
}

async function amendmentViews(connection: Connection, row: ContractRow): Promise<AmendmentView[]> {
  if (row.kind === 'amendment' || row.state !== 'binding') return [];
  return (await walk(connection, row)).map(({ row: one, amendment, from, to }) => ({
    id: one.id,
    number: one.number,
    state: one.state as ContractState,
    reason: amendment.reason,
    issuedAt: amendment.issuedAt,
    boundAt: one.boundAt?.toISOString() ?? null,
    voidedReason: one.voidedReason,
    redline: redlineView(from, to),
  }));
}

const redlineView = (from: ContractTerms, to: ContractTerms): ProposalView['redline'] =>
  redline(from, to).map((clause) => ({
    ...clause,
    parameters: clause.parameters.map((one) => ({ ...one, from: one.from ?? null, to: one.to ?? null })),
    zh: [...clause.zh],
    en: [...clause.en],
  }));

type Version = { readonly row: VersionRow; readonly view: VersionView };

export async function versionsOf(connection: Connection, contractId: string): Promise<Version[]> {
  const rows = await orm(connection)
    .select({ row: contractVersion, file: contractRevision.sha256 })
    .from(contractVersion)
    .innerJoin(
      contractRevision,
      and(
        eq(contractRevision.contractId, contractVersion.contractId),
        eq(contractRevision.n, contractVersion.firstRevision),
      ),
    )
    .where(eq(contractVersion.contractId, contractId))
    .orderBy(asc(contractVersion.version));
  return rows.map(({ row, file }, at) => ({
    row,
    view: {
      version: row.version,
      issuedAt: row.issuedAt.toISOString(),
      termsSha256: hex(row.termsSha256),
      fileSha256: hex(file),
      sellerHadSigned: row.sellerHadSigned,
      supersededAt: rows[at + 1]?.row.issuedAt.toISOString() ?? null,
    },
  }));
}

async function proposalViews(
  { connection, ports, now }: ReadDeps,
  row: ContractRow,
  versions: readonly Version[],
): Promise<ProposalView[]> {
  const rows = await orm(connection)
    .select()
    .from(contractProposal)
    .where(eq(contractProposal.contractId, row.id))
    .orderBy(desc(contractProposal.createdAt), desc(contractProposal.id));
  const people = await ports.personNamesOf(
    connection,
    rows.map(({ personId }) => personId),
  );
  const steps = row.kind === 'contract' && row.state === 'binding' ? await walk(connection, row) : [];
  return rows.map((one) => ({
    id: one.id,
    sha256: hex(one.sha256),
    side: one.side,
    person: people.get(one.personId) ?? '',
    reason: one.reason,
    state: shownState(one, row, now),
    baseVersion: one.baseVersion,
    counters: one.counters,
    createdAt: one.createdAt.toISOString(),
    expiresAt: one.expiresAt.toISOString(),
    decidedAt: one.decidedAt?.toISOString() ?? null,
    answer: one.answer,
    redline: proposalRedline(one, [
      ...versions.map((version) => agreedVersion(row, version)),
      ...steps.flatMap(({ from, to }) => [from, to]),
    ]),
  }));
}

const agreedVersion = (row: ContractRow, { row: version }: Version): ContractTerms | undefined =>
  row.kind === 'contract' ? agreedTerms(version.terms, version.termsSha256) : undefined;

/** An open proposal that nobody can accept any more is told as what it is. */
function shownState(one: ProposalRow, row: ContractRow, now: Date): ProposalView['state'] {
  if (one.state !== 'open') return one.state;
  if (one.expiresAt <= now) return 'expired';
  const alive = row.state === 'issued' || row.state === 'seller_signed' || row.state === 'binding';
  return alive && one.baseVersion === row.version ? 'open' : 'overtaken';
}

/** Against the terms it was made on, found among all that were ever in force. */
function proposalRedline(
  one: ProposalRow,
  known: readonly (ContractTerms | undefined)[],
): ProposalView['redline'] {
  for (const terms of known) {
    if (terms?.schema !== 'seam.contract.2') continue;
    const next = applyChanges(terms, changesOf(one));
    if (next) return redlineView(terms, next);
  }
  return [];
}

export async function versionRedline(
  connection: Connection,
  id: string,
  principal: Principal,
  { from, to }: { from: number; to: number },
) {
  const seen = await seenBy(connection, id, principal);
  const versions = seen?.row.kind === 'contract' ? await versionsOf(connection, id) : [];
  const [old, next] = [from, to].map((number) => versions.find(({ row }) => row.version === number));
  if (!seen || !old || !next) return refuse('resource.not_found');
  const terms = [old, next].map(({ row }) => agreedTerms(row.terms, row.termsSha256)) as [
    ContractTerms,
    ContractTerms,
  ];
  return {
    contractId: id,
    number: seen.row.number,
    from: old.view,
    to: next.view,
    clauses: redlineView(...terms),
  };
}

/** The last revision of a version, and what its file is called. */
export async function versionFile(connection: Connection, id: string, principal: Principal, version: number) {
  const seen = await seenBy(connection, id, principal);
  const last = seen && (await lastOfVersion(connection, id, version));
  return last && { of: fileOf(last), name: `${seen.row.number}-v${version}.pdf` };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
