/** What a workbook holds besides its tables: macros, programs, embedded files. Pure. */
import { Unzip, UnzipInflate } from 'fflate';

const ENTRIES_MAX = 2_000;
const UNPACKED_BYTES_MAX = 64 * 1024 * 1024;
/** Parts of a workbook that run or hold other files, and links that fetch from elsewhere. */
const ACTIVE =
  /(^|\/)(vbaProject|vbaData|macrosheets|activeX|embeddings|ctrlProps|customUI|externalLinks|oleObject)|\.(bin|exe|dll|js|vbs|ps1|bat|cmd|scr|jar|com|lnk|hta)$/iu;
const MACRO_TYPE = /macroEnabled|vbaProject|activeX|oleObject|xlMacrosheet|xlDialogsheet/iu;
/** Printer settings are plain bytes that no program runs. */
const HARMLESS = /(^|\/)printerSettings\/printerSettings\d*\.bin$/iu;

export type OfficeFinding = 'active' | 'unreadable' | 'not_a_workbook';

/** @returns undefined for a workbook that only holds tables. */
export function workbookFinding(file: Uint8Array): OfficeFinding | undefined {
  const read = unpackedParts(file);
  if (read === undefined) return 'unreadable';
  const { names, texts } = read;
  if (!names.some((name) => name === 'xl/workbook.xml')) return 'not_a_workbook';
  if (names.some((name) => name.includes('..') || name.startsWith('/') || name.includes('\\')))
    return 'unreadable';
  if (names.some((name) => ACTIVE.test(name) && !HARMLESS.test(name))) return 'active';
  return texts.some((text) => MACRO_TYPE.test(text)) ? 'active' : undefined;
}

type Parts = { readonly names: readonly string[]; readonly texts: readonly string[] };

/** Every part is unpacked, counted, and thrown away but for the lists of types and links. */
function unpackedParts(file: Uint8Array): Parts | undefined {
  const names: string[] = [];
  const texts: string[] = [];
  let unpacked = 0;
  let bad = false;
  const unzip = new Unzip((part) => {
    names.push(part.name);
    if (names.length > ENTRIES_MAX) bad = true;
    if (bad) return;
    const kept = /(\[Content_Types\]\.xml|\.rels)$/u.test(part.name);
    let text = '';
    part.ondata = (error, chunk, final) => {
      if (error) bad = true;
      unpacked += chunk.length;
      if (unpacked > UNPACKED_BYTES_MAX) {
        bad = true;
        part.terminate();
        return;
      }
      if (kept) text += Buffer.from(chunk).toString('utf8');
      if (final && kept) texts.push(text);
    };
    part.start();
  });
  unzip.register(UnzipInflate);
  try {
    // In pieces, so that a bomb is noticed before it has unpacked.
    const step = 64 * 1024;
    for (let at = 0; at < file.length && !bad; at += step)
      unzip.push(file.subarray(at, at + step), at + step >= file.length);
  } catch {
    return undefined;
  }
  return bad || names.length === 0 ? undefined : { names, texts };
}
