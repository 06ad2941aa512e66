/** Takes the canonical terms out of a contract, so that a program can compare them with its own record. */
import { fromUtf8 } from '../der/bytes.ts';
import { type PdfFile, objectsAt, readPdf } from './file.ts';
import { TERMS_FILE_NAME } from './profile.ts';
import { PdfSyntaxError, asDict, asRef, asText, isName } from './values.ts';

/**
 * The attached terms, UTF-8 as they were hashed; undefined when the file is not of the profile or holds
 * none. Says nothing about signatures: verify first.
 */
export async function readTerms(bytes: Uint8Array): Promise<string | undefined> {
  try {
    return await extract(readPdf(bytes));
  } catch (error) {
    if (error instanceof PdfSyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

async function extract(file: PdfFile): Promise<string | undefined> {
  const objects = objectsAt(file, 0);
  const found = [...objects.values()]
    .map(({ value }) => asDict(value))
    .filter((dict) => isName(dict?.get('Type'), 'Filespec') && asText(dict?.get('F')) === TERMS_FILE_NAME);
  const embedded = objects.get(asRef(asDict(found[0]?.get('EF'))?.get('F')) ?? -1);
  if (found.length !== 1 || !embedded?.stream) return undefined;
  const content = file.bytes.subarray(embedded.stream.start, embedded.stream.end);
  const filter = asDict(embedded.value)?.get('Filter');
  if (filter === undefined) return fromUtf8(content);
  if (!isName(filter, 'FlateDecode')) return undefined;
  const inflated = new Blob([content as BlobPart]).stream().pipeThrough(new DecompressionStream('deflate'));
  return fromUtf8(new Uint8Array(await new Response(inflated).arrayBuffer()));
}
