/** Secrets that this installation makes for itself once and keeps in its database. */
import { randomBytes } from 'node:crypto';
import type { Sql } from 'postgres';

/** @returns the secret of this name, made on first use (256 bits, base64url); the same in every process. */
export async function installationSecret(sql: Sql, name: string): Promise<string> {
  await sql`insert into installation_secret (name, value) values (${name}, ${randomBytes(32).toString('base64url')})
    on conflict (name) do nothing`;
  const [row] = await sql<{ value: string }[]>`select value from installation_secret where name = ${name}`;
  return row!.value;
}
