/**
 * The bank's own signing keys and the public keys of the exchange. A new key is offered beside the old one, which
 * goes on signing until it is retired: whoever knows either can check what we say.
 */
import { randomBytes } from 'node:crypto';
import { sign } from '../settlement/bank/signature.ts';
import {
  type PublicKey,
  type SigningKey,
  publicKeyOf,
  publicText,
  signingKey,
} from '../settlement/bank/keys.ts';
import { newId } from '../platform/id.ts';
import type { BankSimulatorDeps } from './deps.ts';

type Sql = BankSimulatorDeps['sql'];

/** How long the old key signs beside a new one. */
export const OVERLAP_MS = 24 * 3_600_000;

/** What we sign with now; the first is made on first use. */
export async function signingKeys(deps: Pick<BankSimulatorDeps, 'sql' | 'clock'>): Promise<SigningKey[]> {
  const seeds = await activeSeeds(deps);
  if (seeds.length > 0) return seeds.map(({ seed }) => signingKey(seed));
  await addKey(deps.sql, deps.clock.now());
  return (await activeSeeds(deps)).map(({ seed }) => signingKey(seed));
}

type Seed = { readonly seed: Buffer; readonly retiresAt: Date | null };

async function activeSeeds({ sql, clock }: Pick<BankSimulatorDeps, 'sql' | 'clock'>): Promise<Seed[]> {
  return sql<Seed[]>`select seed, retires_at as "retiresAt" from signing_key
    where retires_at is null or retires_at > ${clock.now().toISOString()}::text::timestamptz order by made_at, id`;
}

async function addKey(sql: Sql, now: Date): Promise<void> {
  const seed = randomBytes(32);
  const { id } = signingKey(seed);
  await sql`insert into signing_key (id, seed, made_at) values (${id}, ${seed}, ${now.toISOString()}::text::timestamptz)`;
}

/** A new key from now on; the old ones end after the overlap, or at once when one was stolen. */
export async function rotateKey(
  deps: Pick<BankSimulatorDeps, 'sql' | 'clock'>,
  oldEnd: 'after_overlap' | 'at_once',
): Promise<void> {
  const now = deps.clock.now();
  const end = new Date(now.getTime() + (oldEnd === 'at_once' ? 0 : OVERLAP_MS)).toISOString();
  await deps.sql`update signing_key set retires_at = least(coalesce(retires_at, 'infinity'), ${end}::text::timestamptz)`;
  await addKey(deps.sql, now);
}

/** Takes the exchange's public keys in place of those before, and offers ours, signed with the shared secret. */
export async function exchangeKeys(
  deps: Pick<BankSimulatorDeps, 'sql' | 'clock' | 'secret'>,
  theirs: readonly string[],
): Promise<{ body: string; headers: object } | { refused: 'key_invalid' }> {
  const keys = theirs.map((text) => ({ text, key: publicKeyOf(text) }));
  if (keys.some(({ key }) => key === undefined)) return { refused: 'key_invalid' };
  const now = deps.clock.now();
  await deps.sql.begin(async (tx) => {
    await tx`delete from exchange_key`;
    for (const { text, key } of keys) {
      await tx`insert into exchange_key (id, public_key, taken_at)
        values (${key!.id}, ${text}, ${now.toISOString()}::text::timestamptz) on conflict do nothing`;
    }
  });
  await signingKeys(deps);
  const offered = (await activeSeeds(deps)).map(({ seed, retiresAt }) => ({
    publicKey: publicText(signingKey(seed)),
    validUntil: retiresAt?.toISOString() ?? null,
  }));
  const body = JSON.stringify({ keys: offered });
  return { body, headers: sign({ id: newId(), at: now, body: Buffer.from(body), secret: deps.secret }) };
}

export async function keysOfExchange(sql: Sql): Promise<PublicKey[]> {
  const rows = await sql<
    { publicKey: string }[]
  >`select public_key as "publicKey" from exchange_key order by id`;
  return rows.flatMap(({ publicKey }) => publicKeyOf(publicKey) ?? []);
}
