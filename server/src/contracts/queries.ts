/** Contracts as their parties and the centre read them. */
import { invoiceAmount } from '@seam/coal';
import type { ContractState, ContractSummary, ContractView } from '@seam/protocol';
import { formatMoney, formatTonnes, kilograms, minor } from '@seam/units';
import { and, asc, desc, eq, or } from 'drizzle-orm';
import { type Connection, first, orm } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { waitsFor } from './lifecycle.ts';
import type { ContractPorts } from './ports.ts';
import { type ContractRow, type SaleRow, contract, contractRevision, sale } from './tables.ts';

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
  const revisions = await orm(connection)
    .select({
      n: contractRevision.n,
      kind: contractRevision.kind,
      sha256: contractRevision.sha256,
      signedAt: contractRevision.signedAt,
      signedBy: contractRevision.signedBy,
    })
    .from(contractRevision)
    // Of the version that counts: what it superseded is read among the terms.
    .where(and(eq(contractRevision.contractId, id), eq(contractRevision.version, row.contract.version)))
    .orderBy(asc(contractRevision.n));
  const people = await ports.personNamesOf(
    connection,
    revisions.flatMap((revision) => revision.signedBy ?? []),
  );
  return {
    ...summary(row, await ports.namesOf(connection, [sellerId, buyerId])),
    saleId: row.sale.id,
    listingId: row.sale.listingId,
    origin: { kind: row.sale.originKind, id: row.sale.originId },
    terms,
    termsSha256: termsSha256 ? hex(termsSha256) : null,
    voidedReason: row.contract.voidedReason,
    revisions: revisions.map((revision) => ({
      n: revision.n,
      kind: revision.kind,
      sha256: hex(revision.sha256),
      signedAt: revision.signedAt?.toISOString() ?? null,
      signer: revision.signedBy === null ? null : (people.get(revision.signedBy) ?? null),
    })),
    mine: principal.staff ? null : mine,
  };
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
