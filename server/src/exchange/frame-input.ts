/** Reads a client's frame without trusting it: small, shallow, no key twice, no key that means trouble. */
import { ClientFrame } from '@seam/protocol';
import { Compile } from 'typebox/compile';
import { FRAME_DEPTH_MAX, FRAME_KEYS_MAX } from './limits.ts';

const check = Compile(ClientFrame);
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** @returns undefined for whatever is not exactly one of the client's frames. */
export function readFrame(text: string): ClientFrame | undefined {
  if (!isPlain(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return check.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** One pass over the characters: depth, number of keys, doubled and forbidden keys. */
function isPlain(text: string): boolean {
  const keysAtDepth: Set<string>[] = [];
  let keys = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (char === '{' || char === '[') {
      if (keysAtDepth.push(new Set()) > FRAME_DEPTH_MAX) return false;
    } else if (char === '}' || char === ']') keysAtDepth.pop();
    else if (char === '"') {
      const end = endOfString(text, i);
      if (end < 0) return false;
      if (/^\s*:/.test(text.slice(end + 1, end + 20))) {
        const key = text.slice(i + 1, end);
        // An escaped key has a plain spelling that ours would use.
        if (key.includes('\\') || FORBIDDEN.has(key) || (keys += 1) > FRAME_KEYS_MAX) return false;
        const seen = keysAtDepth.at(-1);
        if (!seen || seen.has(key)) return false;
        seen.add(key);
      }
      i = end;
    }
  }
  return true;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') return i;
  }
  return -1;
}
