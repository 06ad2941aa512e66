/** Signs contracts in tests, honestly by default. */
import type { Issuer } from '../ca/authority.ts';
import { createTimestampToken } from '../ca/timestamp.ts';
import { signedAttributes } from '../cms/attributes.ts';
import { completeSignature } from '../pdf/complete.ts';
import { prepareSignature } from '../pdf/prepare.ts';
import { SIGNATURE_FIELDS, type SignatureField } from '../pdf/profile.ts';
import { renderContract } from '../render/contract.ts';
import type { FontSet } from '../render/font.ts';
import { sha256 } from '../x509/algorithms.ts';
import { readCertificate } from '../x509/certificate.ts';
import { BUYER, CENTRE, type Pki, SELLER, newParty, newSerial } from './pki.ts';
import { sampleContract } from './sample-contract.ts';

export type Cast = Record<SignatureField, Issuer> & { readonly tsa: Issuer };

export async function newCast(pki: Pki): Promise<Cast> {
  return {
    sig_seller: await newParty(pki, SELLER),
    sig_buyer: await newParty(pki, BUYER),
    sig_centre: await newParty(pki, CENTRE, { role: 'centre' }),
    tsa: await newParty(pki, CENTRE, { role: 'tsa' }),
  };
}

/** The value of an answer that a test needs to be yes. */
export function must<T extends { readonly ok: boolean }>(answer: T): Extract<T, { readonly ok: true }> {
  if (!answer.ok) throw new Error(JSON.stringify(answer));
  return answer as Extract<T, { readonly ok: true }>;
}

const ROLES: Record<SignatureField, string> = {
  sig_seller: '卖方 Seller',
  sig_buyer: '买方 Buyer',
  sig_centre: '交易中心 Centre',
};

export async function prepare(
  bytes: Uint8Array,
  field: SignatureField,
  signer: Issuer,
  fonts: FontSet,
  time: number,
) {
  const { commonName, organization } = readCertificate(signer.certificate);
  const appearance = {
    role: ROLES[field],
    name: commonName,
    organization: organization ?? commonName,
    font: fonts.regular,
  };
  return must(
    await prepareSignature({ bytes, field, appearance, reason: '签署合同 Signing SEAM-2026-000318', time }),
  );
}

export async function sign(
  bytes: Uint8Array,
  field: SignatureField,
  signer: Issuer,
  context: { pki: Pki; fonts: FontSet; tsa?: Issuer; stampedAt?: number },
): Promise<Uint8Array> {
  const { pki, fonts, tsa } = context;
  const prepared = await prepare(bytes, field, signer, fonts, pki.now);
  const signature = await signer.signer.sign(await signedAttributes(prepared.digest, signer.certificate));
  const token = tsa && (await stamp(tsa, signature, pki, context.stampedAt ?? pki.now));
  const { certificate } = signer;
  const completed = await completeSignature({
    prepared: prepared.bytes,
    certificate,
    chain: pki.chain,
    signature,
    ...(token ? { token } : {}),
  });
  return must(completed).bytes;
}

export async function stamp(tsa: Issuer, signature: Uint8Array, pki: Pki, time: number): Promise<Uint8Array> {
  return createTimestampToken({
    authority: tsa,
    chain: pki.chain,
    imprint: await sha256(signature),
    time,
    serial: newSerial(),
    policy: '1.3.6.1.4.1.99999.1',
  });
}

/** All four revisions of a contract: unsigned, seller, buyer, centre. */
export async function signAll(
  pki: Pki,
  cast: Cast,
  fonts: FontSet,
  options: { stamped?: boolean; contract?: Parameters<typeof sampleContract>[1] } = {},
): Promise<[Uint8Array, Uint8Array, Uint8Array, Uint8Array]> {
  const revisions = [must(await renderContract(sampleContract(fonts, options.contract))).bytes];
  for (const field of SIGNATURE_FIELDS) {
    const tsa = options.stamped ? { tsa: cast.tsa } : {};
    revisions.push(await sign(revisions.at(-1)!, field, cast[field], { pki, fonts, ...tsa }));
  }
  return revisions as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
}
