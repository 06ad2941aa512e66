/** A bank's file of any kind: by what is in it, never by its name. */
import { BadMessage } from '../iso20022/xml.ts';
import { STATEMENT_BYTES_MAX } from '../iso20022/limits.ts';
import type { BankFile } from './bank-file.ts';
import { readCamtFile } from './camt-file.ts';
import { isMt940, readMt940 } from './mt940/mt940.ts';

/** @throws BadMessage when it is none of them, too large, or cannot be read where it matters. */
export function readBankFile(bytes: Uint8Array): BankFile {
  if (bytes.length > STATEMENT_BYTES_MAX)
    throw new BadMessage('too_large', `${bytes.length} bytes, at most ${STATEMENT_BYTES_MAX}`);
  const text = decode(bytes);
  if (/^\s*</.test(text)) return readCamtFile(asUtf8(text), STATEMENT_BYTES_MAX);
  if (isMt940(text)) return readMt940(text);
  throw new BadMessage('message_unknown', 'neither camt nor MT940');
}

/** By its byte order mark or declaration; else UTF-8 where it is that, and Windows-1252, which all else mostly is. */
function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /^(?:ï»¿)?\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(head)?.[1];
  try {
    return new TextDecoder(declared ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    if (declared !== undefined) throw new BadMessage('encoding_unsupported', declared);
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The reader of messages takes UTF-8 alone, and believes what is declared. */
function asUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text.trimStart().replace(/^<\?xml[^>]*\?>/, ''));
}
