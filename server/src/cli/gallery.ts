/**
 * `seam gallery`: a picture of every page as everybody who sees it, and what is wrong with it. It needs the
 * browser of the tests, and so stays outside the product.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const MAIN = path.resolve(import.meta.dirname, '../../../web/e2e/gallery/main.ts');

/** @returns 1 when something is wrong with a page. */
export async function galleryCommand(args: string[]): Promise<number> {
  const { gallery } = (await import(pathToFileURL(MAIN).href)) as {
    gallery: (args: string[]) => Promise<number>;
  };
  return gallery(args);
}
