import * as esign from '@seam/esign';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBackup, writeBackup } from './backup.ts';
import type { StoredKey } from './key-store.ts';

const PASSPHRASE = 'four unrelated words here';
let key: StoredKey;

beforeAll(async () => {
  const made = await esign.createKey({ passphrase: PASSPHRASE, claimedSubject: { commonName: 'x' } });
  if (!made.ok) throw new Error(made.code);
  key = {
    personId: 'person',
    spkiSha256: await esign.spkiSha256(esign.fromBase64(made.envelope.spki)),
    deviceLabel: '办公室 laptop/1',
    createdAt: '2026-11-23T00:00:00Z',
    envelope: JSON.stringify(made.envelope),
    csr: 'AA==',
  };
});

const written = (of: StoredKey): { name: string; text: string } => {
  const backup = writeBackup(of, esign);
  if (!backup) throw new Error('no backup');
  return backup;
};

describe('the backup of a key', () => {
  it('of a key that a passkey opens holds what its passphrase opens, or there is none', async () => {
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const passkey = { credentialId: secret, salt: secret, prf: secret };
    const make = async (recoveryPassphrase?: string) => {
      const made = await esign.createPasskeyKey({
        passkey,
        claimedSubject: { commonName: 'x' },
        ...(recoveryPassphrase ? { recoveryPassphrase } : {}),
      });
      if (!made.ok) throw new Error(made.code);
      return { ...key, envelope: JSON.stringify(made.envelope) };
    };
    expect(writeBackup(await make(), esign)).toBeUndefined();
    const backup = await readBackup(written(await make(PASSPHRASE)).text, 'person', esign);
    const parsed = backup.ok ? esign.parseEnvelope(backup.key.envelope) : undefined;
    expect(parsed?.ok && parsed.envelope.level).toBe('K1');
    expect(parsed?.ok && (await esign.unlockKey(parsed.envelope, PASSPHRASE)).ok).toBe(true);
  });

  it('gives the same key back, which opens with its passphrase', async () => {
    const backup = await readBackup(written(key).text, 'person', esign);
    expect(backup).toEqual({ ok: true, key: { ...key, csr: null } });
    if (!backup.ok) return;
    const parsed = esign.parseEnvelope(backup.key.envelope);
    expect(parsed.ok && (await esign.unlockKey(parsed.envelope, PASSPHRASE)).ok).toBe(true);
  });

  it('holds the key only sealed, under a name that any system takes', () => {
    const { name, text } = written(key);
    expect(name).toMatch(/^seam-key-办公室-laptop-1-[0-9a-f]{8}\.json$/);
    expect(Object.keys((JSON.parse(text) as { envelope: object }).envelope)).toContain('wrapped');
    expect(text).not.toContain(PASSPHRASE);
  });

  it('is refused for another person', async () => {
    expect(await readBackup(written(key).text, 'somebody', esign)).toEqual({
      ok: false,
      code: 'BACKUP_OF_ANOTHER_PERSON',
    });
  });

  it.each(['', '[]', 'null', '{"kind":"seam-signing-key","version":1}', '{"kind":"other"}'])(
    'is refused when it is none: %s',
    async (text) => {
      expect(await readBackup(text, 'person', esign)).toEqual({ ok: false, code: 'BACKUP_UNREADABLE' });
    },
  );

  it('takes the fingerprint from the key, not from what the file says', async () => {
    const text = written(key).text.replace(key.spkiSha256, 'f'.repeat(64));
    expect(await readBackup(text, 'person', esign)).toMatchObject({ key: { spkiSha256: key.spkiSha256 } });
  });
});
