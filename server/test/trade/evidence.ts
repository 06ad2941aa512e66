/**
 * What a stranger would check: the sums of the ledger, the chain of the journal, the signatures in the
 * PDF. The last by poppler and NSS, not by our own code.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ledgerRoutes } from '@seam/protocol';
import { parseMoney } from '@seam/units';
import type { Sql } from 'postgres';
import { expect } from 'vitest';
import { marketRules } from '../../src/exchange/rules.ts';
import { verifyShard } from '../../src/exchange/verify.ts';
import type { Party } from './party.ts';

/** Debits equal credits in each currency, by what staff see and by the recomputation in SQL. */
export async function expectLedgerWhole(staff: Party, sql: Sql): Promise<void> {
  const { rows, violations } = await staff.must(ledgerRoutes.trialBalance);
  expect(violations).toEqual([]);
  const sums = new Map<string, bigint>();
  for (const row of rows) {
    const difference = parseMoney(row.debits)! - parseMoney(row.credits)!;
    sums.set(row.currency, (sums.get(row.currency) ?? 0n) + difference);
  }
  expect(sums.get('CNY')).toBe(0n);
  expect([...sums.values()].filter((sum) => sum !== 0n)).toEqual([]);
  expect(await sql`select * from ledger_check()`).toEqual([]);
}

/**
 * Every shard's journal from its first entry: hashes, gapless numbers, and the rules run again.
 * @returns how many entries there are in all.
 */
export async function expectJournalWhole(sql: Sql): Promise<number> {
  const shards = await sql<{ shard_id: number }[]>`select shard_id from shard order by shard_id`;
  expect(shards.length).toBeGreaterThan(0);
  let entries = 0;
  for (const { shard_id: shard } of shards) {
    entries += (await verifyShard(sql, { shard, rules: marketRules })).entries;
  }
  return entries;
}

export type SignaturesFound = { readonly valid: number; readonly trusted: number; readonly total: boolean };

/** What pdfsig says of a file when it trusts `root` (DER) and nothing else. */
export function pdfsig(file: Uint8Array, root: Uint8Array): SignaturesFound {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-pdfsig-'));
  const at = (name: string): string => path.join(home, name);
  try {
    execFileSync('certutil', ['-N', '-d', `sql:${home}`, '--empty-password']);
    fs.writeFileSync(at('root.cer'), root);
    const trust = ['-n', 'root', '-t', 'CT,C,C', '-i', at('root.cer')];
    execFileSync('certutil', ['-A', '-d', `sql:${home}`, ...trust]);
    fs.writeFileSync(at('contract.pdf'), file);
    const text = execFileSync('pdfsig', ['-nssdir', `sql:${home}`, at('contract.pdf')], { encoding: 'utf8' });
    return {
      valid: text.split('Signature is Valid').length - 1,
      trusted: text.split('Certificate is Trusted').length - 1,
      total: text.includes('Total document signed'),
    };
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
}
