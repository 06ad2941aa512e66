/** Looks at the ledger every minute while the server runs. */
import type { FastifyBaseLogger } from 'fastify';
import type { Sql } from 'postgres';
import { auditLedger } from './audit.ts';

const LOOK_EVERY_MS = 60_000;

/** @returns stops it. */
export function startLedgerAudit(
  sql: Sql,
  log: Pick<FastifyBaseLogger, 'error' | 'fatal'>,
  everyMs = LOOK_EVERY_MS,
): () => Promise<void> {
  let running: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    try {
      const found = await auditLedger(sql);
      if (found && found.unaccepted > 0) {
        log.fatal(
          { findings: found.findings, unaccepted: found.unaccepted },
          'the ledger is not what its transfers say: payouts are halted until two persons have looked',
        );
      }
    } catch (error) {
      log.error({ err: error }, 'the ledger was not looked at');
    }
  };
  const start = (): void => {
    running ??= look().finally(() => (running = undefined));
  };
  start();
  const timer = setInterval(start, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
