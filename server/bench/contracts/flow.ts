/** One contract from its terms to B-LTA, with the mathematics of either side and everything else the same. */
import {
  type FontSet,
  type Issuer,
  SIGNATURE_FIELDS,
  addDocumentTimestamp,
  addDss,
  assembleCms,
  completeSignature,
  createOcspResponse,
  createTimestampToken,
  embedCms,
  ocspCertId,
  prepareSignature,
  renderContract,
  sha256,
  signedAttributes,
} from '@seam/esign';
import { coveredBytes } from '../../../packages/esign/src/pdf/signature-dictionary.ts';
import { forgeSha256, forgeVerify } from '../../../packages/esign/src/testing/forge-maths.ts';
import { DAY, newSerial } from '../../../packages/esign/src/testing/pki.ts';
import { sampleContract } from '../../../packages/esign/src/testing/sample-contract.ts';
import { must } from '../../../packages/esign/src/testing/signing.ts';
import type { People, Person } from './people.ts';

export type Maths = 'native' | 'forge';

const REASON = '签署合同 SEAM-2026-000318 / signs contract SEAM-2026-000318';

export async function signedContract(
  people: People,
  fonts: FontSet,
  number: number,
  maths: Maths,
): Promise<Uint8Array> {
  let bytes = must(await renderContract(contractOf(fonts, number))).bytes;
  for (const [index, field] of SIGNATURE_FIELDS.entries()) {
    const { certificate } = people.signers[index]![maths];
    const appearance = {
      role: '卖方 Seller',
      name: '张伟',
      organization: '大同晋北煤业有限公司',
      font: fonts.regular,
    };
    const prepared = must(
      await prepareSignature({ bytes, field, appearance, reason: REASON, time: people.now }),
    );
    const sign = maths === 'native' ? signNative : signByForge;
    bytes = await sign(prepared, people, people.signers[index]![maths], certificate);
  }
  const store = {
    certificates: [people.issuing],
    ocspResponses: await answers(people, maths),
    crls: [people.rootList],
  };
  return addDocumentTimestamp(addDss(bytes, store), (imprint) => token(people, imprint, maths));
}

type Prepared = Extract<Awaited<ReturnType<typeof prepareSignature>>, { ok: true }>;

async function signNative(prepared: Prepared, people: People, by: Issuer, certificate: Uint8Array) {
  const signature = await by.signer.sign(await signedAttributes(prepared.digest, certificate));
  const stamp = await token(people, await sha256(signature), 'native');
  const input = { prepared: prepared.bytes, certificate, chain: [people.issuing], signature, token: stamp };
  return must(await completeSignature(input)).bytes;
}

/** The same steps: hash the document, sign the attributes, verify, stamp, embed. */
async function signByForge(prepared: Prepared, people: People, by: Issuer, certificate: Uint8Array) {
  const digest = forgeSha256(coveredBytes(prepared.bytes, prepared.byteRange));
  const attributes = await signedAttributes(digest, certificate);
  const signature = await by.signer.sign(attributes);
  if (!forgeVerify(by.signer.spki, signature, attributes))
    throw new Error('forge does not verify what it signed');
  const stamp = await token(people, forgeSha256(signature), 'forge');
  const cms = await assembleCms({ digest, certificate, chain: [people.issuing], signature, token: stamp });
  return must(embedCms(prepared.bytes, prepared.byteRange, cms)).bytes;
}

function token(people: People, imprint: Uint8Array, maths: Maths): Promise<Uint8Array> {
  return createTimestampToken({
    authority: people.tsa[maths],
    chain: [people.issuing],
    imprint,
    time: people.now,
    serial: newSerial(),
    policy: '1.3.6.1.4.1.99999.1',
  });
}

async function answers(people: People, maths: Maths): Promise<Uint8Array[]> {
  const about: readonly Person[] = [...people.signers, people.tsa];
  const ders: Uint8Array[] = [];
  for (const { native } of about) {
    const certId = await ocspCertId(native.certificate, people.issuing);
    ders.push(
      await createOcspResponse({
        responder: people.responder[maths],
        issuer: people.issuing,
        answers: [{ certId, status: 'good' }],
        producedAt: people.now,
        thisUpdate: people.now,
        nextUpdate: people.now + DAY,
      }),
    );
  }
  return ders;
}

/** Every contract has other companies in it, so that no font cut for one serves the next. */
function contractOf(fonts: FontSet, number: number) {
  const sample = sampleContract(fonts, { contractId: `SEAM-2026-${String(number).padStart(6, '0')}` });
  const { seller, buyer } = sample.parties;
  const named = (party: typeof seller, step: number) => ({
    ...party,
    name: { ...party.name, zh: `${ideographs(number * step, 3)}${party.name.zh}` },
  });
  return { ...sample, parties: { ...sample.parties, seller: named(seller, 7), buyer: named(buyer, 11) } };
}

/** From the most used four thousand of GB 2312 rows 16 to 55, in an order that does not repeat soon. */
function ideographs(seed: number, count: number): string {
  const decoder = new TextDecoder('gbk');
  return Array.from({ length: count }, (_, index) => {
    const place = (seed * 613 + index * 1999) % 3700;
    return decoder.decode(Uint8Array.of(0xb0 + Math.floor(place / 94), 0xa1 + (place % 94)));
  }).join('');
}
