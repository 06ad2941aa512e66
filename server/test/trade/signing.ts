/** A signatory with a key of its own: the steps of the signing page, made without the page. */
import { certificateRoutes, contractRoutes, stepUpRoutes } from '@seam/protocol';
import {
  type KeyEnvelope,
  createKey,
  fromBase64,
  readCertificate,
  sha256,
  signPrepared,
  toBase64,
  toHex,
  unlockKey,
} from '@seam/esign';
import { DEMO_PASSWORD } from '../../src/demo/companies.ts';
import type { Party } from './party.ts';

const PASSPHRASE = 'eight rivers run to the sea';

export type Signatory = {
  readonly envelope: KeyEnvelope;
  readonly serial: string;
  readonly certificate: string;
};

/** Makes a key, asks for its certificate, and has two of staff stand behind it. */
export async function certifyKey(who: Party, staff: readonly [Party, Party]): Promise<Signatory> {
  const made = await createKey({
    passphrase: PASSPHRASE,
    claimedSubject: { country: 'ZZ', organization: 'Whoever', commonName: 'Mallory' },
  });
  if (!made.ok) throw new Error(made.code);
  const csr = toBase64(made.csr);
  const asked = await who.must(certificateRoutes.requestCertificate, { body: { csr, deviceLabel: 'Test' } });
  for (const [index, decision] of (['approve', 'issue'] as const).entries()) {
    await staff[index]!.must(certificateRoutes.decideCertificateRequest, {
      params: { id: asked.id },
      body: { decision },
    });
  }
  const { certificates } = await who.must(certificateRoutes.myCertificates);
  const issued = certificates.find((one) => one.spkiSha256 === asked.spkiSha256);
  if (!issued) throw new Error('the issued certificate is not listed');
  return { envelope: made.envelope, serial: issued.serial, certificate: issued.certificate };
}

/** Reads, checks and signs, but does not hand in. @param key whose key signs, if not the signatory's own. */
export async function signature(
  who: Party,
  signatory: Signatory,
  contractId: string,
  key: Signatory = signatory,
): Promise<{ sessionId: string; signature: string }> {
  const approved = await who.must(contractRoutes.contractDocument, { params: { id: contractId } });
  // A login of an hour ago does not sign: the person is asked again.
  await who.must(stepUpRoutes.stepUp, { body: { password: DEMO_PASSWORD } });
  const session = await who.must(contractRoutes.openSigning, {
    params: { id: contractId },
    body: { certificateSerial: signatory.serial },
  });
  const prepared = await who.must(contractRoutes.signingDocument, { params: { id: session.id } });
  const unlocked = await unlockKey(key.envelope, PASSPHRASE);
  if (!unlocked.ok) throw new Error(unlocked.code);
  const { publicKey } = readCertificate(fromBase64(key.certificate));
  if (publicKey.kind === 'unsupported') throw new Error('unsupported key');
  const signed = await signPrepared({
    prepared,
    approved: { sha256: toHex(await sha256(approved)), length: approved.length },
    field: session.field,
    certificate: fromBase64(key.certificate),
    spki: publicKey.spki,
    key: unlocked.key,
  });
  if (!signed.ok) throw new Error(`${signed.code}: ${signed.detail}`);
  return { sessionId: session.id, signature: toBase64(signed.signature) };
}

export async function signContract(who: Party, signatory: Signatory, contractId: string): Promise<void> {
  const made = await signature(who, signatory, contractId);
  await who.must(contractRoutes.completeSigning, {
    params: { id: made.sessionId },
    body: { signature: made.signature },
  });
}
