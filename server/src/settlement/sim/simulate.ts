/**
 * Ten thousand trades settled on bad days: real PostgreSQL, real Redis, the bank as a process of its own, and worker
 * processes that are killed and held past what they hold. Nobody is told of the trouble; everything must come out as
 * if there had been none, and what only people can decide must wait for them under a name.
 */
import { CURRENCIES } from '@seam/units';
import { openDatabase } from '../../platform/db.ts';
import { syncOwnAccounts, depositInstruction } from '../bank/accounts.ts';
import type { BankDeps } from '../bank/deps.ts';
import { httpBankPort } from '../bank/http-port.ts';
import { LedgerPoster } from '../ledger/poster.ts';
import { onPaymentFact } from '../trade/work.ts';
import { Bank, RATES, persistently } from './bank.ts';
import { type Breach, Checker } from './checker.ts';
import { type BoundTrade, bindAll, bound, secureAll } from './contracts.ts';
import { openDatabases } from './databases.ts';
import { type Figures, checkAtEnd } from './final-check.ts';
import { type Callbacks, openHouse } from './house.ts';
import { People, inLanes } from './people.ts';
import { accountOf, nameOf, plannedTrades } from './plan.ts';
import { type Found, Plants } from './plants.ts';
import { startRedis } from './redis.ts';
import { SECRET, type SimOptions, simClock } from './settings.ts';
import { Troubles, pause } from './troubles.ts';
import { Workers } from './workers.ts';

export type SimReport = Figures & {
  readonly seed: number;
  readonly mutant: string;
  readonly trades: number;
  readonly seconds: number;
  readonly currencies: number;
  readonly ledgerDifference: string;
  readonly looks: number;
  readonly entriesAudited: number;
  readonly kills: number;
  readonly pauses: number;
  readonly redis: boolean;
  readonly flushes: number;
  readonly bankCrashes: number;
  readonly callbacks: Callbacks;
  readonly plants: Found;
  readonly openCases: Record<string, number>;
  readonly breaches: readonly Breach[];
};

const WORKERS = 3;
/** Trades that are begun and not at rest: more only wait. */
const UNDER_WAY = 600;
const BATCH = 200;
const LOOK_MS = 2_000;
const AUDIT_MS = 10_000;
const DAY_MS = 15_000;
const PROGRESS_MS = 10_000;
/** Nothing has come to rest for so long: what is left is stuck. */
const STUCK_MS = 90_000;

export async function simulateSettlement(options: SimOptions): Promise<SimReport> {
  const started = performance.now();
  const { seed, mutant, onProgress: say = () => {} } = options;
  const startMs = Date.now();
  const clock = simClock(startMs);
  const ends: (() => Promise<void>)[] = [];
  const after = <T>(made: T, end: (made: T) => Promise<unknown>): T => {
    ends.push(async () => void (await end(made)));
    return made;
  };
  try {
    const databases = after(await openDatabases(), (one) => one.stop());
    const sql = after(await openDatabase(databases.exchange, { max: 10, name: 'sim' }), (one) =>
      one.end({ timeout: 5 }),
    );
    const redis = await startRedis();
    if (redis) after(redis, (one) => one.stop());
    else say('NO REDIS on this machine: jobs run on PostgreSQL, and nothing is flushed');
    const silent = { info: () => {}, warn: () => {}, error: () => {} };
    const house = after(
      await openHouse(
        { sql, clock, log: silent, secrets: [SECRET] },
        mutant === 'forged_taken' ? 'open' : 'guarded',
      ),
      (one) => one.stop(),
    );
    const bank = after(
      await Bank.start({ databaseUrl: databases.bank, callbackUrl: house.url, startMs }),
      (one) => one.stop(),
    );
    const bankSql = after(await openDatabase(databases.bank, { max: 2 }), (one) => one.end({ timeout: 5 }));
    const deps: BankDeps = {
      sql,
      clock,
      log: silent,
      secrets: [SECRET],
      port: httpBankPort({ url: bank.url, secret: SECRET, clock }),
      onFact: async (tx, fact) => onPaymentFact(tx, fact, clock.now()),
    };
    await syncOwnAccounts(deps);
    const checker = await Checker.open(sql);
    const workers = after(
      new Workers({
        databaseUrl: databases.exchange,
        redisUrl: redis?.url,
        bankUrl: bank.url,
        secret: SECRET,
        startMs,
        mutant,
      }),
      (one) => one.stop(),
    );
    await workers.start(WORKERS);
    const trades = plannedTrades(seed, options.trades).map((trade) => bound(trade, startMs));
    await openAccounts(deps, bank, trades);
    say(`${trades.length} trades, ${WORKERS} workers, seed ${seed}`);

    await bank.draw(seed, RATES);
    const troubles = after(new Troubles({ workers, redis, bank, seed }), (one) => one.end());
    const plants = new Plants({ sql, bankSql, bank, seed });
    const byId = new Map(trades.map((trade) => [trade.id, trade]));
    const people = new People({ deps, bank, trades: byId });
    const course: Course = {
      options,
      sql,
      deps,
      bank,
      workers,
      checker,
      troubles,
      plants,
      people,
      trades,
      say,
    };
    await run(course);
    await troubles.flushUpTo(1);
    await troubles.end();
    await comeToRest(course, bankSql);
    await checker.look();
    await checker.audit();
    const found = await plants.found();
    for (const [kind, { planted, found: seen }] of Object.entries(found))
      if (seen < planted) checker.breach('every planted mismatch is found', `${kind}: ${seen} of ${planted}`);
    const figures = await checkAtEnd(checker, { sql, bankSql, trades: byId });
    const cases = await sql<{ kind: string; n: number }[]>`
      select kind, count(*)::int as n from bank_case where closed_at is null group by kind order by kind`;
    return {
      seed,
      mutant,
      trades: trades.length,
      seconds: Math.round((performance.now() - started) / 1000),
      ...figures,
      currencies: new Set(trades.map(({ currency }) => currency)).size,
      ledgerDifference: String(checker.differenceMax),
      looks: checker.looks,
      entriesAudited: checker.entries,
      kills: workers.kills,
      pauses: workers.pauses,
      redis: redis !== undefined,
      flushes: troubles.flushes,
      bankCrashes: bank.crashes,
      callbacks: house.callbacks,
      plants: found,
      openCases: Object.fromEntries(cases.map(({ kind, n }) => [kind, n])),
      breaches: checker.breaches,
    };
  } finally {
    for (const end of ends.toReversed()) await end().catch((error: unknown) => say(String(error)));
  }
}

