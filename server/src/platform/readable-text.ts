/**
 * Bodies that JSON can hold and nothing behind it can: a NUL or half a surrogate pair, which PostgreSQL does
 * not keep, and nesting without end. Refused at the door, whatever the field; further in they would be an
 * error of ours, or an entry of the journal that nobody can read.
 */
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problem.ts';

/** A listing with its assays nests six deep. */
const DEPTH_MAX = 32;

export function installReadableText(app: FastifyInstance): void {
  app.addHook('preValidation', async (httpRequest, reply) => {
    const at = unreadableField(httpRequest.body);
    if (at !== undefined)
      return sendProblem(reply, { refused: 'request.invalid', fields: { [at]: 'unreadable' } });
    return undefined;
  });
}

/** The dotted name of the first text, key or depth that cannot be kept; undefined: all can. */
export function unreadableField(value: unknown, path: readonly string[] = []): string | undefined {
  const name = path.join('.') || 'body';
  if (typeof value === 'string') return isReadable(value) ? undefined : name;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  if (path.length > DEPTH_MAX) return path[0];
  for (const [key, inner] of Object.entries(value)) {
    if (!isReadable(key)) return name;
    const at = unreadableField(inner, [...path, key]);
    if (at !== undefined) return at;
  }
  return undefined;
}

function isReadable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
