/** The public record as a document: its lines, its chain, and what a verdict says. */
// oxlint-disable-next-line typescript/no-explicit-any -- the record is what is on trial: nothing of it is known yet
export type Fields = Readonly<Record<string, any>>;
export type Line = {
  readonly seq: number;
  readonly at: number;
  readonly command: Fields | null;
  readonly events: readonly Fields[];
};
export type Held = { readonly price: number; readonly seq: number };
export type Bid = Held & {
  readonly who: string;
  readonly quantity: number;
  readonly least: number;
  readonly since: readonly Held[];
  readonly merit: Fields | null;
};
export type Won = Bid & { readonly won: number };
export type Award = {
  readonly who: string;
  readonly price: number;
  readonly quantity: number;
  readonly seq: number;
};
export type Problem = { readonly seq: number | null; readonly code: string; readonly says: string };
export type Verdict = {
  readonly valid: boolean;
  readonly problems: readonly Problem[];
  readonly explanation: readonly string[];
};

export async function checkChain(
  problems: Problem[],
  record: { lines: readonly Line[]; heads: readonly Fields[]; head: string },
): Promise<void> {
  let hash = new Uint8Array(32);
  const hashes: string[] = [];
  for (const line of record.lines) {
    const text = new TextEncoder().encode(canonical(line));
    const joined = new Uint8Array(hash.length + text.length);
    joined.set(hash);
    joined.set(text, hash.length);
    hash = new Uint8Array(await crypto.subtle.digest('SHA-256', joined));
    hashes.push(Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join(''));
  }
  if (hashes.at(-1) !== record.head)
    problems.push({ seq: null, code: 'chain_broken', says: 'the lines do not end in the head' });
  for (const { lines, hash: published, seq } of record.heads) {
    if (hashes[lines - 1] !== published)
      problems.push({
        seq,
        code: 'head_differs',
        says: `the first ${lines} lines are not those whose head was published`,
      });
  }
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = value as Fields;
  return `{${Object.keys(fields)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(fields[key])}`)
    .join(',')}}`;
}
