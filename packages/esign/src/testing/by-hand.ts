/** Signs with a CMS made by other means than the profile's, for tests of what must not pass. */
import type { Issuer } from '../ca/authority.ts';
import { assembleCms, signedData, signerInfo } from '../cms/assemble.ts';
import { attributesFor, signedAttributes } from '../cms/attributes.ts';
import { OID } from '../der/oids.ts';
import { oid, seq, tlv } from '../der/writer.ts';
import { embedCms } from '../pdf/place.ts';
import type { SignatureField } from '../pdf/profile.ts';
import type { FontSet } from '../render/font.ts';
import { readCertificate } from '../x509/certificate.ts';
import type { Pki } from './pki.ts';
import { must, prepare } from './signing.ts';

/** What `build` returns for the document's digest becomes the CMS of the field. */
export async function signWith(
  bytes: Uint8Array,
  field: SignatureField,
  signer: Issuer,
  context: { pki: Pki; fonts: FontSet },
  build: (digest: Uint8Array) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const prepared = await prepare(bytes, field, signer, context.fonts, context.pki.now);
  return must(embedCms(prepared.bytes, prepared.byteRange, await build(prepared.digest))).bytes;
}

/** The profile's CMS, its signature stamped by whatever `stamp` gives. */
export async function cmsOf(
  { signer, certificate }: Issuer,
  digest: Uint8Array,
  chain: readonly Uint8Array[],
  stamp?: (signature: Uint8Array) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const signature = await signer.sign(await signedAttributes(digest, certificate));
  return assembleCms({ digest, certificate, chain, signature, token: await stamp?.(signature) });
}

/** A CMS with other signed attributes: those that the profile gives to `names`, filtered. */
export async function cmsNaming(
  by: Issuer,
  digest: Uint8Array,
  chain: readonly Uint8Array[],
  names: Uint8Array,
  keep: (attribute: Uint8Array) => boolean = () => true,
): Promise<Uint8Array> {
  const attributes = (await attributesFor(OID.data, digest, readCertificate(names))).filter(keep);
  const signature = await by.signer.sign(tlv(0x31, ...attributes));
  return signedData({
    version: 1,
    content: seq(oid(OID.data)),
    certificates: [by.certificate, ...chain],
    signer: signerInfo(readCertificate(by.certificate), attributes, signature, []),
  });
}
