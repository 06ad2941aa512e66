/** Who sells and who buys: members, as their slice tells, and the companies that imported records name. */
import { inArray } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import type { Actor, OrganisationFacts, Organisations } from './ports.ts';
import { importedCompany } from './tables.ts';

/** Members and imported companies alike, for showing their names. */
export function withImported(organisations: Organisations): Organisations {
  return async (connection, ids) => {
    const members = await organisations(connection, ids);
    const rest = ids.filter((id) => !members.has(id));
    if (rest.length === 0) return members;
    const rows = await orm(connection)
      .select({ id: importedCompany.id, name: importedCompany.name })
      .from(importedCompany)
      .where(inArray(importedCompany.id, rest));
    const found = rows.map(({ id, name }): [string, OrganisationFacts] => [
      id,
      { name, nameZh: null, sells: false, buys: false },
    ]);
    return new Map([...members, ...found]);
  };
}

/** Refuses when the centre has not certified the company for this side of a trade. */
export async function lacksSide(
  connection: Connection,
  organisations: Organisations,
  { organisationId }: Actor,
  side: 'sells' | 'buys',
): Promise<Refusal | undefined> {
  const facts = (await organisations(connection, [organisationId])).get(organisationId);
  if (facts?.[side]) return undefined;
  return refuse(side === 'sells' ? 'listing.sellers_only' : 'listing.buyers_only');
}

/** The company a source names, made once. @returns its id. */
export async function ensureImportedCompany(
  tx: Tx,
  of: {
    readonly externalId: string;
    readonly name: string;
    readonly country: string;
    readonly source: string;
  },
): Promise<string> {
  const row = first(
    await orm(tx)
      .insert(importedCompany)
      .values({ id: newId(), ...of })
      // Touches the row so that it comes back, whoever made it.
      .onConflictDoUpdate({ target: importedCompany.externalId, set: { source: of.source } })
      .returning({ id: importedCompany.id }),
  );
  if (!row) throw new Error(`${of.externalId} was not stored`);
  return row.id;
}
