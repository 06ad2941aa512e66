/**
 * A worker of the simulation: the product's own handlers behind the product's own queue, and its bank loop. It is
 * killed and held without warning. Says `ready` when it works, and ends with whoever started it.
 */
import { CURRENCIES } from '@seam/units';
import type { FastifyBaseLogger } from 'fastify';
import { logisticsWork } from '../../logistics/public.ts';
import { openDatabase } from '../../platform/db.ts';
import { startJobs } from '../../platform/jobs.ts';
import { installationSecret } from '../../platform/secrets.ts';
import { qualityWork } from '../../quality/public.ts';
import { type BankDeps, stepOf } from '../bank/deps.ts';
import { httpBankPort } from '../bank/http-port.ts';
import { exchangeKey } from '../bank/key-exchange.ts';
import { startBankLoop } from '../bank/loop.ts';
import { watchBank } from '../bank/watch.ts';
import { invoiceWork } from '../invoices/issue.ts';
import { disputeWork } from '../disputes/work.ts';
import { onPaymentFact, tradeWork } from '../trade/work.ts';
import { portOf, workOf } from './mutants.ts';
import { simPorts } from './ports.ts';
import { BANK_TIMEOUT_MS, LEASE_MS, WORKER_SETTINGS, type WorkerSettings, simClock } from './settings.ts';

/** In real time: the books are looked through every few seconds, however fast the days go. */
const WATCH_EVERY_MS = 5_000;

const settings = JSON.parse(process.env[WORKER_SETTINGS] ?? '{}') as WorkerSettings;
const { mutant } = settings;
const clock = simClock(settings.startMs);
const isLoud = process.env['SIM_LOUD'] === 'on';
const say = (fields: object, message: string): void => {
  if (!isLoud) return;
  const plain = JSON.stringify({ message, ...fields }, (_key, value: unknown) =>
    value instanceof Error ? (value.stack ?? value.message) : value,
  );
  process.stderr.write(`${process.pid} ${plain}\n`);
};
const log = { info: () => {}, warn: say, error: say };

const sql = await openDatabase(settings.databaseUrl, { max: 8, name: 'sim worker' });
const keys = [exchangeKey(await installationSecret(sql, 'bank-requests'))];
const { bankUrl: url, secret } = settings;
const bank: BankDeps = {
  sql,
  clock,
  log,
  secrets: [secret],
  keys,
  port: portOf(mutant, httpBankPort({ url, secret, keys, clock, timeoutMs: BANK_TIMEOUT_MS })),
  onFact: async (tx, fact) => onPaymentFact(tx, fact, clock.now()),
  wake: () => jobs.wake(),
};
const handlers = [
  ...tradeWork({ clock, ports: simPorts, stepOf: (tx) => stepOf(bank, tx) }),
  ...disputeWork({ clock, ports: simPorts, stepOf: (tx) => stepOf(bank, tx) }),
  ...logisticsWork({ clock }),
  ...qualityWork({ clock }),
  ...invoiceWork({ clock }),
];
const jobs = await startJobs({
  sql,
  databaseUrl: settings.databaseUrl,
  redisUrl: settings.redisUrl,
  handlers,
  log: log as unknown as FastifyBaseLogger,
  leaseMs: LEASE_MS,
  work: workOf(mutant),
});
const watch = watchBank(bank);
let watchedAt = 0;
startBankLoop(bank, async () => {
  if (Date.now() - watchedAt < WATCH_EVERY_MS) return;
  watchedAt = Date.now();
  await watch();
});
process.stdout.write(`ready ${CURRENCIES.length}\n`);

// A simulation that was killed itself must not leave a worker behind.
process.stdin.on('end', () => process.exit(0)).resume();
