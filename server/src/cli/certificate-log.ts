/**
 * Recomputes the chain of the certificate log, from the exchange's public address or from a file that
 * somebody kept. With a certificate it also says whether that one is in the log.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { type Ok, certificateRoutes } from '@seam/protocol';

type Page = Ok<typeof certificateRoutes.certificateLog>;
type Line = Page['items'][number];
export type LogVerdict = {
  readonly valid: boolean;
  readonly lines: number;
  /** The first line that does not follow from the one before. */
  readonly brokenAt: number | null;
  /** Hash of the last line: whoever keeps it sees later that nothing before was changed. */
  readonly head: string;
  /** The line of the certificate asked about; null: it is not in the log. */
  readonly line?: number | null;
};

/** @param source `http…` of the exchange, or a JSON file with the pages' `items`. */
export async function verifyCertificateLog(source: string, certificate?: string): Promise<LogVerdict> {
  const lines = /^https?:/.test(source) ? await fetchLog(source) : readLog(source);
  const leaf = certificate && createHash('sha256').update(fs.readFileSync(certificate)).digest('hex');
  return judgeLog(lines, leaf);
}

export function judgeLog(lines: readonly Line[], leaf?: string): LogVerdict {
  let chain: Buffer = Buffer.alloc(32);
  let brokenAt: number | null = null;
  for (const [index, line] of lines.entries()) {
    chain = createHash('sha256').update(chain).update(Buffer.from(line.leafHash, 'hex')).digest();
    if (line.seq === index + 1 && line.chainHash === chain.toString('hex')) continue;
    brokenAt = index + 1;
    break;
  }
  const found = leaf && lines.find((line) => line.leafHash === leaf);
  return {
    valid: brokenAt === null && (leaf === undefined || found !== undefined),
    lines: lines.length,
    brokenAt,
    head: lines.at(-1)?.chainHash ?? '',
    ...(leaf === undefined ? {} : { line: found ? found.seq : null }),
  };
}

async function fetchLog(url: string): Promise<Line[]> {
  const lines: Line[] = [];
  let after: string | null = '0';
  while (after !== null) {
    const answer: Response = await fetch(new URL(`/v1/certificate-log?after=${after}`, url));
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    const page = (await answer.json()) as Page;
    lines.push(...page.items);
    after = page.nextAfter;
  }
  return lines;
}

function readLog(file: string): Line[] {
  const read = JSON.parse(fs.readFileSync(file, 'utf8')) as Page | Line[];
  return Array.isArray(read) ? read : read.items;
}
