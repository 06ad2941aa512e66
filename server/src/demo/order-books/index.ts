/**
 * The demo's robots in the order books. They have no way into the exchange but the public one, and trade
 * only while the switch that everybody can turn is on.
 */
import { type Client, createClient } from '@seam/client';
import { type InstrumentSummary, demoRoutes, marketRoutes, memberRoutes } from '@seam/protocol';
import { pause } from '../pause.ts';
import type { RobotLog } from '../robots/bidder.ts';
import { type Random, between, seeded } from '../robots/random.ts';
import type { RobotLogin } from '../robots/robot.ts';
import { BookTrader } from './trader.ts';

/** Between two moves of one robot: three robots write about twelve journal entries a minute, together. */
export const TURN_MS = { least: 10_000, most: 20_000 } as const;
const REST_AFTER_FAILURE_MS = 30_000;

/** Runs until `signal` aborts, then resolves. Never rejects: a failure is logged and waited out. */
export async function startBookTraders(of: {
  readonly baseUrl: string;
  readonly robots: readonly RobotLogin[];
  readonly log: RobotLog;
  readonly signal: AbortSignal;
  readonly seed?: number;
  readonly turnMs?: { readonly least: number; readonly most: number };
}): Promise<void> {
  const { seed = Date.now() } = of;
  await Promise.all(
    of.robots.map(async (login, n) => run({ ...of, login, random: seeded(seed + n * 7_919) })),
  );
}

async function run(of: {
  readonly baseUrl: string;
  readonly login: RobotLogin;
  readonly random: Random;
  readonly log: RobotLog;
  readonly signal: AbortSignal;
  readonly turnMs?: { readonly least: number; readonly most: number };
}): Promise<void> {
  const { random, signal, turnMs = TURN_MS } = of;
  let trader: BookTrader | undefined;
  for (let turn = 0; !signal.aborted; turn += 1) {
    let waitMs = between(random, turnMs.least, turnMs.most);
    try {
      const open = await openBooks(createClient({ baseUrl: of.baseUrl }));
      const next = open[turn % Math.max(1, open.length)];
      if (next) {
        trader ??= new BookTrader({ client: await logIn(of), random });
        await trader.turn(next);
        await trader.deliver(open);
      }
    } catch (error) {
      // Whatever is wrong, it may be the login.
      trader = undefined;
      waitMs = REST_AFTER_FAILURE_MS;
      if (!signal.aborted)
        of.log.warn({ err: error, robot: of.login.email }, 'book robot keeps quiet for a while');
    }
    await pause(waitMs, signal);
  }
}

/** None while the switch is off, and also when it cannot be read: then nobody trades. */
async function openBooks(client: Client): Promise<readonly InstrumentSummary[]> {
  const demo = await client.call(demoRoutes.demo);
  if (!demo.ok || !demo.value.robots.on) return [];
  const listed = await client.call(marketRoutes.instruments);
  return listed.ok ? listed.value.items.filter(({ status }) => status?.phase !== 'closed') : [];
}

async function logIn(of: { readonly baseUrl: string; readonly login: RobotLogin }): Promise<Client> {
  const client = createClient({ baseUrl: of.baseUrl });
  const { email, password } = of.login;
  const answer = await client.call(memberRoutes.login, { body: { email, password, token: true } });
  if (!answer.ok || answer.value.token === undefined)
    throw new Error(`login: ${answer.ok ? 'no token' : answer.problem.code}`);
  return client.withToken(answer.value.token);
}
