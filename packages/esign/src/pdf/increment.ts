/**
 * Says what an appended revision does to the document.
 *
 * The profile lets an increment do one thing. Revisions 1 to 3 put one signature each into the next empty
 * field, with its appearance inside the field's own rectangle; revision 4 adds the security store, revision
 * 5 the document timestamp. The client asks this before it signs and the verifier asks it after: the same
 * function, so what would not verify is never signed.
 */
import type { PdfFile } from './file.ts';
import { type Form, readForm } from './form.ts';
import { IncrementCheck } from './increment-check.ts';
import { describeSignature } from './increment-signature.ts';
import { type SecurityStore, describeStore } from './increment-store.ts';
import { describeTimestamp } from './increment-timestamp.ts';
import type { SignatureField } from './profile.ts';
import type { SignatureDictionary } from './signature-dictionary.ts';
import { asDict } from './values.ts';

/** `unexpected` is everything beside the one thing, a phrase each; empty when the increment is of the profile. */
export type Increment = { readonly unexpected: readonly string[] } & (
  | { readonly kind: 'signature'; readonly field: SignatureField; readonly signature: SignatureDictionary }
  | { readonly kind: 'store'; readonly store: SecurityStore }
  | { readonly kind: 'timestamp'; readonly timestamp: SignatureDictionary }
  | { readonly kind: 'other' }
);

/** `index` is the revision's place in the file, at least 1. */
export function describeIncrement(file: PdfFile, index: number): Increment {
  const form = readForm(file, index - 1);
  if (typeof form === 'string') return { kind: 'other', unexpected: [form] };
  const known = isSigned(form)
    ? hasStore(form)
      ? describeTimestamp(file, index, form)
      : describeStore(file, index, form)
    : describeSignature(file, index, form);
  if (known) return known;
  const unexpected = new IncrementCheck(file, index).finish();
  // Even a revision of nothing is not the file that was signed.
  return { kind: 'other', unexpected: unexpected.length > 0 ? unexpected : ['an empty revision'] };
}

const isSigned = (form: Form): boolean => form.fields.every(({ value }) => value !== undefined);

const hasStore = (form: Form): boolean => asDict(form.catalog.value)?.has('DSS') ?? false;
