/**
 * The same hashes and signatures as our verifier checks, by node-forge: less than a verification, since
 * nothing is judged but the mathematics.
 */
import { readCertificate } from '@seam/esign';
import { parseCms, messageDigest, single } from '../../../packages/esign/src/cms/parse.ts';
import { readTstInfo } from '../../../packages/esign/src/cms/tst-info.ts';
import { equalBytes } from '../../../packages/esign/src/der/bytes.ts';
import { OID } from '../../../packages/esign/src/der/oids.ts';
import { readDer } from '../../../packages/esign/src/der/reader.ts';
import { readPdf } from '../../../packages/esign/src/pdf/file.ts';
import { describeIncrement } from '../../../packages/esign/src/pdf/increment.ts';
import {
  coveredBytes,
  readSignatureDictionary,
} from '../../../packages/esign/src/pdf/signature-dictionary.ts';
import {
  basicResponse,
  forgeSha256,
  forgeVerify,
  signedParts,
} from '../../../packages/esign/src/testing/forge-maths.ts';
import type { People } from './people.ts';

type Cms = ReturnType<typeof parseCms>;

export function verifiedByForge(bytes: Uint8Array, people: People): boolean {
  const file = readPdf(bytes);
  const issuing = readCertificate(people.issuing).publicKey.spki;
  const root = readCertificate(people.root).publicKey.spki;
  const isIssued = (der: Uint8Array, spki: Uint8Array): boolean => {
    const { signed, signature } = signedParts(der);
    return forgeVerify(spki, signature, signed);
  };
  const isSigned = (cms: Cms): boolean =>
    forgeVerify(cms.signer!.publicKey.spki, cms.signature, cms.signedBytes) &&
    isIssued(cms.signer!.der, issuing) &&
    isIssued(people.issuing, root);
  const isToken = (token: Cms, imprint: Uint8Array): boolean =>
    equalBytes(readTstInfo(token).imprint, imprint) &&
    equalBytes(messageDigest(token)!, forgeSha256(token.content!)) &&
    isSigned(token);
  const isAnswer = (der: Uint8Array): boolean =>
    isIssued(basicResponse(der), readCertificate(people.responder.native.certificate).publicKey.spki);
  return file.revisions.every((revision, index) => {
    if (index === 0) return true;
    const increment = describeIncrement(file, index);
    if (increment.kind === 'store') {
      return (
        increment.store.ocspResponses.every(isAnswer) &&
        increment.store.crls.every((der) => isIssued(der, root))
      );
    }
    const object = [...revision.objects.values()].find(
      ({ value }) => value.type === 'dict' && value.entries.has('ByteRange'),
    );
    const { byteRange, contents } = readSignatureDictionary(object!);
    const digest = forgeSha256(coveredBytes(bytes, byteRange!));
    const cms = parseCms(readDer(contents!.bytes).raw);
    if (increment.kind === 'timestamp') return isToken(cms, digest);
    const token = parseCms(single(cms.unsigned, OID.signatureTimeStamp)!.raw);
    return (
      equalBytes(messageDigest(cms)!, digest) && isSigned(cms) && isToken(token, forgeSha256(cms.signature))
    );
  });
}