type Course = {
  readonly options: SimOptions;
  readonly sql: BankDeps['sql'];
  readonly deps: BankDeps;
  readonly bank: Bank;
  readonly workers: Workers;
  readonly checker: Checker;
  readonly troubles: Troubles;
  readonly plants: Plants;
  readonly people: People;
  readonly trades: readonly BoundTrade[];
  readonly say: (line: string) => void;
};

/** Everybody's accounts at the bank, and the buyers' free money here: before the trouble begins. */
async function openAccounts(deps: BankDeps, bank: Bank, trades: readonly BoundTrade[]): Promise<void> {
  const wanted = new Map<
    string,
    { company: string; currency: (typeof CURRENCIES)[number]; isBuyer: boolean }
  >();
  for (const { seller, buyer, currency } of trades) {
    wanted.set(accountOf(seller, currency), { company: seller, currency, isBuyer: false });
    wanted.set(accountOf(buyer, currency), { company: buyer, currency, isBuyer: true });
  }
  await inLanes([...wanted], 4, async ([accountNumber, { company, currency, isBuyer }]) => {
    await bank.world.openAccount({
      holderName: nameOf(company),
      legalId: company,
      currency,
      openingBalance: isBuyer ? '9000000000000.00' : '0.00',
      accountNumber,
    });
    if (!isBuyer) return;
    const { reference } = (await depositInstruction(deps.sql, company, currency))!;
    const transferId = `free-${company}-${currency}`;
    await bank.world.transfer({ transferId, fromAccount: accountNumber, amount: '900000000.00', reference });
  });
  const buyers = [...wanted.values()].filter(({ isBuyer }) => isBuyer).length;
  for (;;) {
    const [row] = await deps.sql<
      { n: number }[]
    >`select count(*)::int as n from bank_line where outcome = 'deposit'`;
    if (row!.n >= buyers) return;
    await pause(100);
  }
}

