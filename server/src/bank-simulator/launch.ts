/** Starts the demo bank as a child process and waits until it listens. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { FastTime } from '../platform/clock.ts';
import { StartError } from '../platform/start-error.ts';
import type { StatementForm } from './deps.ts';

export type RunningBank = {
  /** Origin, for example http://127.0.0.1:3400 */
  readonly url: string;
  readonly pid: number;
  /** Resolves when the process is gone, with its exit code or null after a signal. */
  readonly exited: Promise<number | null>;
  stop(): Promise<void>;
};

export type BankLaunch = {
  readonly databaseUrl: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly secret: string;
  readonly callbackUrl: string;
  readonly faults?: boolean;
  readonly statements?: StatementForm;
  /** Days that pass faster. */
  readonly clock?: FastTime;
};

/** @throws StartError with the bank's own line when it does not start. */
export async function launchBank(options: BankLaunch): Promise<RunningBank> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts')], {
    env: {
      ...process.env,
      BANK_DATABASE_URL: options.databaseUrl,
      BANK_PORT: String(options.port),
      BANK_SHARED_SECRET: options.secret,
      BANK_CALLBACK_URL: options.callbackUrl,
      BANK_FAULTS: options.faults ? 'on' : 'off',
      BANK_STATEMENTS: options.statements ?? '',
      BANK_CLOCK: options.clock ? JSON.stringify(options.clock) : '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const url = await ready(child, exited);
  return {
    url,
    pid: child.pid!,
    exited,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function ready(child: ChildProcess, exited: Promise<number | null>): Promise<string> {
  let said = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(-4000);
  });
  const listening = new Promise<string>((resolve) => {
    let out = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      out = (out + bytes.toString()).slice(-4000);
      const found = /bank ready (\S+)/.exec(out);
      if (found) resolve(found[1]!);
    });
  });
  const failed = exited.then((code): never => {
    throw new StartError(`the bank did not start: ${said.trim().split('\n').at(-1) || `exit code ${code}`}`);
  });
  const url = await Promise.race([listening, failed]);
  // From here on its end is the caller's to notice.
  failed.catch(() => {});
  return url;
}
