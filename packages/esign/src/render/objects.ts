/** Takes finished objects out of pdf-lib, to be written by this package's own writer. */
import { type PDFContext, PDFContentStream } from 'pdf-lib';
import type { NewObject } from '../pdf/write.ts';
import { flate } from './font-objects.ts';

export function newObjects(context: PDFContext): NewObject[] {
  return context.enumerateIndirectObjects().map(([reference, object]) => {
    const number = reference.objectNumber;
    // Node's own compression takes a tenth of the time that pdf-lib's takes.
    if (object instanceof PDFContentStream) return { number, body: flate(object.getUnencodedContents(), []) };
    const body = new Uint8Array(object.sizeInBytes());
    object.copyBytesInto(body, 0);
    return { number, body };
  });
}
