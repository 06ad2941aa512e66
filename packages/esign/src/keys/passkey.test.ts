import { beforeAll, describe, expect, it } from 'vitest';
import { must } from '../testing/signing.ts';
import { readPublicKey, signWithKey, verifySignature } from '../x509/algorithms.ts';
import { parseCsr } from '../x509/csr.ts';
import { createKey, createPasskeyKey } from './create.ts';
import { type PasskeyEnvelope, parseEnvelope, passphraseEnvelope } from './envelope.ts';
import { type Passkey, setRecoveryPassphrase, unlockWithPasskey } from './passkey.ts';
import { changePassphrase, unlockKey } from './passphrase.ts';

const PASSPHRASE = 'four unrelated words here';
const claimedSubject = { commonName: '张伟' };
const random = (): Uint8Array => crypto.getRandomValues(new Uint8Array(32));
const passkey: Passkey = { credentialId: random(), salt: random(), prf: random() };
let alone: PasskeyEnvelope;
let withWayBack: PasskeyEnvelope;
let csr: Uint8Array;

beforeAll(async () => {
  ({ envelope: alone, csr } = must(await createPasskeyKey({ passkey, claimedSubject })));
  ({ envelope: withWayBack } = must(
    await createPasskeyKey({ passkey, claimedSubject, recoveryPassphrase: PASSPHRASE }),
  ));
});

describe('a key that a passkey opens (K2)', () => {
  it.each(['p-256', 'rsa-3072'] as const)('%s signs once its passkey has answered', async (algorithm) => {
    const made = must(await createPasskeyKey({ algorithm, passkey, claimedSubject }));
    const { key, spki } = must(await unlockWithPasskey(made.envelope, passkey.prf));
    const message = new TextEncoder().encode('signed once');
    const signature = await signWithKey(key, message);
    const kind = algorithm === 'p-256' ? 'p256' : 'rsa';
    expect(await verifySignature(readPublicKey(spki), kind, signature, message)).toBe(true);
    expect(must(await parseCsr(made.csr)).spki).toEqual(spki);
  });

  it('S1 once unlocked cannot be exported', async () => {
    const { key } = must(await unlockWithPasskey(alone, passkey.prf));
    expect(key.usages).toEqual(['sign']);
    await expect(crypto.subtle.exportKey('pkcs8', key)).rejects.toThrow(
      expect.objectContaining({ name: 'InvalidAccessError' }),
    );
  });

  it('does not open with the answer of another passkey, nor with the salt of another question', async () => {
    expect(await unlockWithPasskey(alone, random())).toMatchObject({ code: 'WRONG_PASSKEY' });
    const other = { ...alone, salt: withWayBack.iv };
    expect(await unlockWithPasskey(other, passkey.prf)).toMatchObject({ code: 'WRONG_PASSKEY' });
  });

  it('does not open with the public key of another', async () => {
    const mixed = { ...alone, spki: withWayBack.spki };
    expect(await unlockWithPasskey(mixed, passkey.prf)).toMatchObject({ code: 'WRONG_PASSKEY' });
  });

  it('has no passphrase unless one was given', async () => {
    expect(await unlockKey(alone, PASSPHRASE)).toMatchObject({ code: 'NO_PASSPHRASE' });
    expect(passphraseEnvelope(alone)).toBeUndefined();
  });

  it('opens with its passphrase too, where it has one, and both give the same key', async () => {
    const byPassphrase = must(await unlockKey(withWayBack, PASSPHRASE));
    const byPasskey = must(await unlockWithPasskey(withWayBack, passkey.prf));
    expect(byPassphrase.spki).toEqual(byPasskey.spki);
    expect(await unlockKey(withWayBack, 'not the right words')).toMatchObject({ code: 'WRONG_PASSPHRASE' });
  });

  it('takes a passphrase later, from its passkey only, and keeps opening with it', async () => {
    expect(await setRecoveryPassphrase(alone, passkey.prf, 'short')).toMatchObject({
      code: 'WEAK_PASSPHRASE',
    });
    expect(await setRecoveryPassphrase(alone, random(), PASSPHRASE)).toMatchObject({ code: 'WRONG_PASSKEY' });
    const { envelope } = must(await setRecoveryPassphrase(alone, passkey.prf, PASSPHRASE));
    expect(await unlockKey(envelope, PASSPHRASE)).toMatchObject({ ok: true });
    expect(await unlockWithPasskey(envelope, passkey.prf)).toMatchObject({ ok: true });
    const changed = must(await changePassphrase(envelope, PASSPHRASE, 'another passphrase'));
    expect(await unlockKey(changed.envelope, PASSPHRASE)).toMatchObject({ code: 'WRONG_PASSPHRASE' });
    expect(await unlockKey(changed.envelope, 'another passphrase')).toMatchObject({ ok: true });
    expect(await unlockWithPasskey(changed.envelope, passkey.prf)).toMatchObject({ ok: true });
  });

  it('is backed up as what its passphrase opens, without the passkey', async () => {
    const backup = passphraseEnvelope(withWayBack)!;
    expect(backup.level).toBe('K1');
    expect(JSON.stringify(backup)).not.toContain(withWayBack.credentialId);
    const read = must(parseEnvelope(JSON.stringify(backup)));
    expect(must(await unlockKey(read.envelope, PASSPHRASE)).spki).toEqual(
      must(await unlockWithPasskey(withWayBack, passkey.prf)).spki,
    );
  });

  it('is read back from its JSON and from nothing less', () => {
    for (const envelope of [alone, withWayBack]) {
      expect(parseEnvelope(JSON.stringify(envelope))).toEqual({ ok: true, envelope });
    }
    for (const name of ['credentialId', 'salt', 'iv', 'wrapped', 'recovery']) {
      const text = JSON.stringify({ ...withWayBack, [name]: undefined });
      expect(parseEnvelope(text), name).toMatchObject({ ok: false, code: 'ENVELOPE_MALFORMED' });
    }
  });

  it('asks for a passphrase of at least 12 characters, where one is wanted', async () => {
    const answer = await createPasskeyKey({ passkey, claimedSubject, recoveryPassphrase: 'short' });
    expect(answer).toMatchObject({ code: 'WEAK_PASSPHRASE' });
    expect(must(await createKey({ passphrase: PASSPHRASE, claimedSubject })).envelope.level).toBe('K1');
    expect(must(await parseCsr(csr)).spki.length).toBeGreaterThan(80);
  });
});
