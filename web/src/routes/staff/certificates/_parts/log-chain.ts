/** Reads the public log page by page and recomputes its chain, trusting none of its hashes but the leaves'. */
import type { Ok, certificateRoutes } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import type { Problem } from '#lib/api/problem.ts';

type Page = Ok<typeof certificateRoutes.certificateLog>;
export type LogLine = Page['items'][number];
export type CheckedLog = {
  readonly lines: readonly LogLine[];
  /** The first line that does not follow from the one before; null: the chain is whole. */
  readonly brokenAt: number | null;
};

export async function readLog(
  fetch: typeof globalThis.fetch,
): Promise<{ ok: true; log: CheckedLog } | { ok: false; problem: Problem }> {
  const lines: LogLine[] = [];
  let after: string | null = '0';
  while (after !== null) {
    const page: Awaited<ReturnType<typeof call<Page>>> = await call<Page>(
      fetch,
      'GET',
      `/v1/certificate-log?after=${after}`,
    );
    if (!page.ok) return page;
    lines.push(...page.data.items);
    after = page.data.nextAfter;
  }
  return { ok: true, log: { lines, brokenAt: await brokenAt(lines) } };
}

export async function brokenAt(lines: readonly LogLine[]): Promise<number | null> {
  let chain = new Uint8Array(32);
  for (const [index, line] of lines.entries()) {
    const joined = new Uint8Array(64);
    joined.set(chain, 0);
    joined.set(bytes(line.leafHash), 32);
    chain = new Uint8Array(await crypto.subtle.digest('SHA-256', joined));
    if (line.seq !== index + 1 || line.chainHash !== hex(chain)) return index + 1;
  }
  return null;
}

const hex = (of: Uint8Array): string => [...of].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const bytes = (of: string): number[] => (of.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
