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

describe('the backup of a key', () => {
  it('gives the same key back, which opens with its passphrase', async () => {
    const backup = await readBackup(writeBackup(key).text, 'person', esign);
    expect(backup).toEqual({ ok: true, key: { ...key, csr: null } });
    if (!backup.ok) return;
    const parsed = esign.parseEnvelope(backup.key.envelope);
    expect(parsed.ok && (await esign.unlockKey(parsed.envelope, PASSPHRASE)).ok).toBe(true);
  });

  it('holds the key only sealed, under a name that any system takes', () => {
    const { name, text } = writeBackup(key);
    expect(name).toMatch(/^seam-key-办公室-laptop-1-[0-9a-f]{8}\.json$/);
    expect(Object.keys((JSON.parse(text) as { envelope: object }).envelope)).toContain('wrapped');
    expect(text).not.toContain(PASSPHRASE);
  });

  it('is refused for another person', async () => {
    expect(await readBackup(writeBackup(key).text, 'somebody', esign)).toEqual({
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
    const text = writeBackup(key).text.replace(key.spkiSha256, 'f'.repeat(64));
    expect(await readBackup(text, 'person', esign)).toMatchObject({ key: { spkiSha256: key.spkiSha256 } });
  });
});
