/** What was typed for a mine, as a mine of the register: for forms that were sent without scripts. */
import type { FoundMine } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { refuseFields, text } from '#lib/form/server.ts';
import { fail } from '@sveltejs/kit';

/** Shown as choices when the words fit several. */
const SEVERAL_MAX = 12;

export type ResolvedMine =
  | { readonly mineId: string | undefined }
  | { readonly several: readonly FoundMine[]; readonly code: 'mine_several' | 'mine_none' };

/** @returns no id when nothing was typed: another mine may be described instead. */
export async function resolveMine(fetch: typeof globalThis.fetch, data: FormData): Promise<ResolvedMine> {
  const [words, chosen] = [text(data, 'mineText'), text(data, 'mineId')];
  if (chosen !== '' && (words === '' || text(data, 'mineFor') === words)) return { mineId: chosen };
  if (words === '') return { mineId: undefined };
  // A name that was chosen once may come back with its province: `Tashan (Shanxi, CN)`.
  const short = words.replace(/\s*\([^()]*\)$/, '');
  const asWritten = await minesLike(fetch, words);
  const plain = asWritten.length > 0 || short === '' ? words : short;
  const found = plain === words ? asWritten : await minesLike(fetch, plain);
  const same = found.filter(({ name, nameZh }) =>
    [name, nameZh].some((one) => one?.toLowerCase() === plain.toLowerCase()),
  );
  const [only] = same.length === 1 ? same : found;
  if (only && (same.length === 1 || found.length === 1)) return { mineId: only.id };
  return { several: found, code: found.length === 0 ? 'mine_none' : 'mine_several' };
}

/** The form comes back with what the words fit, to choose from. */
export function refuseMine(mine: Extract<ResolvedMine, { several: unknown }>, data: FormData) {
  const { data: refused } = refuseFields({ mineText: mine.code }, data);
  return fail(400, { ...refused, several: mine.several });
}

async function minesLike(fetch: typeof globalThis.fetch, words: string): Promise<readonly FoundMine[]> {
  const query = new URLSearchParams({ q: words.slice(0, 100), limit: String(SEVERAL_MAX) });
  const answer = await call<{ items: FoundMine[] }>(fetch, 'GET', `/v1/mines?${query}`);
  return answer.ok ? answer.data.items : [];
}
