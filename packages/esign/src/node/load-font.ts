/** The font files of contracts, read once per process. The only file access of this package. */
import { readFile } from 'node:fs/promises';
import type { FontSet } from '../render/font.ts';

let loaded: Promise<FontSet> | undefined;

/** Noto Sans SC (SIL Open Font Licence 1.1), 30,890 characters, Regular and Bold. */
export function loadFont(): Promise<FontSet> {
  loaded ??= Promise.all([
    read('400Regular/NotoSansSC_400Regular.ttf'),
    read('700Bold/NotoSansSC_700Bold.ttf'),
  ]).then(([regular, bold]) => ({ regular, bold }));
  return loaded;
}

async function read(file: string): Promise<Uint8Array> {
  const url = new URL(import.meta.resolve(`@expo-google-fonts/noto-sans-sc/${file}`));
  return new Uint8Array(await readFile(url));
}
