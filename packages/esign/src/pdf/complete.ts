/** Turns a prepared revision and a party's signature into a signed revision. */
import { assembleCms } from '../cms/assemble.ts';
import { signedAttributes } from '../cms/attributes.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { sha256, verifySignature } from '../x509/algorithms.ts';
import { readCertificate } from '../x509/certificate.ts';
import { embedCms } from './place.ts';
import type { PdfFile } from './file.ts';
import { readPdf } from './file.ts';
import {
  type SignatureDictionary,
  coveredBytes,
  coversWholeRevision,
  isSignatureDictionary,
  readSignatureDictionary,
} from './signature-dictionary.ts';

export type CompleteInput = {
  /** The bytes that `prepareSignature` gave. */
  readonly prepared: Uint8Array;
  readonly certificate: Uint8Array;
  /** Issuing CA upwards, without the root. */
  readonly chain: readonly Uint8Array[];
  /** Over the signed attributes; DER for ECDSA. */
  readonly signature: Uint8Array;
  /** RFC 3161 token over `signature`. */
  readonly token?: Uint8Array;
};

export type CompleteCode =
  'NOT_EXCHANGE_PROFILE' | 'SIGNATURE_INVALID' | 'SIGNATURE_TOO_LARGE' | 'GAP_NOT_EMPTY_PLACEHOLDER';

/**
 * True when `signature` is over this prepared file by this certificate's key. To be asked before a
 * timestamp is fetched: a token for a wrong signature is waste.
 */
export async function isSignatureOver(
  prepared: Uint8Array,
  certificateDer: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const dictionary = lastSignature(prepared);
  if (!dictionary?.byteRange) return false;
  const certificate = readCertificate(certificateDer);
  if (certificate.publicKey.kind === 'unsupported') return false;
  const digest = await sha256(coveredBytes(prepared, dictionary.byteRange));
  const attributes = await signedAttributes(digest, certificateDer);
  return verifySignature(certificate.publicKey, certificate.publicKey.kind, signature, attributes);
}

/** Verifies before it embeds: a wrong signature never becomes a revision. */
export async function completeSignature(
  input: CompleteInput,
): Promise<{ ok: true; bytes: Uint8Array; cms: Uint8Array } | Refusal<CompleteCode>> {
  const dictionary = lastSignature(input.prepared);
  if (!dictionary?.byteRange)
    return refuse('NOT_EXCHANGE_PROFILE', 'the file does not end in a prepared signature');
  if (!(await isSignatureOver(input.prepared, input.certificate, input.signature))) {
    return refuse('SIGNATURE_INVALID', 'the signature does not fit the certificate and the document');
  }
  const { certificate, chain, signature, token } = input;
  const digest = await sha256(coveredBytes(input.prepared, dictionary.byteRange));
  const cms = await assembleCms({ digest, certificate, chain, signature, token });
  const embedded = embedCms(input.prepared, dictionary.byteRange, cms);
  return embedded.ok ? { ...embedded, cms } : embedded;
}

/** The dictionary in the last revision, if it covers the whole file but its own place. */
function lastSignature(prepared: Uint8Array): SignatureDictionary | undefined {
  let file: PdfFile;
  try {
    file = readPdf(prepared);
  } catch {
    return undefined;
  }
  const last = file.revisions.at(-1)!;
  const object = [...last.objects.values()].find(isSignatureDictionary);
  const dictionary = object && readSignatureDictionary(object);
  return dictionary && coversWholeRevision(dictionary, last.end) ? dictionary : undefined;
}
