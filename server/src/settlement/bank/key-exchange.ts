/**
 * The bank's public keys as we know them. They come from the bank itself, in an answer that the shared secret signs,
 * and are looked up again each hour: a key that the bank no longer offers ends with its last known moment.
 */
import { hkdfSync } from 'node:crypto';
import type { Connection } from '../../platform/db.ts';
import type { BankDeps } from './deps.ts';
import { type PublicKey, type SigningKey, publicKeyOf, publicText, signingKey } from './keys.ts';

/** Our own key out of a secret of this installation; another purpose of the same secret is another key. */
export function exchangeKey(secret: string): SigningKey {
  return signingKey(new Uint8Array(hkdfSync('sha256', secret, '', 'seam requests to the bank', 32)));
}

/** What the bank may sign with at `now`. */
export async function bankKeys(sql: Connection, now: Date): Promise<PublicKey[]> {
  const rows = await sql<{ publicKey: string }[]>`select public_key as "publicKey" from bank_key
    where valid_until is null or valid_until > ${now.toISOString()}::text::timestamptz order by seen_at desc, id`;
  return rows.flatMap(({ publicKey }) => publicKeyOf(publicKey) ?? []);
}

/** Tells the bank our keys and keeps its own. @returns how many of them are valid. */
export async function syncKeys(
  deps: Pick<BankDeps, 'sql' | 'clock' | 'port'>,
  ours: readonly SigningKey[],
): Promise<number> {
  const offered = await deps.port.exchangeKeys(ours.map(publicText));
  const now = deps.clock.now().toISOString();
  return deps.sql.begin(async (tx) => {
    const ids: string[] = [];
    for (const { publicKey, validUntil } of offered) {
      const key = publicKeyOf(publicKey);
      if (!key) continue;
      ids.push(key.id);
      await tx`insert into bank_key (id, public_key, valid_until, seen_at)
        values (${key.id}, ${publicKey}, ${validUntil}::text::timestamptz, ${now}::text::timestamptz)
        on conflict (id) do update set valid_until = excluded.valid_until, seen_at = excluded.seen_at`;
    }
    await tx`update bank_key set valid_until = ${now}::text::timestamptz
      where id <> all (${ids}::text[]) and (valid_until is null or valid_until > ${now}::text::timestamptz)`;
    return ids.length;
  });
}
