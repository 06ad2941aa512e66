/** The bytes between a dictionary's angle brackets: one CMS in lower-case hexadecimal, then zeros. */
import { DerError, readDer } from '../der/reader.ts';
import { type ParsedCms, parseCms } from '../cms/parse.ts';
import { type SignatureDictionary, coversWholeRevision } from '../pdf/signature-dictionary.ts';
import { type Finding, finding } from './findings.ts';

export type Covered = {
  readonly file: Uint8Array;
  readonly dictionary: SignatureDictionary;
  readonly revisionEnd: number;
};

export function checkRange({ dictionary, revisionEnd, file }: Covered): Finding[] {
  if (!dictionary.byteRange || !dictionary.contents) {
    return [finding('BYTERANGE_SYNTAX', 'no readable /ByteRange and /Contents')];
  }
  const [, , c, d] = dictionary.byteRange;
  if (!coversWholeRevision(dictionary, revisionEnd) || c + d > file.length) {
    const detail = `the range ${dictionary.byteRange.join(' ')} is not the whole revision but its signature`;
    return [finding('BYTERANGE_NOT_WHOLE_REVISION', detail)];
  }
  return [];
}

export function readShell({ dictionary, file }: Covered): {
  cms: ParsedCms | undefined;
  findings: Finding[];
} {
  const { contents } = dictionary;
  if (!contents) return { cms: undefined, findings: [] };
  const findings: Finding[] = [];
  if (!isLowerHex(file.subarray(contents.start + 1, contents.end - 1))) {
    findings.push(finding('CMS_PROFILE', 'the signature is not in lower-case hexadecimal'));
  }
  try {
    const { raw } = readDer(contents.bytes);
    if (contents.bytes.subarray(raw.length).some((byte) => byte !== 0)) {
      findings.push(finding('CMS_TRAILING_DATA', 'data is hidden in the padding after the signature'));
    }
    return { cms: parseCms(raw), findings };
  } catch (error) {
    if (!(error instanceof DerError || error instanceof TypeError)) throw error;
    return { cms: undefined, findings: [...findings, finding('CMS_MALFORMED', error.message)] };
  }
}

function isLowerHex(digits: Uint8Array): boolean {
  for (const byte of digits) {
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (!isDigit && !(byte >= 0x61 && byte <= 0x66)) return false;
  }
  return true;
}
