/** Checks what others say is true: the journal's chain, a signed contract, an auction's record, without trusting the exchange. */
import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { readCertificate, verifyContract } from '@seam/esign';
import { TEXT_MAX, Unreadable, unread, verifyRecord } from '@seam/verifier';
import { marketRules } from '../exchange/rules.ts';
import { verifyShard } from '../exchange/verify.ts';
import { verifyCertificateLog } from './certificate-log.ts';
import { withDatabase } from './with-database.ts';

export async function verify(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { root: { type: 'string' }, certificate: { type: 'string' }, json: { type: 'boolean' } },
  });
  const [what, file] = positionals;
  if (what === 'journal') return journal();
  if (what === 'contract' && file && values.root) return contract(file, values.root, values.json ?? false);
  if (what === 'auction' && file) return auction(file, values.json ?? false);
  if (what === 'cert-log' && file) return certLog(file, values.certificate, values.json ?? false);
  process.stderr.write(
    'usage: seam verify journal | verify contract FILE.pdf --root ROOT.cer [--json] | verify auction RECORD.json [--json] | verify cert-log URL-OR-FILE [--certificate FILE.cer] [--json]\n',
  );
  return 2;
}

async function journal(): Promise<number> {
  return withDatabase(async (sql) => {
    const shards = await sql<{ shard_id: number }[]>`select shard_id from shard order by shard_id`;
    let entries = 0;
    for (const { shard_id } of shards) {
      entries += (await verifyShard(sql, { shard: shard_id, rules: marketRules })).entries;
    }
    process.stdout.write(`${shards.length} shards, ${entries} entries: chain intact\n`);
    return 0;
  });
}

async function certLog(source: string, certificate: string | undefined, json: boolean): Promise<number> {
  const verdict = await verifyCertificateLog(source, certificate);
  const { valid, lines, brokenAt, head, line } = verdict;
  if (json) process.stdout.write(`${JSON.stringify(verdict)}\n`);
  else {
    process.stdout.write(`${valid ? 'VALID' : 'NOT VALID'}: ${lines} lines, head ${head}\n`);
    if (brokenAt !== null) process.stdout.write(`  the chain breaks at line ${brokenAt}\n`);
    if (line === null) process.stdout.write('  the certificate is not in the log\n');
    else if (line !== undefined) process.stdout.write(`  the certificate is line ${line}\n`);
  }
  return valid ? 0 : 1;
}

async function contract(file: string, root: string, json: boolean): Promise<number> {
  const bytes = readOrSay(file);
  const given = readOrSay(root);
  if (!bytes || !given) return 2;
  const anchor = certificateOf(given);
  if (!anchor) {
    process.stderr.write(`${root} is no certificate\n`);
    return 2;
  }
  const report = await verifyContract(bytes, { roots: [anchor], at: Date.now() });
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    process.stdout.write(`${report.valid ? 'VALID' : 'NOT VALID'} ${report.level ?? ''}\n`);
    for (const one of report.signatures) {
      process.stdout.write(
        `  ${one.field}: ${one.signer ?? '?'} · ${one.organization ?? '?'} · ${one.signedAt ?? '?'}\n`,
      );
      for (const finding of one.findings) process.stdout.write(`    ${finding.code}: ${finding.detail}\n`);
    }
    for (const finding of report.findings) process.stdout.write(`  ${finding.code}: ${finding.detail}\n`);
  }
  return report.valid ? 0 : 1;
}

/** DER, as the exchange publishes it, or PEM, as an evidence package holds it too. */
function certificateOf(bytes: Uint8Array): Uint8Array | undefined {
  try {
    const der = new Uint8Array(new X509Certificate(bytes).raw);
    readCertificate(der);
    return der;
  } catch {
    return undefined;
  }
}

/** The bytes of a file, or what is wrong with its name. */
function readOrSay(file: string): Uint8Array | undefined {
  try {
    return new Uint8Array(fs.readFileSync(file));
  } catch (error) {
    process.stderr.write(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}\n`);
    return undefined;
  }
}

/** The document of `GET /v1/auctions/:id/record`, from a file that anybody may have made. */
async function auction(file: string, json: boolean): Promise<number> {
  const verdict = await readRecord(file).then(verifyRecord).catch(unread);
  const { valid, problems, explanation } = verdict;
  if (json) process.stdout.write(`${JSON.stringify(verdict)}\n`);
  else {
    process.stdout.write(`${valid ? 'VALID' : 'NOT VALID'}\n`);
    for (const { seq, code, says } of problems)
      process.stdout.write(`  ${seq === null ? '' : `line ${seq} · `}${code}: ${says}\n`);
    if (explanation.length > 0) process.stdout.write('By the rules:\n');
    for (const line of explanation) process.stdout.write(`  ${line}\n`);
  }
  return valid ? 0 : 1;
}

async function readRecord(file: string): Promise<string> {
  const { size } = await fs.promises.stat(file).catch(() => {
    throw new Unreadable('record_missing', `no file ${file}`);
  });
  if (size > TEXT_MAX) throw new Unreadable('record_too_large', `${size} bytes; at most ${TEXT_MAX}`);
  return fs.promises.readFile(file, 'utf8');
}
