/** Root certificates that a verification trusts: the exchange's own, and those that a person adds from files. */
import type { Esign } from './crypto.ts';

export type Root = {
  readonly der: Uint8Array<ArrayBuffer>;
  /** Lower-case hex: to be compared with what one was given by another way. */
  readonly sha256: string;
  readonly name: string;
  /** RFC 3339. */
  readonly notAfter: string;
  /** Name of the file that it was read from; null for the exchange's own. */
  readonly file: string | null;
};

export type RootCode = 'ROOT_UNREADABLE' | 'ROOT_NOT_AN_AUTHORITY';
type Reader = Pick<Esign, 'readCertificate' | 'sha256' | 'toHex' | 'fromBase64'>;

/** One certificate in DER, or one or more in PEM. What is no authority's certificate is refused. */
export async function readRoots(
  esign: Reader,
  bytes: Uint8Array,
  file: string | null,
): Promise<{ ok: true; roots: readonly Root[] } | { ok: false; code: RootCode }> {
  try {
    const roots = await Promise.all(certificates(esign, bytes).map(async (der) => root(esign, der, file)));
    if (roots.length === 0) return { ok: false, code: 'ROOT_UNREADABLE' };
    return roots.every((one) => one !== undefined)
      ? { ok: true, roots }
      : { ok: false, code: 'ROOT_NOT_AN_AUTHORITY' };
  } catch {
    return { ok: false, code: 'ROOT_UNREADABLE' };
  }
}

async function root(
  esign: Reader,
  der: Uint8Array<ArrayBuffer>,
  file: string | null,
): Promise<Root | undefined> {
  const { isCa, commonName, notAfter } = esign.readCertificate(der);
  if (!isCa) return undefined;
  const sha256 = esign.toHex(await esign.sha256(der));
  return { der, sha256, name: commonName, notAfter: new Date(notAfter).toISOString(), file };
}

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

function certificates(esign: Reader, bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const text = new TextDecoder('latin1').decode(bytes);
  if (!text.includes('-----BEGIN')) return [new Uint8Array(bytes)];
  return [...text.matchAll(PEM)].map(
    ([, base64]) => new Uint8Array(esign.fromBase64(base64!.replaceAll(/\s/g, ''))),
  );
}
