/** Turns a prepared revision and a party's signature into a signed revision. */
import { assembleCms } from '../cms/assemble.ts';
import { signedAttributes } from '../cms/attributes.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { sha256, verifySignature } from '../x509/algorithms.ts';
import { readCertificate } from '../x509/certificate.ts';
import { type Place, embedCms } from './place.ts';
import type { PdfFile } from './file.ts';
import { readPdf } from './file.ts';
import {
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
  const place = await lastPlace(prepared);
  return place !== undefined && isSignatureOn(place, certificateDer, signature);
}

async function isSignatureOn(
  { digest }: Place,
  certificateDer: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const { publicKey } = readCertificate(certificateDer);
  if (publicKey.kind === 'unsupported') return false;
  const attributes = await signedAttributes(digest, certificateDer);
  return verifySignature(publicKey, publicKey.kind, signature, attributes);
}

/** Verifies before it embeds: a wrong signature never becomes a revision. */
export async function completeSignature(
  input: CompleteInput,
): Promise<{ ok: true; bytes: Uint8Array; cms: Uint8Array } | Refusal<CompleteCode>> {
  const place = await lastPlace(input.prepared);
  if (!place) return refuse('NOT_EXCHANGE_PROFILE', 'the file does not end in a prepared signature');
  if (!(await isSignatureOn(place, input.certificate, input.signature))) {
    return refuse('SIGNATURE_INVALID', 'the signature does not fit the certificate and the document');
  }
  const { certificate, chain, signature, token } = input;
  const cms = await assembleCms({ digest: place.digest, certificate, chain, signature, token });
  const embedded = embedCms(input.prepared, place.byteRange, cms);
  return embedded.ok ? { ...embedded, cms } : embedded;
}

/** The place in the last revision, if its range is the whole file but that place. */
async function lastPlace(prepared: Uint8Array): Promise<Place | undefined> {
  let file: PdfFile;
  try {
    file = readPdf(prepared);
  } catch {
    return undefined;
  }
  const last = file.revisions.at(-1)!;
  const object = [...last.objects.values()].find(isSignatureDictionary);
  const dictionary = object && readSignatureDictionary(object);
  if (!dictionary?.byteRange || !coversWholeRevision(dictionary, last.end)) return undefined;
  const { byteRange } = dictionary;
  return { byteRange, digest: await sha256(coveredBytes(prepared, byteRange)) };
}
