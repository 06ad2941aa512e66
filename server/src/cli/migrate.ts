import { withDatabase } from './with-database.ts';

export async function migrateCommand(): Promise<number> {
  await withDatabase(async (sql) => {
    const rows = await sql<{ name: string }[]>`select name from schema_migration order by name`;
    process.stdout.write(`${rows.length} migrations, newest ${rows.at(-1)?.name ?? 'none'}\n`);
  });
  return 0;
}
