import * as esign from '@seam/esign';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StoredKey } from './key-store.ts';
import type { UsableKey } from './my-keys.ts';
import { openDocument, type OpenDocument } from './open.ts';
import { challengeOf, signContract, type SignDeps, type SignInput } from './sign.ts';
import type { Question } from './webauthn.ts';
import { CONTRACT_ID, issued, prepare, smallExchange } from './testing/small-exchange.ts';

const NOW = Date.UTC(2026, 10, 23);
const PASSPHRASE = 'four unrelated words here';
type Exchange = Awaited<ReturnType<typeof smallExchange>>;

let exchange: Exchange;
let original: Exchange['state']['file'];
let envelope: esign.KeyEnvelope;
let key: UsableKey;

async function keyOf(side: 'seller' | 'buyer'): Promise<UsableKey> {
  const certificate = await exchange.certificateFor(side, esign.fromBase64(envelope.spki));
  const { spkiSha256, deviceLabel } = certificate;
  const stored: StoredKey = {
    personId: 'p',
    spkiSha256,
    deviceLabel,
    createdAt: '',
    envelope: JSON.stringify(envelope),
    csr: null,
  };
  return { spkiSha256, deviceLabel, state: 'valid', createdAt: '', stored, request: null, certificate };
}

beforeAll(async () => {
  exchange = await smallExchange(NOW);
  original = exchange.state.file;
  const made = await esign.createKey({ passphrase: PASSPHRASE, claimedSubject: { commonName: 'x' } });
  if (!made.ok) throw new Error(made.code);
  ({ envelope } = made);
});
beforeEach(async () => {
  exchange.overrides.clear();
  Object.assign(exchange.state, { file: original, field: 'sig_seller', calls: [] });
  key = await keyOf('seller');
});

async function read(mine: 'seller' | 'buyer' = 'seller'): Promise<OpenDocument> {
  const opened = await openDocument(esign, exchange.fetch, await exchange.contract(mine), NOW);
  if (!opened.ok) throw new Error(opened.problem.code);
  return opened.document;
}

const noPasskey: SignDeps['askPasskey'] = async () => ({ ok: false, code: 'PASSKEY_CANCELLED' });

const sign = async (
  document: OpenDocument,
  change: Partial<SignInput> = {},
  askPasskey: SignDeps['askPasskey'] = noPasskey,
) => {
  const deps = { esign, fetch: exchange.fetch, askPasskey, codeSha256: async () => undefined };
  return signContract(deps, {
    contractId: CONTRACT_ID,
    document,
    key,
    opener: { by: 'passphrase', passphrase: PASSPHRASE },
    proof: 'password',
    field: 'sig_seller',
    ...change,
  });
};

describe('reading a contract before signing', () => {
  it('passes when file, terms and form are as the page shows them', async () => {
    expect(await read()).toMatchObject({ passed: ['unchanged', 'terms', 'signatures'], failed: [] });
  });

  it('fails when the file is not the one on record', async () => {
    const contract = await exchange.contract('seller');
    exchange.state.file = await issued('Another contract');
    const opened = await openDocument(esign, exchange.fetch, contract, NOW);
    expect(opened).toMatchObject({ document: { failed: [{ check: 'unchanged' }] } });
  });

  it('fails when the terms on the page are not those in the file', async () => {
    const contract = { ...(await exchange.contract('seller')), terms: '{"price":"1.00"}' };
    const opened = await openDocument(esign, exchange.fetch, contract, NOW);
    expect(opened).toMatchObject({ document: { failed: [{ check: 'terms' }] } });
  });

  it('fails for a buyer while the seller’s signature is missing', async () => {
    const { failed } = await read('buyer');
    expect(failed).toEqual([{ check: 'signatures', detail: expect.stringContaining('SIGNATURE_MISSING') }]);
  });

  it('fails for a buyer when the document was changed under the seller’s signature', async () => {
    await sign(await read());
    const file = exchange.state.file.slice();
    file[file.length - 60]! ^= 1;
    exchange.state.file = file;
    expect((await read('buyer')).failed).toMatchObject([{ check: 'signatures' }]);
  });
});

