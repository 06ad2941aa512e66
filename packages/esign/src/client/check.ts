/**
 * What a party's own browser checks before it signs: it trusts nothing the server says about the bytes.
 *
 * It signs only a file that begins with the revision its user approved, adds nothing to it but signatures
 * of the profile, and ends with one empty place for its own signature.
 */
import { equalBytes, toHex } from '../der/bytes.ts';
import { signedAttributes } from '../cms/attributes.ts';
import { type PdfFile, readPdf } from '../pdf/file.ts';
import { describeIncrement } from '../pdf/increment.ts';
import type { ByteRange, SignatureField } from '../pdf/profile.ts';
import { type SignatureDictionary, coveredBytes, coversWholeRevision } from '../pdf/signature-dictionary.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { sha256, signWithKey } from '../x509/algorithms.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';

export type CheckCode =
  | 'APPROVED_REVISION_CHANGED'
  | 'APPROVED_REVISION_BOUNDARY'
  | 'UNEXPECTED_CHANGE_IN_INCREMENT'
  | 'BYTERANGE_NOT_WHOLE_FILE'
  | 'GAP_NOT_EMPTY_PLACEHOLDER'
  | 'WRONG_FIELD'
  | 'CERT_NOT_FOR_THIS_KEY';

export type ToCheck = {
  /** The file the server asks to have signed. */
  readonly prepared: Uint8Array;
  /** The revision the user saw and approved: SHA-256 in lower-case hex, and its length in bytes. */
  readonly approved: { readonly sha256: string; readonly length: number };
  readonly field: SignatureField;
  /** The signer's own certificate, DER. */
  readonly certificate: Uint8Array;
  /** The signer's own public key, from his envelope. */
  readonly spki: Uint8Array;
};

export type Checked = {
  readonly ok: true;
  readonly byteRange: ByteRange;
  /** SHA-256 of what the signature will cover. */
  readonly digest: Uint8Array;
  /** The very bytes to sign. */
  readonly attributes: Uint8Array;
  /** What the signature will say about itself, to be shown. */
  readonly name: string | undefined;
  readonly reason: string | undefined;
};

export async function checkIncrement(input: ToCheck): Promise<Checked | Refusal<CheckCode>> {
  const { prepared, approved, field } = input;
  if (!isCertificateOfKey(input)) {
    return refuse('CERT_NOT_FOR_THIS_KEY', 'the certificate does not hold the key that would sign');
  }
  const prefix = prepared.subarray(0, approved.length);
  if (toHex(await sha256(prefix)) !== approved.sha256) {
    return refuse('APPROVED_REVISION_CHANGED', 'the file does not begin with the approved revision');
  }
  let file: PdfFile;
  try {
    file = readPdf(prepared);
  } catch (error) {
    return refuse('UNEXPECTED_CHANGE_IN_INCREMENT', error instanceof Error ? error.message : 'unreadable');
  }
  const base = file.revisions.findIndex((revision) => revision.end === approved.length);
  if (base < 0 || base === file.revisions.length - 1) {
    return refuse(
      'APPROVED_REVISION_BOUNDARY',
      'the approved bytes are not whole revisions before the signature',
    );
  }
  const signature = checkRevisions(file, base, field);
  if (!('dict' in signature)) return signature;
  if (
    !signature.contents ||
    signature.contents.bytes.some((byte) => byte !== 0) ||
    !isHexGap(file, signature)
  ) {
    return refuse('GAP_NOT_EMPTY_PLACEHOLDER', 'the place for the signature is not empty');
  }
  const digest = await sha256(coveredBytes(prepared, signature.byteRange!));
  return {
    ok: true,
    byteRange: signature.byteRange!,
    digest,
    attributes: await signedAttributes(digest, input.certificate),
    name: signature.name,
    reason: signature.reason,
  };
}

/** Checks, then signs: there is no way to sign here what was not checked. The signature is DER for ECDSA. */
export async function signPrepared(
  input: ToCheck & { readonly key: CryptoKey },
): Promise<{ ok: true; signature: Uint8Array; digest: Uint8Array } | Refusal<CheckCode>> {
  const checked = await checkIncrement(input);
  if (!checked.ok) return checked;
  return { ok: true, signature: await signWithKey(input.key, checked.attributes), digest: checked.digest };
}

/** Every revision after the approved one is a signature and nothing else; the last is for `field`. */
function checkRevisions(
  file: PdfFile,
  base: number,
  field: SignatureField,
): SignatureDictionary | Refusal<CheckCode> {
  let last: SignatureDictionary | undefined;
  for (let index = base + 1; index < file.revisions.length; index++) {
    const increment = describeIncrement(file, index);
    const isLast = index === file.revisions.length - 1;
    if (increment.kind !== 'signature') {
      const what = [increment.kind, ...increment.unexpected].join('; ');
      return refuse('UNEXPECTED_CHANGE_IN_INCREMENT', `revision ${index} is no signature: ${what}`);
    }
    if (isLast && increment.field !== field) {
      return refuse('WRONG_FIELD', `the file asks for ${increment.field}, not ${field}`);
    }
    if (increment.unexpected.length > 0) {
      const detail = `revision ${index}: ${increment.unexpected.join('; ')}`;
      return refuse('UNEXPECTED_CHANGE_IN_INCREMENT', detail);
    }
    if (!coversWholeRevision(increment.signature, file.revisions[index]!.end)) {
      return refuse('BYTERANGE_NOT_WHOLE_FILE', `revision ${index} is not covered but for its signature`);
    }
    last = increment.signature;
  }
  return last!;
}

/** Only zeros between the brackets: not even white space can be there. */
function isHexGap(file: PdfFile, { contents }: SignatureDictionary): boolean {
  return (
    contents !== undefined &&
    file.bytes.subarray(contents.start + 1, contents.end - 1).every((byte) => byte === 0x30)
  );
}

function isCertificateOfKey({ certificate, spki }: ToCheck): boolean {
  let read: Certificate;
  try {
    read = readCertificate(certificate);
  } catch {
    return false;
  }
  return read.publicKey.kind !== 'unsupported' && equalBytes(read.publicKey.spki, spki);
}
