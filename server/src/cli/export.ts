/** Writes what the exchange holds in forms that it reads again. */
import { parseArgs } from 'node:util';
import { desc, eq } from 'drizzle-orm';
import { listing } from '../listings/tables.ts';
import { lotsCsv } from '../listings/uploads/export.ts';
import { orm } from '../platform/db.ts';
import { withDatabase } from './with-database.ts';

export async function exportCommand(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { seller: { type: 'string' } },
  });
  if (positionals.join(' ') !== 'listings') {
    process.stderr.write('usage: seam export listings [--seller ORGANISATION]\n');
    return 2;
  }
  const { seller } = values;
  const csv = await withDatabase(async (sql) => {
    const rows = await orm(sql)
      .select()
      .from(listing)
      .where(seller === undefined ? eq(listing.source, 'member') : eq(listing.sellerId, seller))
      .orderBy(desc(listing.id));
    return lotsCsv(sql, rows);
  });
  process.stdout.write(csv);
  return 0;
}
