/** The bytes of a record as it was before packing: plain, gzip, or xz by the program of that name. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { ReplayError } from './error.ts';

const GZIP = Buffer.from([0x1f, 0x8b]);
const XZ = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
/** Unpacked: fifty million records; a file that unpacks to more is not one of ours. */
const BYTES_MAX = 2 ** 31;

/** @throws ReplayError when the file is not there, cannot be unpacked, or xz is needed and missing. */
export function readInput(file: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = missing ? `there is no file ${file}` : `${file}: ${(error as Error).message}`;
    throw new ReplayError(missing ? 'replay.file_missing' : 'replay.file_unreadable', why);
  }
  if (bytes.subarray(0, GZIP.length).equals(GZIP)) return unpackGzip(file, bytes);
  return bytes.subarray(0, XZ.length).equals(XZ) ? unpackXz(file) : bytes;
}

function unpackGzip(file: string, bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: BYTES_MAX });
  } catch (error) {
    throw new ReplayError(
      'replay.file_unreadable',
      `${file} cannot be unpacked: ${(error as Error).message}`,
    );
  }
}

function unpackXz(file: string): Buffer {
  const { error, status, stdout, stderr } = spawnSync('xz', ['-dc', '--', file], { maxBuffer: BYTES_MAX });
  if (error && 'code' in error && error.code === 'ENOENT') {
    const instead = 'install xz-utils, or unpack the file elsewhere and give the .bin';
    throw new ReplayError('replay.xz_missing', `${file} needs the program xz, which is not here: ${instead}`);
  }
  if (error || status !== 0) {
    const why = error?.message ?? stderr.toString().trim().split('\n')[0];
    throw new ReplayError('replay.file_unreadable', `${file} cannot be unpacked: ${why}`);
  }
  return stdout;
}
