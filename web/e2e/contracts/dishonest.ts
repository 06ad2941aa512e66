/** What a dishonest exchange could ask a party to sign instead of what the party read: W1 to W10. */
import { latin1, utf8 } from '../../../packages/esign/src/der/bytes.ts';
import { readPdf } from '../../../packages/esign/src/pdf/file.ts';
import { readForm } from '../../../packages/esign/src/pdf/form.ts';
import { serialize, streamBody } from '../../../packages/esign/src/pdf/write.ts';
import * as tamper from '../../../packages/esign/src/testing/tamper.ts';
import type { CheckCode } from '../../../packages/esign/src/client/check.ts';

export type Lie = {
  readonly id: string;
  readonly what: string;
  readonly code: CheckCode;
  /** @param prepared the honest file for the seller's signature. @param approved how many bytes were read. */
  readonly tell: (prepared: Uint8Array, approved: number) => Uint8Array;
};

export const LIES: readonly Lie[] = [
  {
    id: 'W1',
    what: 'the bytes that were read, changed',
    code: 'APPROVED_REVISION_CHANGED',
    tell: (prepared, approved) => tamper.flipBit(prepared, approved - 200),
  },
  {
    id: 'W2',
    what: 'a page drawn anew',
    code: 'UNEXPECTED_CHANGE_IN_INCREMENT',
    tell: (prepared) =>
      tamper.rewriteLast(prepared, (objects) =>
        objects.set(tamper.pages(prepared)[0]!.content, streamBody([], utf8('BT ET'))),
      ),
  },
  {
    id: 'W3',
    what: 'a note laid over a page',
    code: 'UNEXPECTED_CHANGE_IN_INCREMENT',
    tell: (prepared) =>
      tamper.rewriteLast(prepared, (objects, size) => {
        const { page } = tamper.pages(prepared)[0]!;
        objects.set(size, utf8('<< /Type /Annot /Subtype /FreeText /Rect [0 0 600 800] /Contents (x) >>'));
        objects.set(
          page,
          utf8(tamper.withEntries(prepared, page, { Annots: `[${size} 0 R]` }).body as string),
        );
      }),
  },
  {
    id: 'W4',
    what: 'an object that nothing refers to',
    code: 'UNEXPECTED_CHANGE_IN_INCREMENT',
    tell: (prepared) => tamper.rewriteLast(prepared, (objects, size) => objects.set(size, utf8('(hidden)'))),
  },
  {
    id: 'W5',
    what: 'a range that leaves the last byte out',
    code: 'BYTERANGE_NOT_WHOLE_FILE',
    tell: (prepared) => {
      const [a, b, c, d] = tamper.lastSignature(prepared).byteRange!;
      return tamper.setByteRange(prepared, `${a} ${b} ${c} ${d - 1}`);
    },
  },
  {
    id: 'W6',
    what: 'a place for the signature with something in it',
    code: 'GAP_NOT_EMPTY_PLACEHOLDER',
    tell: (prepared) => {
      const filled = Uint8Array.from(prepared);
      filled.set(utf8('30'), tamper.lastSignature(prepared).contents!.start + 101);
      return filled;
    },
  },
  {
    id: 'W7',
    what: 'a range around another place',
    code: 'BYTERANGE_NOT_WHOLE_FILE',
    tell: (prepared) => {
      const [a, b, c, d] = tamper.lastSignature(prepared).byteRange!;
      return tamper.setByteRange(prepared, `${a} ${b - 500} ${c - 500} ${d + 500}`);
    },
  },
  { id: 'W9', what: 'the place of the other party', code: 'WRONG_FIELD', tell: placeOfTheBuyer },
  {
    id: 'W10',
    what: 'the file itself, without a place for a signature',
    code: 'APPROVED_REVISION_BOUNDARY',
    tell: (prepared, approved) => prepared.slice(0, approved),
  },
];

/** The same increment, but the signature is hung into the buyer's field. */
function placeOfTheBuyer(prepared: Uint8Array, approved: number): Uint8Array {
  const { object } = tamper.lastSignature(prepared);
  const form = readForm(readPdf(prepared.subarray(0, approved)), 0);
  if (typeof form === 'string') throw new Error(form);
  const [seller, buyer] = form.fields;
  return tamper.rewriteLast(prepared, (objects) => {
    const [appearance] = /\/AP << \/N (\d+) 0 R >>/.exec(latin1(objects.get(seller!.object.number)!))!;
    objects.delete(seller!.object.number);
    const dict = serialize({ type: 'dict', entries: buyer!.dict });
    objects.set(buyer!.object.number, utf8(`${dict.slice(0, -2)} ${appearance} /V ${object.number} 0 R >>`));
  });
}
