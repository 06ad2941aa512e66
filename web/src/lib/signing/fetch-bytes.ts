import { toProblem, unreachable, type Problem } from '#lib/api/problem.ts';

/** The bytes of a file, or the refusal that came instead. */
export async function fetchBytes(
  fetch: typeof globalThis.fetch,
  url: `/v1/${string}`,
): Promise<{ ok: true; bytes: Uint8Array<ArrayBuffer> } | { ok: false; problem: Problem }> {
  try {
    const response = await fetch(url, { cache: 'no-store' });
    if (response.ok) return { ok: true, bytes: new Uint8Array(await response.arrayBuffer()) };
    const body: unknown = await response.json().catch(() => undefined);
    return { ok: false, problem: toProblem(response.status, body) };
  } catch {
    return { ok: false, problem: unreachable };
  }
}
