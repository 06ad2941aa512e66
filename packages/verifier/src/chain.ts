/**
 * The public record as a document: what a line is, and the chain that binds the lines to the heads that
 * were published while the auction ran. hash of line i = SHA-256(hash of line i−1 ‖ canonical JSON of it).
 */
// oxlint-disable-next-line typescript/no-explicit-any -- the record is what is on trial: nothing of it is known yet
export type Fields = any;
export type Line = {
  readonly seq: number;
  readonly at: number;
  readonly command: Fields;
  readonly events: readonly Fields[];
};
/** What is no record, with the code that says why. */
export class Unreadable extends Error {
  readonly code: string;

  constructor(code: string, says: string) {
    super(says);
    this.code = code;
  }
}

export type Problem = { readonly seq: number | null; readonly code: string; readonly says: string };

export async function checkChain({ lines, heads, head }: Fields, problems: Problem[]): Promise<void> {
  let hash = new Uint8Array(32);
  const hashes: string[] = [];
  for (const line of lines) {
    const text = new TextEncoder().encode(canonical(line));
    const joined = new Uint8Array(32 + text.length);
    joined.set(hash);
    joined.set(text, 32);
    hash = new Uint8Array(await crypto.subtle.digest('SHA-256', joined));
    hashes.push(hex(hash));
  }
  if (hashes.at(-1) !== head)
    problems.push({ seq: null, code: 'chain_broken', says: 'the lines do not end in the head' });
  for (const { lines: covered, hash: published, seq } of heads) {
    const says = `the first ${covered} lines are not those whose head was published`;
    if (hashes[covered - 1] !== published) problems.push({ seq, code: 'head_differs', says });
  }
}

export async function sha256(text: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** JSON with sorted keys and no space: the one way to write a value down. */
export function canonical(value: Fields): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}
