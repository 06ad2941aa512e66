/** Reads a record that anybody may have made: bounded before it is parsed. */
import { Unreadable } from './chain.ts';

/** Over fifty thousand lines: ten times the longest auction seen. */
export const TEXT_MAX = 32 * 1_024 * 1_024;
/** A record nests eight deep. */
const DEPTH_MAX = 32;

/** @throws Unreadable */
export function parseRecord(text: string): unknown {
  if (text.length > TEXT_MAX) throw new Unreadable('record_too_large', `more than ${TEXT_MAX} characters`);
  if (isDeep(text)) throw new Unreadable('record_too_deep', `nested deeper than ${DEPTH_MAX}`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Unreadable('record_not_json', (error as Error).message);
  }
}

function isDeep(text: string): boolean {
  let depth = 0;
  let isQuoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (isQuoted && char === '\\') i += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === '[' || char === '{')) depth += 1;
    else if (!isQuoted && (char === ']' || char === '}')) depth -= 1;
    if (depth > DEPTH_MAX) return true;
  }
  return false;
}
