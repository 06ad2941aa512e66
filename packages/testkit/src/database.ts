/** A fresh database for a test file, from the run's migrated template. */
import { randomBytes } from 'node:crypto';
import postgres, { type Sql } from 'postgres';

export type TestDatabase = {
  readonly url: string;
  readonly sql: Sql;
  /** Ends the connections and drops the database. */
  close(): Promise<void>;
};

/**
 * @param options.migrations 'seam' (default): migrated; 'none' or 'bank': empty, for the caller to fill.
 * @throws when the run has no database server (the file is not named *.pg.test.ts or *.e2e.ts).
 */
export async function testDatabase(
  options: { migrations?: 'seam' | 'bank' | 'none' } = {},
): Promise<TestDatabase> {
  const adminUrl = process.env['SEAM_TEST_DATABASE_URL'];
  if (!adminUrl) throw new Error('no test database: name the file *.pg.test.ts, so that the run starts one');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
  const template = (options.migrations ?? 'seam') === 'seam' ? 'seam_template' : 'template0';
  await admin.unsafe(`create database ${name} template ${template}`);
  const url = adminUrl.replace(/\/[^/]*$/, `/${name}`);
  const sql = postgres(url, { max: 10, onnotice: () => {} });
  return {
    url,
    sql,
    async close() {
      await sql.end({ timeout: 2 });
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}
