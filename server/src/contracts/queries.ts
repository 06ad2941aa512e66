/** Contracts as their parties and the centre read them. */
import { invoiceAmount } from '@seam/coal';
import type { ContractState, ContractSummary, ContractView } from '@seam/protocol';
import { formatMoney, formatTonnes, kilograms, minor } from '@seam/units';
import { and, asc, desc, eq, isNull, or } from 'drizzle-orm';
import { type Connection, first, orm } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { waitsFor } from './lifecycle.ts';
import type { ContractPorts } from './ports.ts';
import { SIDES } from './signing/parties.ts';
import {
  type ContractRow,
  type SaleRow,
  contract,
  contractArchive,
  contractRefusal,
  contractRevision,
  contractSignature,
  sale,
  signingSession,
} from './tables.ts';

/** Newest first; a working list, not an archive. */
const LIST_MAX = 200;

type Names = Awaited<ReturnType<ContractPorts['namesOf']>>;
type Pair = { contract: ContractRow; sale: SaleRow };

export async function listContracts(
  connection: Connection,
  ports: ContractPorts,
  principal: Principal,
): Promise<ContractSummary[]> {
  const mine = or(
    eq(contract.sellerId, principal.organisationId),
    eq(contract.buyerId, principal.organisationId),
  );
  const rows = await orm(connection)
    .select()
    .from(contract)
    .innerJoin(sale, eq(contract.saleId, sale.id))
    .where(principal.staff ? undefined : mine)
    .orderBy(desc(contract.createdAt))
    .limit(LIST_MAX);
  const names = await ports.namesOf(
    connection,
    rows.flatMap((row) => [row.contract.sellerId, row.contract.buyerId]),
  );
  return rows.map((row) => summary(row, names));
}

export async function contractView(
  connection: Connection,
  ports: ContractPorts,
  id: string,
  principal: Principal,
): Promise<ContractView | undefined> {
  const row = await pairById(connection, id);
  if (!row) return undefined;
  const mine =
    row.contract.sellerId === principal.organisationId
      ? 'seller'
      : row.contract.buyerId === principal.organisationId
        ? 'buyer'
        : null;
  if (!principal.staff && !mine) return undefined;
  const { sellerId, buyerId, terms, termsSha256 } = row.contract;
  const revisions = await revisionsOf(connection, id);
  const proposed = await refusalOf(connection, id);
  const people = await ports.personNamesOf(connection, [
    ...revisions.flatMap((revision) => revision.signedBy ?? []),
    ...(proposed ? [proposed.proposedBy] : []),
  ]);
  return {
    ...summary(row, await ports.namesOf(connection, [sellerId, buyerId])),
    saleId: row.sale.id,
    listingId: row.sale.listingId,
    origin: {
      kind: row.sale.originKind,
      id: row.sale.originId,
      journal: await journalOf(connection, id),
    },
    terms,
    termsSha256: termsSha256 ? hex(termsSha256) : null,
    voidedReason: row.contract.voidedReason,
    voided:
      row.contract.state === 'voided' ? { cause: row.contract.voidCause, by: row.contract.voidBy } : null,
    level: levelOf(revisions.filter(({ version }) => version === row.contract.version)),
    timestampPending: await pendingSide(connection, id),
    refusal: proposed
      ? {
          reason: proposed.reason,
          proposedAt: proposed.proposedAt.toISOString(),
          proposedBy: people.get(proposed.proposedBy) ?? '',
        }
      : null,
    revisions: revisions.map((revision) => ({
      n: revision.n,
      kind: revision.kind,
      sha256: hex(revision.sha256),
      signedAt: revision.signedAt?.toISOString() ?? null,
      signer: revision.signedBy === null ? null : (people.get(revision.signedBy) ?? null),
      stampedAt: revision.stampedAt?.toISOString() ?? null,
      proof: revision.proof,
      certificateSerial: revision.certificateSerial,
    })),
    evidenceUrl: row.contract.state === 'binding' ? `/v1/contracts/${id}/evidence.zip` : null,
    mine: principal.staff ? null : mine,
  };
}

