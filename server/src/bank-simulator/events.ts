/**
 * What the bank tells the exchange: written with the movement, pushed until it is taken. The same
 * event keeps its id on every attempt, so that the receiver can tell a repeat from news.
 */
import { newId } from '../platform/id.ts';
import { writeCamt054 } from '../settlement/bank/iso20022/camt-write.ts';
import { bankIdOf } from '../settlement/bank/identifier.ts';
import { sign } from '../settlement/bank/signature.ts';
import { type BankAccount, entriesOf } from './books.ts';
import type { BankSimulatorDeps, Tx } from './deps.ts';

export async function tell(tx: Tx, at: Date, event: { contentType: string; body: string }): Promise<string> {
  const id = `evt_${bankIdOf(newId())}`;
  const now = at.toISOString();
  await tx`insert into event (id, content_type, body, created_at, next_attempt_at)
    values (${id}, ${event.contentType}, ${event.body}, ${now}::text::timestamptz, ${now}::text::timestamptz)`;
  return id;
}

/** A camt.054 about one movement on an account of the exchange. */
export async function tellMovement(tx: Tx, at: Date, account: BankAccount, ref: string): Promise<void> {
  const xml = writeCamt054({
    messageId: bankIdOf(newId()),
    createdAt: at,
    account,
    entries: await entriesOf(tx, account, { ref }),
  });
  await tell(tx, at, { contentType: 'application/xml', body: xml });
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
    if (error === undefined) {
      taken += 1;
      await deps.sql`update event set delivered_at = ${deps.clock.now().toISOString()}::text::timestamptz, last_error = null where id = ${event.id}`;
    } else {
      await deps.sql`update event set last_error = ${error.slice(0, 300)} where id = ${event.id}`;
      deps.log.warn({ event: event.id, error }, 'the exchange did not take an event');
    }
  }
  const [next] = await deps.sql<
    { at: Date | null }[]
  >`select min(next_attempt_at) as at from event where delivered_at is null`;
  return { taken, nextInMs: next?.at ? Math.max(0, next.at.getTime() - deps.clock.now().getTime()) : null };
}

type Event = { id: string; content_type: string; body: string };

/** Sets the next attempt before this one, so that a crash repeats and never loses. */
async function claim(deps: BankSimulatorDeps): Promise<Event | undefined> {
  const now = deps.clock.now();
  const [event] = await deps.sql<Event[]>`
    update event set attempts = attempts + 1,
           next_attempt_at = ${now.toISOString()}::text::timestamptz
             + least(500 * 2 ^ least(attempts, 20), ${BACKOFF_MS_MAX}) * interval '1 millisecond'
     where id = (select id from event where delivered_at is null and next_attempt_at <= ${now.toISOString()}::text::timestamptz
                  order by created_at, id limit 1 for update skip locked)
    returning id, content_type, body`;
  return event;
}

async function push(deps: BankSimulatorDeps, event: Event): Promise<string | undefined> {
  const body = Buffer.from(event.body, 'utf8');
  const headers = sign({ id: event.id, at: deps.clock.now(), body, secret: deps.secret });
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
