/** What a timestamp token says (TSTInfo of RFC 3161). */
import { equalBytes } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import { DerError, expectTag, readInteger, readTime, readWhole, sequence } from '../der/reader.ts';
import { sha256Identifiers } from '../x509/algorithms.ts';
import type { ParsedCms } from './parse.ts';

export type TstInfo = {
  /** SHA-256 of what is stamped. */
  readonly imprint: Uint8Array;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Content octets of the INTEGER, where the asker gave one. */
  readonly nonce: Uint8Array | undefined;
};

/** Throws DerError when the CMS holds no readable TSTInfo over a SHA-256 hash. */
export function readTstInfo(cms: ParsedCms): TstInfo {
  if (cms.contentType !== OID.tstInfo || !cms.content) throw new DerError('not a timestamp token');
  const [, , imprint, , time, ...rest] = sequence(readWhole(cms.content));
  const [algorithm, hash] = sequence(imprint);
  if (!sha256Identifiers().some((identifier) => equalBytes(algorithm!.raw, identifier))) {
    throw new DerError('the imprint is not SHA-256');
  }
  const nonce = rest.find(({ tag }) => tag === 0x02);
  return {
    imprint: expectTag(hash, 0x04).content,
    time: readTime(expectTag(time, 0x18)),
    nonce: nonce && readInteger(nonce),
  };
}
