/**
 * Keeps the demo's order books going: lists what is not listed, and schedules the next trading day while
 * the last one known still runs. The staff of the demo on the public client, nothing more.
 */
import { type Client, createClient } from '@seam/client';
import { marketRoutes, memberRoutes } from '@seam/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { pause } from '../pause.ts';
import { type DemoInstrument, demoInstruments, nextDay, tradingDay } from './instruments.ts';

const CHECK_MS = 60_000;
const RETRY_MS = 5_000;
/** The next day is known at least so long before the last one known ends. */
const AHEAD_MS = 12 * 3_600_000;
const FIRST_DAY_IN_MS = 5_000;

/** Runs until `signal` aborts. Nothing it does can end the process; a failure is tried again later. */
export async function keepBooksOpen(of: {
  readonly baseUrl: string;
  readonly staff: { readonly email: string; readonly password: string };
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
  readonly signal: AbortSignal;
}): Promise<void> {
  let client: Client | undefined;
  while (!of.signal.aborted) {
    let waitMs = CHECK_MS;
    try {
      client ??= await logIn(of);
      await keepOpen(client);
    } catch (error) {
      client = undefined;
      waitMs = RETRY_MS;
      if (!of.signal.aborted) of.log.warn({ err: error }, 'demo order books');
    }
    await pause(waitMs, of.signal);
  }
}

async function logIn(of: Pick<Parameters<typeof keepBooksOpen>[0], 'baseUrl' | 'staff'>): Promise<Client> {
  const client = createClient({ baseUrl: of.baseUrl });
  const { email, password } = of.staff;
  const login = await client.call(memberRoutes.login, { body: { email, password, token: true } });
  if (!login.ok || !login.value.token)
    throw new Error(`staff login: ${login.ok ? 'no token' : login.problem.code}`);
  return client.withToken(login.value.token);
}

/** One look at all of them. @throws when the exchange does not take what should be fine. */
export async function keepOpen(staff: Client): Promise<void> {
  const listed = await staff.call(marketRoutes.instruments);
  if (!listed.ok) throw new Error(`instruments: ${listed.problem.code}`);
  const now = new Date(listed.value.serverTime);
  const known = new Set(listed.value.items.map(({ id }) => id));
  for (const wanted of demoInstruments(now)) {
    if (known.has(wanted.id)) await keepScheduled(staff, wanted.id);
    else await list(staff, wanted, now);
  }
}

async function list(staff: Client, wanted: DemoInstrument, now: Date): Promise<void> {
  const session = tradingDay(new Date(now.getTime() + FIRST_DAY_IN_MS));
  const made = await staff.call(marketRoutes.listInstrument, { body: { ...wanted, session } });
  if (!made.ok && made.problem.code !== 'market.duplicate')
    throw new Error(`${wanted.id}: ${made.problem.code}`);
}

async function keepScheduled(staff: Client, id: string): Promise<void> {
  const view = await staff.call(marketRoutes.instrument, { params: { id } });
  if (!view.ok) throw new Error(`${id}: ${view.problem.code}`);
  const now = new Date(view.value.serverTime);
  const last = view.value.session.at(-1);
  const closesAt = last ? new Date(last.startsAt) : now;
  if (closesAt.getTime() - now.getTime() > AHEAD_MS) return;
  const session = tradingDay(nextDay(closesAt, now));
  const made = await staff.call(marketRoutes.scheduleSession, { params: { id }, body: { session } });
  if (!made.ok) throw new Error(`${id}: ${made.problem.code}`);
}