/** Trades begin as others end, until all have; every few seconds the books are looked at, and the bank closes a day. */
async function run(course: Course): Promise<void> {
  const { sql, bank, checker, workers, troubles, plants, people, trades, say } = course;
  const poster = new LedgerPoster(sql);
  const began = Date.now();
  let begun = 0;
  let restedAt = Date.now();
  let atRest = 0;
  const due = new Map<string, number>();
  const every = async (name: string, ms: number, work: () => Promise<unknown>): Promise<void> => {
    if (Date.now() < (due.get(name) ?? began + ms)) return;
    due.set(name, Date.now() + ms);
    await work();
  };
  while (atRest < trades.length && Date.now() - restedAt < STUCK_MS) {
    course.options.signal?.throwIfAborted();
    workers.assertAlive();
    if (begun < trades.length && begun - atRest < UNDER_WAY) {
      const batch = trades.slice(begun, begun + BATCH);
      await secureAll(poster, batch);
      await bindAll(sql, batch);
      begun += batch.length;
    }
    const busy = await people.round();
    const counts = await states(sql, 'settlement', 'state');
    const now = (counts['closed'] ?? 0) + (await inQueue(sql));
    if (now > atRest) restedAt = Date.now();
    atRest = now;
    await troubles.flushUpTo(atRest / trades.length);
    await every('look', LOOK_MS, async () => checker.look());
    await every('audit', AUDIT_MS, async () => checker.audit());
    await every('plant', DAY_MS / 2, async () => plants.plant());
    await every('day', DAY_MS, async () => {
      await plants.mend();
      await bank.tellingAll(async () => bank.world.endOfDay());
    });
    await every('progress', PROGRESS_MS, async () =>
      say(await progress({ course, counts, begun, seconds: (Date.now() - began) / 1000 })),
    );
    if (busy === 0) await pause(100);
  }
  await poster.stop();
}

/** Those whose payout the bank made otherwise than ordered: nobody but people can end them. */
async function inQueue(sql: BankDeps['sql']): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(distinct s.contract_id)::int as n from bank_case c
      join bank_line l on c.subject = l.account || '.' || l.ref join payment p on p.end_to_end_id = l.end_to_end_id
      join settlement s on s.contract_id = split_part(p.obligation_key, ':', 2)
     where c.kind in ('payment_amount_differs', 'paid_after_failure', 'status_contradiction') and s.state <> 'closed'`;
  return row!.n;
}

type Counts = Record<string, number>;

async function states(sql: BankDeps['sql'], table: string, column: string, where = 'true'): Promise<Counts> {
  const rows = await sql.unsafe<{ state: string; n: number }[]>(
    `select ${column} as state, count(*)::int as n from ${table} where ${where} group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

const listed = (counts: Counts): string =>
  Object.entries(counts)
    .map(([name, n]) => `${name} ${n}`)
    .join(', ');

async function progress(of: {
  course: Course;
  counts: Counts;
  begun: number;
  seconds: number;
}): Promise<string> {
  const { course, counts, begun, seconds } = of;
  const { sql, workers, troubles, bank, checker, trades } = course;
  const { closed = 0, ...rest } = counts;
  const payments = await states(sql, 'payment', 'status', "status <> 'settled'");
  const cases = await states(sql, 'bank_case', 'kind', 'closed_at is null');
  return (
    `  ${closed}/${trades.length} closed (${(closed / seconds).toFixed(1)}/s), ${begun} begun: ${listed(rest)}; ` +
    `payments: ${listed(payments)}; kills ${workers.kills}, held ${workers.pauses}, flushes ${troubles.flushes}, ` +
    `bank crashes ${bank.crashes}; cases: ${listed(cases)}; breaches ${checker.breaches.length}`
  );
}

/** No new trouble; the bank tells what it kept, says right what it said wrong, and closes its days. */
async function comeToRest(course: Course, bankSql: BankDeps['sql']): Promise<void> {
  const { sql, bank, plants, people } = course;
  await bank.draw(course.options.seed, {});
  for (let day = 0; day < 12; day += 1) {
    course.options.signal?.throwIfAborted();
    await persistently(async () => bank.world.release());
    await persistently(async () => bank.world.endOfDay());
    const until = Date.now() + DAY_MS;
    while (Date.now() < until) {
      await people.round();
      await pause(500);
      if (await isQuiet(sql, bankSql)) break;
    }
    await plants.mend(day > 6);
    if (day >= 3 && (await isQuiet(sql, bankSql))) return;
  }
}

/** Nothing is told, worked off or due any more, and the last statement of every account is reconciled. */
async function isQuiet(sql: BankDeps['sql'], bankSql: BankDeps['sql']): Promise<boolean> {
  const [bank] = await bankSql<{ events: number; last: Record<string, number> }[]>`
    select (select count(*)::int from event where delivered_at is null and not held) as events,
           (select jsonb_object_agg(number, statement_sequence) from account where kind = 'exchange') as last`;
  const [here] = await sql<{ open: number; last: Record<string, number> }[]>`
    select (select count(*) from bank_message where done_at is null and parked_at is null)::int
         + (select count(*) from outbox where done_at is null and parked_at is null and not_before <= now())::int
         + (select count(*) from payment where status in ('approved', 'sending', 'unknown'))::int as open,
           (select jsonb_object_agg(number, statement_sequence) from bank_own_account) as last`;
  const behind = Object.entries(bank!.last).some(([number, sequence]) => here!.last[number] !== sequence);
  return bank!.events === 0 && here!.open === 0 && !behind;
}
