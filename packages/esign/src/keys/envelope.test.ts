import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../der/bytes.ts';
import { must } from '../testing/signing.ts';
import { Workspace, run } from '../testing/tools.ts';
import { readPublicKey, signWithKey, verifySignature } from '../x509/algorithms.ts';
import { parseCsr } from '../x509/csr.ts';
import { createKey } from './create.ts';
import { type PassphraseEnvelope, parseEnvelope } from './envelope.ts';
import { changePassphrase, unlockKey } from './passphrase.ts';

const PASSPHRASE = '煤炭 coal 2026 交易';
const message = new TextEncoder().encode('signed once');
let space: Workspace;
let envelope: PassphraseEnvelope;
let csr: Uint8Array;

beforeAll(async () => {
  space = await Workspace.create();
  ({ envelope, csr } = must(
    await createKey({ passphrase: PASSPHRASE, claimedSubject: { commonName: '张伟' } }),
  ));
});
afterAll(() => space.remove());

describe('a party’s key', () => {
  it.each(['p-256', 'rsa-3072'] as const)(
    '%s comes with a request that openssl verifies and a key that signs',
    async (algorithm) => {
      const made = must(
        await createKey({ algorithm, passphrase: PASSPHRASE, claimedSubject: { commonName: '张伟' } }),
      );
      const file = await space.write(`${algorithm}.der`, made.csr);
      const { output } = await run('openssl', ['req', '-inform', 'DER', '-in', file, '-verify', '-noout']);
      expect(output).toContain('self-signature verify OK');
      const { key, spki } = must(await unlockKey(made.envelope, PASSPHRASE));
      const kind = algorithm === 'p-256' ? 'p256' : 'rsa';
      expect(await verifySignature(readPublicKey(spki), kind, await signWithKey(key, message), message)).toBe(
        true,
      );
      expect(must(await parseCsr(made.csr)).spki).toEqual(spki);
    },
  );

  it('S1 once unlocked cannot be exported', async () => {
    const { key } = must(await unlockKey(envelope, PASSPHRASE));
    expect(key.extractable).toBe(false);
    expect(key.usages).toEqual(['sign']);
    await expect(crypto.subtle.exportKey('pkcs8', key)).rejects.toThrow(
      expect.objectContaining({ name: 'InvalidAccessError' }),
    );
  });

  it('S3 does not open with a wrong passphrase', async () => {
    expect(await unlockKey(envelope, `${PASSPHRASE}!`)).toMatchObject({
      ok: false,
      code: 'WRONG_PASSPHRASE',
    });
  });

  it('opens with the same passphrase composed otherwise', async () => {
    const composed = must(
      await createKey({ passphrase: 'café-au-lait-é', claimedSubject: { commonName: 'x' } }),
    );
    expect(await unlockKey(composed.envelope, 'café-au-lait-é'.normalize('NFD'))).toMatchObject({ ok: true });
  });

  it('is not made under fewer than 12 characters', async () => {
    const answer = await createKey({
      passphrase: '十一个字符的口令不够长',
      claimedSubject: { commonName: 'x' },
    });
    expect(answer).toMatchObject({ ok: false, code: 'WEAK_PASSPHRASE' });
    expect(await changePassphrase(envelope, PASSPHRASE, 'short')).toMatchObject({ code: 'WEAK_PASSPHRASE' });
  });

  it('changes its passphrase and stays the same key', async () => {
    const changed = must(await changePassphrase(envelope, PASSPHRASE, 'another passphrase'));
    expect(await unlockKey(changed.envelope, PASSPHRASE)).toMatchObject({ code: 'WRONG_PASSPHRASE' });
    const { key, spki } = must(await unlockKey(changed.envelope, 'another passphrase'));
    expect(spki).toEqual(must(await parseCsr(csr)).spki);
    expect(await verifySignature(readPublicKey(spki), 'p256', await signWithKey(key, message), message)).toBe(
      true,
    );
    expect(changed.envelope.salt).not.toBe(envelope.salt);
    expect(changed.envelope.iv).not.toBe(envelope.iv);
    expect(await changePassphrase(envelope, 'wrong passphrase', 'another passphrase')).toMatchObject({
      code: 'WRONG_PASSPHRASE',
    });
  });

  it('does not open with the public key of another', async () => {
    const other = must(await createKey({ passphrase: PASSPHRASE, claimedSubject: { commonName: 'x' } }));
    const mixed = { ...envelope, spki: other.envelope.spki };
    expect(await unlockKey(mixed, PASSPHRASE)).toMatchObject({ code: 'WRONG_PASSPHRASE' });
  });

  it('does not open by another derivation than its own', async () => {
    const answer = await unlockKey({ ...envelope, iterations: 1 }, PASSPHRASE);
    expect(answer).toMatchObject({ code: 'ENVELOPE_MALFORMED' });
  });

  it('is derived with 600,000 iterations and keeps no clear key', () => {
    expect(envelope.iterations).toBe(600_000);
    // A P-256 PKCS#8 begins with this; in the clear it would show.
    const clear = Buffer.from('308187020100301306072a8648ce3d0201', 'hex');
    expect(Buffer.from(fromBase64(envelope.wrapped)).includes(clear)).toBe(false);
  });

  it('is read back from its JSON and from nothing else', () => {
    expect(parseEnvelope(JSON.stringify(envelope))).toEqual({ ok: true, envelope });
    for (const text of [
      '',
      '{}',
      'null',
      JSON.stringify({ ...envelope, version: 2 }),
      JSON.stringify({ ...envelope, spki: toBase64(message) }),
    ]) {
      expect(parseEnvelope(text)).toMatchObject({ ok: false, code: 'ENVELOPE_MALFORMED' });
    }
  });
});
