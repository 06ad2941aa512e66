/** A zip of files whose bytes depend on nothing but the files: same input, same archive. */
import { type Zippable, zipSync } from 'fflate';
import { assert } from '../../platform/fault.ts';

/** Zip knows no earlier day than 1 January 1980; fflate reads the fields of a local date. */
const NO_TIME = new Date(1980, 0, 1, 0, 0, 0);
/** Plain names in plain folders: nothing that leads out of the folder it is unpacked in. */
const NAME = /^[a-z0-9][a-zA-Z0-9._-]*(?:\/[a-z0-9][a-zA-Z0-9._-]*)*$/;

export function zip(files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Uint8Array {
  const entries: Zippable = {};
  for (const { name, bytes } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    assert(
      (NAME.test(name) || name === 'README.md') && !(name in entries),
      `no name for a file of a package: ${name}`,
    );
    entries[name] = bytes;
  }
  // What a PDF holds is packed already; the fast level finds the rest.
  return zipSync(entries, { level: 6, mtime: NO_TIME, os: 3, attrs: 0o644 << 16 });
}