describe('signing a contract', () => {
  it('hands in a signature that verifies, and the buyer finds it good', async () => {
    expect(await sign(await read())).toMatchObject({ ok: true });
    expect((await read('buyer')).failed).toEqual([]);
  });

  it('asks the exchange for nothing when the passphrase is wrong', async () => {
    const document = await read();
    exchange.state.calls = [];
    expect(await sign(document, { opener: { by: 'passphrase', passphrase: 'not the right words' } })).toEqual(
      {
        ok: false,
        refused: 'key',
        code: 'WRONG_PASSPHRASE',
      },
    );
    expect(exchange.state.calls).toEqual([]);
  });

  const dishonest = async (bytes: () => Promise<Uint8Array>) => {
    const document = await read();
    exchange.overrides.set('s1/document', async () => ({ bytes: await bytes() }));
    const signed = await sign(document);
    expect(exchange.state.calls.filter((call) => call.endsWith('/signature'))).toEqual([]);
    return signed;
  };

  it('signs nothing when the prepared file is another contract', async () => {
    const signed = await dishonest(async () => prepare(await issued('Another'), 'sig_seller'));
    expect(signed).toMatchObject({ refused: 'check', code: 'APPROVED_REVISION_CHANGED' });
  });

  it('signs nothing when the prepared file adds more than a place for the signature', async () => {
    const signed = await dishonest(async () => {
      const file = exchange.state.prepared!;
      return new Uint8Array([...file, ...file.subarray(-40)]);
    });
    expect(signed).toMatchObject({ refused: 'check', code: 'UNEXPECTED_CHANGE_IN_INCREMENT' });
  });

  it('signs nothing for the place of the other party, whatever the session says', async () => {
    await sign(await read());
    exchange.state.field = 'sig_buyer';
    expect(await sign(await read())).toMatchObject({ refused: 'check', code: 'WRONG_FIELD' });
  });

  it('signs nothing with a certificate of another key', async () => {
    const other = await esign.createKey({ passphrase: PASSPHRASE, claimedSubject: { commonName: 'y' } });
    if (!other.ok) throw new Error(other.code);
    const certificate = await exchange.certificateFor('seller', esign.fromBase64(other.envelope.spki));
    const signed = await sign(await read(), { key: { ...key, certificate } });
    expect(signed).toMatchObject({ refused: 'check', code: 'CERT_NOT_FOR_THIS_KEY' });
  });

  it('gives the exchange’s own refusal as it is', async () => {
    const document = await read();
    exchange.overrides.set('signing-sessions', () => ({
      status: 409,
      json: { code: 'contract.not_your_turn', title: 'Not your turn' },
    }));
    expect(await sign(document)).toMatchObject({
      refused: 'problem',
      problem: { code: 'contract.not_your_turn', status: 409 },
    });
  });

  it('gives what is kept until its timestamp comes as kept, not as refused', async () => {
    const document = await read();
    exchange.overrides.set('/signature', () => ({
      status: 503,
      json: { code: 'contract.timestamp_unavailable', title: 'later' },
    }));
    expect(await sign(document)).toEqual({ ok: false, refused: 'waiting' });
  });
});

describe('signing with a passkey', () => {
  const prf = new Uint8Array(32).fill(7);
  const passkey = { credentialId: new TextEncoder().encode('passkey'), salt: prf, prf };
  const assertion = {
    credentialId: 'cGFzc2tleQ',
    clientDataJson: 'c',
    authenticatorData: 'a',
    signature: 's',
  };
  let asked: Question[];
  const answering =
    (answer: Uint8Array<ArrayBuffer> | undefined): SignDeps['askPasskey'] =>
    async (question) => {
      asked.push(question);
      return { ok: true, assertion, prf: answer };
    };
  const byPasskey = { opener: { by: 'passkey' }, proof: 'passkey' } as const;

  beforeEach(async () => {
    asked = [];
    exchange.state.passkey = undefined;
    const made = await esign.createPasskeyKey({ passkey, claimedSubject: { commonName: 'x' } });
    if (!made.ok) throw new Error(made.code);
    const certificate = await exchange.certificateFor('seller', esign.fromBase64(made.envelope.spki));
    const stored = { ...key.stored, envelope: JSON.stringify(made.envelope) };
    key = { ...key, stored, certificate, spkiSha256: certificate.spkiSha256 };
  });

  it('opens the key and proves the person with one touch, bound to session, document and certificate', async () => {
    const document = await read();
    expect(await sign(document, byPasskey, answering(prf))).toMatchObject({ ok: true });
    const prepared = exchange.state.prepared!;
    const checked = await esign.checkIncrement({
      prepared,
      approved: { sha256: document.sha256, length: document.bytes.length },
      field: 'sig_seller',
      certificate: esign.fromBase64(key.certificate.certificate),
      spki: esign.fromBase64((JSON.parse(key.stored.envelope) as { spki: string }).spki),
    });
    if (!checked.ok) throw new Error(checked.code);
    const certificate = esign.fromBase64(key.certificate.certificate);
    const challenge = await challengeOf(esign, 's1', checked.digest, certificate);
    expect(asked).toEqual([{ challenge, rpId: 'seam.test', credentialIds: ['cGFzc2tleQ'], salt: prf }]);
    expect(exchange.state.passkey).toEqual(assertion);
  });

  it('asks the passkey for nothing when the prepared file is not what was read', async () => {
    const document = await read();
    const other = await prepare(await issued('Another'), 'sig_seller');
    exchange.overrides.set('s1/document', async () => ({ bytes: other }));
    const signed = await sign(document, byPasskey, answering(prf));
    expect(signed).toMatchObject({ refused: 'check', code: 'APPROVED_REVISION_CHANGED' });
    expect(asked).toEqual([]);
  });

  it('says so when the passkey is another, cannot seal, or was not touched', async () => {
    const document = await read();
    const wrong = new Uint8Array(32).fill(8);
    const tries = [
      [answering(wrong), 'WRONG_PASSKEY'],
      [answering(undefined), 'PASSKEY_NO_PRF'],
      [noPasskey, 'PASSKEY_CANCELLED'],
    ] as const;
    for (const [answer, code] of tries)
      expect(await sign(document, byPasskey, answer)).toEqual({ ok: false, refused: 'key', code });
    expect(exchange.state.passkey).toBeUndefined();
  });
});
