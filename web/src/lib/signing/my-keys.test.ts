import type { CertificateRequestView, CertificateView } from '@seam/protocol';
import { describe, expect, it } from 'vitest';
import type { StoredKey } from './key-store.ts';
import { canSign, keysElsewhere, myKeys, obstacleOf } from './my-keys.ts';

const stored = (spkiSha256: string, createdAt = '2026-11-23T01:00:00Z'): StoredKey => ({
  personId: 'p',
  spkiSha256,
  deviceLabel: 'here',
  createdAt,
  envelope: '{}',
  csr: 'AA==',
});
const request = (
  spkiSha256: string,
  state: CertificateRequestView['state'],
  createdAt = '2026-11-23T01:00:01Z',
): CertificateRequestView => ({
  id: 'r',
  organisationId: 'o',
  organisationName: 'O',
  personId: 'p',
  personName: 'P',
  deviceLabel: 'asked',
  keyKind: 'p256-256',
  spkiSha256,
  kind: 'key',
  replaces: null,
  state,
  approvedBy: null,
  approvedAt: null,
  fingerprintConfirmedAt: null,
  reason: null,
  createdAt,
});
const certificate = (spkiSha256: string, state: CertificateView['state']): CertificateView => ({
  serial: 's',
  deviceLabel: 'certified',
  personId: 'p',
  spkiSha256,
  notBefore: '2026-11-23T02:00:00Z',
  notAfter: '2027-11-23T02:00:00Z',
  state,
  expiresSoon: false,
  certificate: '',
});

describe('my keys', () => {
  it('are one entry per key, wherever it is known from', () => {
    const keys = myKeys([stored('a')], [request('a', 'issued')], [certificate('a', 'valid')]);
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ state: 'valid', deviceLabel: 'certified' });
    expect(canSign(keys[0]!)).toBe(true);
  });

  it('say where their certificate stands', () => {
    const states = (keys: ReturnType<typeof myKeys>) => keys.map(({ state }) => state);
    expect(states(myKeys([stored('a')], [], []))).toEqual(['unsent']);
    expect(states(myKeys([], [request('a', 'submitted')], []))).toEqual(['submitted']);
    expect(states(myKeys([], [request('a', 'refused')], []))).toEqual(['refused']);
    // Issued a moment ago, and the list of certificates is older than that of requests.
    expect(states(myKeys([], [request('a', 'issued')], []))).toEqual(['submitted']);
  });

  it('take the newest of several requests for one key', () => {
    const again = [
      request('a', 'refused', '2026-01-01T00:00:00Z'),
      request('a', 'submitted', '2026-02-01T00:00:00Z'),
    ];
    expect(myKeys([], again, [])[0]).toMatchObject({ state: 'submitted' });
    expect(myKeys([], again.toReversed(), [])[0]).toMatchObject({ state: 'submitted' });
  });

  it('come newest first', () => {
    const keys = myKeys(
      [stored('old', '2026-01-01T00:00:00Z'), stored('new', '2026-02-01T00:00:00Z')],
      [],
      [],
    );
    expect(keys.map(({ spkiSha256 }) => spkiSha256)).toEqual(['new', 'old']);
  });
});

describe('what keeps one from signing', () => {
  const obstacle = (...args: Parameters<typeof myKeys>) => obstacleOf(myKeys(...args));

  it('is nothing with a valid certificate and its key here', () => {
    expect(obstacle([stored('a')], [], [certificate('a', 'valid')])).toBe('none');
  });
  it('is the other device when the certified key is not here', () => {
    expect(obstacle([], [], [certificate('a', 'valid')])).toBe('elsewhere');
    expect(obstacle([], [request('a', 'submitted')], [])).toBe('elsewhere');
    expect(keysElsewhere(myKeys([stored('b')], [], [certificate('a', 'valid')]))).toHaveLength(1);
  });
  it('is waiting when this device’s own request is open, even if another device could sign', () => {
    expect(obstacle([stored('b')], [request('b', 'submitted')], [certificate('a', 'valid')])).toBe(
      'submitted',
    );
  });
  it('is the missing request, the expiry, the revocation, the refusal, or that there is no key', () => {
    expect(obstacle([stored('a')], [], [])).toBe('unsent');
    expect(obstacle([stored('a')], [], [certificate('a', 'expired')])).toBe('expired');
    expect(obstacle([stored('a')], [], [certificate('a', 'revoked')])).toBe('revoked');
    expect(obstacle([stored('a')], [request('a', 'refused')], [])).toBe('refused');
    expect(obstacle([], [], [])).toBe('no_key');
  });
});
