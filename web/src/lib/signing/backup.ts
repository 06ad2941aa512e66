/** The backup of a key: its sealed envelope with whose it is. Worthless without the passphrase. */
import type { Esign } from './crypto.ts';
import type { StoredKey } from './key-store.ts';

const KIND = 'seam-signing-key';

export type BackupCode = 'BACKUP_UNREADABLE' | 'BACKUP_OF_ANOTHER_PERSON';

/** Undefined for a key that only a passkey opens: a backup must open without it. */
export function writeBackup(
  key: StoredKey,
  esign: Pick<Esign, 'parseEnvelope' | 'passphraseEnvelope'>,
): { name: string; text: string } | undefined {
  const parsed = esign.parseEnvelope(key.envelope);
  const envelope = parsed.ok ? esign.passphraseEnvelope(parsed.envelope) : undefined;
  if (!envelope) return undefined;
  const { personId, spkiSha256, deviceLabel, createdAt } = key;
  const content = { kind: KIND, version: 1, personId, spkiSha256, deviceLabel, createdAt };
  const label = deviceLabel.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return {
    name: `seam-key-${label || 'device'}-${spkiSha256.slice(0, 8)}.json`,
    text: `${JSON.stringify({ ...content, envelope }, null, 2)}\n`,
  };
}

/** Reads a backup of this person. The fingerprint is taken from the key itself, not from what the file says. */
export async function readBackup(
  text: string,
  personId: string,
  esign: Pick<Esign, 'parseEnvelope' | 'spkiSha256' | 'fromBase64'>,
): Promise<{ ok: true; key: StoredKey } | { ok: false; code: BackupCode }> {
  const fields = parse(text);
  if (fields?.['kind'] !== KIND || fields['version'] !== 1) return { ok: false, code: 'BACKUP_UNREADABLE' };
  const parsed = esign.parseEnvelope(JSON.stringify(fields['envelope']));
  if (!parsed.ok) return { ok: false, code: 'BACKUP_UNREADABLE' };
  if (fields['personId'] !== personId) return { ok: false, code: 'BACKUP_OF_ANOTHER_PERSON' };
  const { deviceLabel, createdAt } = fields;
  return {
    ok: true,
    key: {
      personId,
      spkiSha256: await esign.spkiSha256(esign.fromBase64(parsed.envelope.spki)),
      deviceLabel: typeof deviceLabel === 'string' ? deviceLabel.slice(0, 80) : '',
      createdAt: typeof createdAt === 'string' ? createdAt : '',
      envelope: JSON.stringify(parsed.envelope),
      csr: null,
    },
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
