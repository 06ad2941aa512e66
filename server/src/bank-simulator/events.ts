/**
 * What the bank tells the exchange: written with the movement, pushed until it is taken. The same
 * event keeps its id on every attempt, so that the receiver can tell a repeat from news.
 */
import { randomBytes } from 'node:crypto';
import { minor } from '@seam/units';
import { newId } from '../platform/id.ts';
import { type WrittenEntry, writeCamt054 } from '../settlement/bank/iso20022/camt-write.ts';
import { bankIdOf } from '../settlement/bank/identifier.ts';
import { signingKey } from '../settlement/bank/keys.ts';
import { type SignedHeaders, sign } from '../settlement/bank/signature.ts';
import { type BankAccount, entriesOf } from './books.ts';
import type { BankSimulatorDeps, Tx } from './deps.ts';
import { signingKeys } from './keys.ts';

type Told = { readonly contentType: string; readonly body: string };
/** Longer than anybody waits who looks at what happens. */
const LATE_MS = 60_000;

/** Writes an event in the transaction of what it tells about. Misfortune decides how it travels. */
export async function tell(deps: BankSimulatorDeps, tx: Tx, at: Date, event: Told): Promise<void> {
  const { misfortunes } = deps;
  if (misfortunes.strikes('forged')) await write(tx, at, forgeryOf(event), { forged: true });
  const isReordered = misfortunes.strikes('reordered');
  const isDuplicated = misfortunes.strikes('duplicate');
  const isLost = misfortunes.strikes('lost');
  const id = await write(tx, at, event, {
    held: isReordered,
    lost: isLost,
    repeats: isDuplicated ? 1 : 0,
    due: misfortunes.strikes('late') ? new Date(at.getTime() + LATE_MS) : at,
  });
  if (isDuplicated && !isLost) await write(tx, at, event, {});
  // Whoever waited to be overtaken has been.
  if (!isReordered) {
    const after = new Date(at.getTime() + 1).toISOString();
    await tx`update event set held = false, created_at = ${after}::text::timestamptz where held and id <> ${id}`;
  }
}

type Fate = { held?: boolean; lost?: boolean; forged?: boolean; repeats?: number; due?: Date };

async function write(tx: Tx, at: Date, event: Told, fate: Fate): Promise<string> {
  const id = `${fate.forged ? 'forged' : 'evt'}_${bankIdOf(newId())}`;
  const now = at.toISOString();
  await tx`insert into event (id, content_type, body, created_at, next_attempt_at, delivered_at, last_error, held, forged,
      repeats)
    values (${id}, ${event.contentType}, ${event.body}, ${now}::text::timestamptz,
      ${(fate.due ?? at).toISOString()}::text::timestamptz, ${fate.lost ? now : null}::text::timestamptz,
      ${fate.lost ? 'lost' : null}, ${fate.held ?? false}, ${fate.forged ?? false}, ${fate.repeats ?? 0})`;
  return id;
}

/** Ten times and more of every amount. */
function forgeryOf(event: Told): Told {
  return { ...event, body: event.body.replaceAll(/>(\d+\.\d\d)</g, '>9$1<') };
}

/** A camt.054 about one movement on an account of the exchange. */
export async function tellMovement(
  deps: BankSimulatorDeps,
  tx: Tx,
  at: Date,
  of: { readonly account: BankAccount; readonly ref: string },
): Promise<void> {
  const entries = await entriesOf(tx, of.account, { ref: of.ref });
  const isWrong = deps.misfortunes.strikes('wrong_amount_told');
  await tellEntries(deps, tx, at, {
    account: of.account,
    entries: isWrong ? entries.map((entry) => ({ ...entry, amount: minor(entry.amount + 1n) })) : entries,
  });
}

/** A camt.054 that says this, whether or not it is so. */
export async function tellEntries(
  deps: BankSimulatorDeps,
  tx: Tx,
  at: Date,
  of: { readonly account: BankAccount; readonly entries: readonly WrittenEntry[] },
): Promise<void> {
  const xml = writeCamt054({ messageId: bankIdOf(newId()), createdAt: at, ...of });
  await tell(deps, tx, at, { contentType: 'application/xml', body: xml });
}

const PUSH_TIMEOUT_MS = 5000;
/** Waits double from half a second to five minutes; a day of silence is about 290 attempts. */
const BACKOFF_MS_MAX = 300_000;

/** Pushes what is due, oldest first. @returns how many were taken, and the wait until the next is due. */
export async function pushDue(deps: BankSimulatorDeps): Promise<{ taken: number; nextInMs: number | null }> {
  let taken = 0;
  for (;;) {
    const event = await claim(deps);
    if (!event) break;
    const error = await push(deps, event);
    if (error === undefined) taken += 1;
    await keepOutcome(deps, event, error);
  }
  const [next] = await deps.sql<
    { at: Date | null }[]
  >`select min(next_attempt_at) as at from event where delivered_at is null and not held`;
  return { taken, nextInMs: next?.at ? Math.max(0, next.at.getTime() - deps.clock.now().getTime()) : null };
}

async function keepOutcome(deps: BankSimulatorDeps, event: Event, error: string | undefined): Promise<void> {
  const now = deps.clock.now().toISOString();
  if (event.forged) {
    await deps.sql`update event set delivered_at = ${now}::text::timestamptz, last_error = ${error ?? 'taken'} where id = ${event.id}`;
  } else if (error !== undefined) {
    await deps.sql`update event set last_error = ${error.slice(0, 300)} where id = ${event.id}`;
    deps.log.warn({ event: event.id, error }, 'the exchange did not take an event');
  } else {
    await deps.sql`update event set last_error = null, repeats = greatest(repeats - 1, 0),
        next_attempt_at = ${now}::text::timestamptz,
        delivered_at = case when repeats > 0 then null else ${now}::text::timestamptz end
      where id = ${event.id}`;
  }
}

type Event = { id: string; content_type: string; body: string; forged: boolean };

/** Sets the next attempt before this one, so that a crash repeats and never loses. */
async function claim(deps: BankSimulatorDeps): Promise<Event | undefined> {
  const now = deps.clock.now();
  const [event] = await deps.sql<Event[]>`
    update event set attempts = attempts + 1,
           next_attempt_at = ${now.toISOString()}::text::timestamptz
             + least(500 * 2 ^ least(attempts, 20), ${BACKOFF_MS_MAX}) * interval '1 millisecond'
     where id = (select id from event where delivered_at is null and not held and next_attempt_at <= ${now.toISOString()}::text::timestamptz
                  order by created_at, id limit 1 for update skip locked)
    returning id, content_type, body, forged`;
  return event;
}

async function push(deps: BankSimulatorDeps, event: Event): Promise<string | undefined> {
  const body = Buffer.from(event.body, 'utf8');
  const headers = await headersOf(deps, event, body);
  try {
    const response = await fetch(deps.callbackUrl, {
      method: 'POST',
      headers: { ...headers, 'content-type': event.content_type },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(PUSH_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `status ${response.status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function headersOf(deps: BankSimulatorDeps, event: Event, body: Buffer): Promise<SignedHeaders> {
  const message = { id: event.id, at: deps.clock.now(), body };
  if (!event.forged) return sign({ ...message, secret: deps.secret, keys: await signingKeys(deps) });
  return sign({ ...message, secret: randomBytes(32).toString('hex'), keys: [signingKey(randomBytes(32))] });
}
