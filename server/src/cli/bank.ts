/** Reads a bank's file and says what is in it: account, balances, movements. Books nothing. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { BadMessage, type Balance, readBankFile } from '../settlement/public.ts';

export async function bank(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean' } },
  });
  const [what, file, ...rest] = positionals;
  if (what !== 'parse' || !file || rest.length > 0) {
    process.stderr.write('usage: seam bank parse FILE [--json]\n');
    return 2;
  }
  const bytes = read(file);
  if (!bytes) {
    if (values.json) process.stdout.write(`${JSON.stringify({ error: 'file_unreadable', detail: file })}\n`);
    process.stderr.write(`there is no file ${file} that could be read\n`);
    return 2;
  }
  try {
    print(readBankFile(bytes), values.json ?? false);
    return 0;
  } catch (error) {
    if (!(error instanceof BadMessage)) throw error;
    const { reason, message } = error;
    if (values.json) process.stdout.write(`${JSON.stringify({ error: reason, detail: message })}\n`);
    process.stderr.write(`${message}\n`);
    return 1;
  }
}

/** A folder or a forbidden file is as good as none. */
function read(file: string): Uint8Array | undefined {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

function print(read: ReturnType<typeof readBankFile>, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(read)}\n`);
    return;
  }
  const lines = [read.format, ...read.remarks.map((remark) => `  note: ${remark}`)];
  for (const { account, sequence, openingBalance, closingBalance, entries, addsUp } of read.statements) {
    lines.push(`${account || '(no account)'}${sequence === null ? '' : ` · statement ${sequence}`}`);
    if (openingBalance) lines.push(`  opening  ${balance(openingBalance)}`);
    for (const entry of entries) {
      const { sign, amount, bookingDate, valueDate, references, text, counterparty } = entry;
      const about = [...Object.values(references), counterparty.name, text.join(' ')]
        .filter(Boolean)
        .join(' · ');
      lines.push(
        `  ${bookingDate ?? valueDate ?? '          '} ${(sign === 'credit' ? '+' : '-') + amount}  ${about.slice(0, 120)}`,
      );
    }
    if (closingBalance) lines.push(`  closing  ${balance(closingBalance)}`);
    if (addsUp === false) lines.push('  opening and movements are not the closing balance');
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

const balance = ({ sign, amount, currency, date }: Balance): string =>
  `${date ?? '          '} ${(sign === 'credit' ? '+' : '-') + amount} ${currency}`;
