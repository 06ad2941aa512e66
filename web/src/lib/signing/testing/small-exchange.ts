/**
 * The signing part of an exchange, in memory and with real certificates and documents, behind `fetch`.
 * Tests make it dishonest by replacing what it answers.
 */
// The ambient types of a dependency of @seam/esign, which only its server part uses and no import can name.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="../../../../../packages/esign/src/render/subset-font.d.ts" />
import {
  type Issuer,
  completeSignature,
  createRoot,
  fromBase64,
  generatePrivateKey,
  issueCertificate,
  issueIssuingCa,
  loadFont,
  prepareSignature,
  renderContract,
  sha256,
  signerFromPkcs8,
  toBase64,
  toHex,
} from '@seam/esign';
import type { CertificateView } from '@seam/protocol';
import type { openDocument } from '../open.ts';

const DAY = 86_400_000;
const SELLER_ID = 'NTRCN-91140200MA0K3QYX7B';
const BUYER_ID = 'LEIXG-529900T8BM49AURSDO55';
const TERMS = '{"number":"SC-1","schema":"seam.contract.1"}';
export const CONTRACT_ID = '01a20653-34d2-7529-9509-640ca8fdc081';

type Bytes = Uint8Array<ArrayBuffer>;
type Answer = { status?: number; json?: unknown; bytes?: Uint8Array };

const newSerial = (): Uint8Array => crypto.getRandomValues(new Uint8Array(16));

export async function smallExchange(now: number) {
  const signer = async () => signerFromPkcs8(await generatePrivateKey('p-256'));
  const [rootKey, issuingKey] = [await signer(), await signer()];
  const name = (commonName: string) => ({ country: 'CN', organization: 'Seam', commonName });
  const validity = () => ({ serial: newSerial(), notBefore: now - DAY, notAfter: now + 365 * DAY });
  const root = await createRoot({ signer: rootKey, subject: name('Root'), ...validity() });
  const issuing: Issuer = {
    certificate: await issueIssuingCa({
      issuer: { certificate: root, signer: rootKey },
      subject: name('Issuing'),
      spki: issuingKey.spki,
      ...validity(),
    }),
    signer: issuingKey,
  };
  const certify = async (side: 'seller' | 'buyer', spki: Uint8Array) =>
    issueCertificate({
      issuer: issuing,
      subject: {
        country: 'CN',
        organization: side,
        organizationIdentifier: side === 'seller' ? SELLER_ID : BUYER_ID,
        person: `${side} person`,
      },
      spki,
      role: 'party',
      ...validity(),
    });
  const document = await issued();
  const overrides = new Map<string, (url: string) => Answer | Promise<Answer>>();
  const state = {
    file: document,
    prepared: undefined as Bytes | undefined,
    field: 'sig_seller',
    calls: [] as string[],
    /** What a passkey answered, as it was handed in. */
    passkey: undefined as object | undefined,
  };

  async function answer(method: string, url: string, body: string): Promise<Answer> {
    if (url.endsWith('root.cer')) return { bytes: root };
    if (url.endsWith('issuing.crl')) return { status: 503, json: { code: 'service.unavailable' } };
    if (method === 'POST' && url.endsWith('signing-sessions')) {
      state.prepared = await prepare(state.file, state.field as 'sig_seller');
      const { proof } = JSON.parse(body) as { proof: string };
      const passkey = { challenge: 'of-the-exchange', rpId: 'seam.test', credentialIds: ['cGFzc2tleQ'] };
      return {
        status: 201,
        json: { id: 's1', field: state.field, passkey: proof === 'passkey' ? passkey : null },
      };
    }
    if (url.endsWith('s1/document')) return { bytes: state.prepared! };
    if (url.endsWith('/document')) return { bytes: state.file };
    if (url.endsWith('/signature')) {
      const { signature, passkey } = JSON.parse(body) as { signature: string; passkey?: object };
      state.passkey = passkey;
      const completed = await completeSignature({
        prepared: state.prepared!,
        certificate: current.certificate,
        chain: [issuing.certificate],
        signature: fromBase64(signature),
      });
      if (!completed.ok) return { status: 422, json: { code: 'signature.invalid', title: completed.detail } };
      state.file = completed.bytes as Bytes;
      return { json: { id: CONTRACT_ID, state: 'seller_signed' } };
    }
    return { status: 404, json: { code: 'resource.not_found' } };
  }

  /** The certificate that signatures are embedded with. */
  const current = { certificate: new Uint8Array() as Uint8Array };

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = String(input);
    const method = init?.method ?? 'GET';
    state.calls.push(`${method} ${url}`);
    const override = [...overrides].find(([ending]) => url.endsWith(ending))?.[1];
    const given = override ? await override(url) : await answer(method, url, String(init?.body ?? ''));
    const content = given.bytes ? (given.bytes as BodyInit) : JSON.stringify(given.json ?? {});
    return new Response(content, { status: given.status ?? 200 });
  };

  return {
    fetch,
    state,
    overrides,
    /** Issues for the key and embeds with it from now on. */
    async certificateFor(side: 'seller' | 'buyer', spki: Uint8Array): Promise<CertificateView> {
      current.certificate = await certify(side, spki);
      return {
        serial: 'ab',
        deviceLabel: 'Laptop',
        personId: 'p',
        spkiSha256: toHex(await sha256(spki)),
        notBefore: '',
        notAfter: '',
        state: 'valid',
        expiresSoon: false,
        certificate: toBase64(current.certificate),
      };
    },
    /** As the page has it. */
    async contract(mine: 'seller' | 'buyer'): Promise<Parameters<typeof openDocument>[2]> {
      const revision = {
        n: 0,
        kind: 'issued',
        sha256: toHex(await sha256(state.file)),
        signedAt: null,
        signer: null,
        stampedAt: null,
        proof: null,
        certificateSerial: null,
      };
      return { id: CONTRACT_ID, terms: TERMS, revisions: [revision], mine, waitsFor: mine };
    },
    prepare,
  };
}

/** The file with room for one signature. */
export async function prepare(file: Uint8Array, field: 'sig_seller' | 'sig_buyer'): Promise<Bytes> {
  const prepared = await prepareSignature({
    bytes: file,
    field,
    appearance: { role: 'Role', name: 'Name', organization: 'Company', font: (await loadFont()).regular },
    reason: 'signs',
    time: Date.UTC(2026, 10, 23),
  });
  if (!prepared.ok) throw new Error(prepared.detail);
  return prepared.bytes as Bytes;
}

/** Another document has another title. */
export async function issued(title = 'Contract'): Promise<Bytes> {
  const party = (id: string) => ({
    name: { zh: '公司', en: 'Company' },
    organizationIdentifier: id,
    details: [],
  });
  const rendered = await renderContract({
    contractId: 'SC-1',
    title: { zh: '合同', en: title },
    subtitle: { zh: '一', en: 'one' },
    parties: { seller: party(SELLER_ID), buyer: party(BUYER_ID), centre: party('NTRCN-91110105MA01C8JH5T') },
    summary: [],
    clauses: [],
    termsJson: TERMS,
    verifyUrl: 'http://seam.test/verify',
    qr: [[true]],
    createdAt: Date.UTC(2026, 10, 22),
    fonts: await loadFont(),
  });
  if (!rendered.ok) throw new Error(rendered.detail);
  return rendered.bytes as Bytes;
}
