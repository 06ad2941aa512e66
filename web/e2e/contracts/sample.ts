/** A contract at B-LTA, of an authority of its own, for pages that check contracts. */
import { loadFont } from '../../../packages/esign/src/node/load-font.ts';
import { signToLta } from '../../../packages/esign/src/testing/lta.ts';
import { CENTRE, createPki, newParty } from '../../../packages/esign/src/testing/pki.ts';
import { newCast } from '../../../packages/esign/src/testing/signing.ts';

export async function sampleContract() {
  const pki = await createPki();
  const responder = await newParty(pki, CENTRE, { role: 'ocsp' });
  const { blta, bt, revisions } = await signToLta(pki, await newCast(pki), responder, await loadFont());
  return { root: pki.root.certificate, blta, bt, bySeller: revisions[1] };
}