type ShownRevision = Awaited<ReturnType<typeof revisionsOf>>[number];

async function revisionsOf(connection: Connection, id: string) {
  return orm(connection)
    .select({
      n: contractRevision.n,
      version: contractRevision.version,
      kind: contractRevision.kind,
      sha256: contractRevision.sha256,
      signedAt: contractRevision.signedAt,
      signedBy: contractRevision.signedBy,
      certificateSerial: contractRevision.certificateSerial,
      stampedAt: contractSignature.stampedAt,
      proof: contractSignature.proofKind,
    })
    .from(contractRevision)
    .leftJoin(
      contractSignature,
      and(
        eq(contractSignature.contractId, contractRevision.contractId),
        eq(contractSignature.revision, contractRevision.n),
      ),
    )
    .where(eq(contractRevision.contractId, id))
    .orderBy(asc(contractRevision.n));
}

function levelOf(revisions: readonly ShownRevision[]): ContractView['level'] {
  const kinds = new Set(revisions.map(({ kind }) => kind));
  if (kinds.has('document_timestamp')) return 'B-LTA';
  if (kinds.has('dss')) return 'B-LT';
  const signed = revisions.filter(({ kind }) => kind.startsWith('sig_'));
  if (signed.length === 0) return null;
  return signed.every(({ stampedAt }) => stampedAt !== null) ? 'B-T' : 'B-B';
}

async function pendingSide(connection: Connection, id: string): Promise<ContractView['timestampPending']> {
  const waiting = first(
    await orm(connection)
      .select({ field: signingSession.field })
      .from(signingSession)
      .where(and(eq(signingSession.contractId, id), eq(signingSession.state, 'signed_waiting'))),
  );
  return waiting ? SIDES[waiting.field].side : null;
}

/** While it is open: in force, it is told as the end of the contract. */
async function refusalOf(connection: Connection, id: string) {
  return first(
    await orm(connection)
      .select()
      .from(contractRefusal)
      .where(and(eq(contractRefusal.contractId, id), isNull(contractRefusal.confirmedBy))),
  );
}

async function journalOf(connection: Connection, id: string): Promise<ContractView['origin']['journal']> {
  const { journalShard: shard, journalSeq: seq, journalHash: hash } = contractArchive;
  const found = first(
    await orm(connection)
      .select({ shard, seq, hash })
      .from(contractArchive)
      .where(eq(contractArchive.contractId, id)),
  );
  if (!found || found.shard === null || found.seq === null || found.hash === null) return null;
  return { shard: found.shard, seq: String(found.seq), hash: hex(found.hash) };
}

async function pairById(connection: Connection, id: string): Promise<Pair | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  return first(
    await orm(connection)
      .select()
      .from(contract)
      .innerJoin(sale, eq(contract.saleId, sale.id))
      .where(eq(contract.id, id)),
  );
}

function summary({ contract: row, sale: sold }: Pair, names: Names): ContractSummary {
  const state = row.state as ContractState;
  const party = (id: string) => ({
    id,
    name: names.get(id)?.name ?? '',
    nameZh: names.get(id)?.nameZh ?? null,
  });
  return {
    id: row.id,
    number: row.number,
    state,
    seller: party(row.sellerId),
    buyer: party(row.buyerId),
    quantity: formatTonnes(sold.quantityKg),
    pricePerTonne: formatMoney(sold.pricePerTonne),
    currency: sold.currency as ContractSummary['currency'],
    total: formatMoney(invoiceAmount(minor(sold.pricePerTonne), kilograms(sold.quantityKg))),
    waitsFor: waitsFor[state],
    signBy: row.signBy?.toISOString() ?? null,
    boundAt: row.boundAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

/** Id of the contract made of the sale with this origin key. */
export async function contractOfOrigin(
  connection: Connection,
  originKey: string,
): Promise<string | undefined> {
  const rows = await orm(connection)
    .select({ id: contract.id })
    .from(contract)
    .innerJoin(sale, eq(contract.saleId, sale.id))
    .where(and(eq(sale.originKey, originKey), eq(contract.kind, 'contract')));
  return first(rows)?.id;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
