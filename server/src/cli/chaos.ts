/**
 * Kills the market at random moments while it is bid on, on a database made for this and removed after.
 * Runs the honest market and the negative control, which answers before its journal has committed and
 * must therefore be caught.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type BiddingChaosReport, runBiddingChaos } from '../exchange/crash/bidding-chaos.ts';
import { openDatabase } from '../platform/db.ts';
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts';
import { migrate } from '../platform/migrate.ts';

export async function chaos(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      kills: { type: 'string' },
      bidders: { type: 'string' },
      seed: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const [kills, bidders, seed] = [values.kills ?? '50', values.bidders ?? '20', values.seed ?? '1'].map(
    Number,
  );
  if (
    positionals[0] !== 'bidding' ||
    ![kills, bidders, seed].every((value) => Number.isInteger(value) && value! > 0)
  ) {
    process.stderr.write('usage: seam chaos bidding [--kills 50] [--bidders 20] [--seed 1] [--json]\n');
    return 2;
  }
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-chaos-'));
  fs.chmodSync(directory, 0o755);
  const server = await startEmbeddedPostgres({ directory: path.join(directory, 'postgres') });
  try {
    const run = async (name: string, acknowledge: 'after_commit' | 'before_commit', times: number) => {
      const admin = await openDatabase(server.adminUrl, { max: 1 });
      await admin.unsafe(`create database ${name}`);
      await admin.end();
      const sql = await openDatabase(server.urlOf(name), { max: 1 });
      await migrate(sql);
      await sql.end();
      process.stderr.write(`${name}: ${times} × kill -9, ${bidders} bidders\n`);
      const onProgress = (line: string): void => void process.stderr.write(`  ${line}\n`);
      return runBiddingChaos({
        kills: times,
        bidders: bidders!,
        seed: seed!,
        databaseUrl: server.urlOf(name),
        acknowledge,
        onProgress,
      });
    };
    const honest = await run('honest', 'after_commit', kills!);
    // A tenth of the kills is enough: it loses bids at nearly every one.
    const control = await run(
      'acknowledges_before_commit',
      'before_commit',
      Math.max(5, Math.ceil(kills! / 10)),
    );
    report(honest, control, values.json ?? false);
    return honest.passed && !control.passed ? 0 : 1;
  } finally {
    await server.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function report(honest: BiddingChaosReport, control: BiddingChaosReport, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ honest, control })}\n`);
    return;
  }
  for (const [name, one] of [
    ['honest', honest],
    ['acknowledges before commit', control],
  ] as const) {
    process.stdout.write(`${name}: ${JSON.stringify(one)}\n`);
  }
  process.stdout.write(
    honest.passed && !control.passed ? 'passed: nothing lost, and the control was caught\n' : 'FAILED\n',
  );
}
