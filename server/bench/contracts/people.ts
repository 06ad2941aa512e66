/** Everybody a contract needs, with RSA-3072 keys: the only kind that both sides can sign with. */
import {
  type CertifiedSubject,
  type CertificateRole,
  type Issuer,
  createCrl,
  createRoot,
  generatePrivateKey,
  issueCertificate,
  issueIssuingCa,
  signerFromPkcs8,
} from '@seam/esign';
import { forgeSigner } from '../../../packages/esign/src/testing/forge-maths.ts';
import { BUYER, CENTRE, DAY, SELLER, newSerial } from '../../../packages/esign/src/testing/pki.ts';

/** The same certificate with the same key, in the hands of either side. */
export type Person = { readonly native: Issuer; readonly forge: Issuer };

export type People = {
  readonly root: Uint8Array;
  readonly issuing: Uint8Array;
  readonly rootList: Uint8Array;
  readonly now: number;
  readonly signers: readonly Person[];
  readonly tsa: Person;
  readonly responder: Person;
};

export async function createPeople(now: number): Promise<People> {
  const validity = () => ({ serial: newSerial(), notBefore: now - DAY, notAfter: now + 365 * DAY });
  const rootKey = signerFromPkcs8(await generatePrivateKey('rsa-4096'));
  const issuingKey = signerFromPkcs8(await generatePrivateKey('rsa-3072'));
  const root = await createRoot({ signer: rootKey, subject: { commonName: 'Root' }, ...validity() });
  const rootIssuer = { certificate: root, signer: rootKey };
  const subject = { commonName: 'Issuing' };
  const issuing = await issueIssuingCa({ issuer: rootIssuer, subject, spki: issuingKey.spki, ...validity() });
  const issuer = { certificate: issuing, signer: issuingKey };
  const certify = async (who: CertifiedSubject, role: CertificateRole): Promise<Person> => {
    const pkcs8 = await generatePrivateKey('rsa-3072');
    const signer = signerFromPkcs8(pkcs8);
    const certificate = await issueCertificate({
      issuer,
      subject: who,
      spki: signer.spki,
      role,
      ...validity(),
    });
    return {
      native: { certificate, signer },
      forge: { certificate, signer: forgeSigner(pkcs8, signer.spki) },
    };
  };
  const times = { number: 1, thisUpdate: now, nextUpdate: now + DAY, revoked: [] };
  return {
    root,
    issuing,
    rootList: await createCrl({ issuer: rootIssuer, ...times }),
    now,
    signers: [await certify(SELLER, 'party'), await certify(BUYER, 'party'), await certify(CENTRE, 'centre')],
    tsa: await certify(CENTRE, 'tsa'),
    responder: await certify(CENTRE, 'ocsp'),
  };
}
