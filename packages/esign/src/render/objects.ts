/** Takes finished objects out of pdf-lib, to be written by this package's own writer. */
import type { PDFContext } from 'pdf-lib';
import type { NewObject } from '../pdf/write.ts';

export function newObjects(context: PDFContext): NewObject[] {
  return context.enumerateIndirectObjects().map(([reference, object]) => {
    const body = new Uint8Array(object.sizeInBytes());
    object.copyBytesInto(body, 0);
    return { number: reference.objectNumber, body };
  });
}
