/**
 * What a person's keys are, put together from three sources: what this browser keeps, what was asked of
 * the centre, and what the centre certified. The fingerprint of the public key joins them.
 */
import type { CertificateRequestView, CertificateView } from '@seam/protocol';
import type { StoredKey } from './key-store.ts';

export type MyKeyState = 'unsent' | 'submitted' | 'refused' | 'valid' | 'expired' | 'revoked';

export type MyKey = {
  readonly spkiSha256: string;
  readonly deviceLabel: string;
  readonly state: MyKeyState;
  /** RFC 3339: when it was made here, or asked for. */
  readonly createdAt: string;
  /** Kept by this browser. */
  readonly stored: StoredKey | null;
  readonly request: CertificateRequestView | null;
  readonly certificate: CertificateView | null;
};

/** Newest first. */
export function myKeys(
  stored: readonly StoredKey[],
  requests: readonly CertificateRequestView[],
  certificates: readonly CertificateView[],
): MyKey[] {
  const fingerprints = new Set([...stored, ...requests, ...certificates].map(({ spkiSha256 }) => spkiSha256));
  return [...fingerprints]
    .map((spkiSha256) => {
      const of = <T extends { spkiSha256: string }>(all: readonly T[]): T | null =>
        all.find((one) => one.spkiSha256 === spkiSha256) ?? null;
      return join(spkiSha256, of(stored), newest(requests, spkiSha256), of(certificates));
    })
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

function join(
  spkiSha256: string,
  stored: StoredKey | null,
  request: CertificateRequestView | null,
  certificate: CertificateView | null,
): MyKey {
  return {
    spkiSha256,
    deviceLabel: certificate?.deviceLabel ?? request?.deviceLabel ?? stored?.deviceLabel ?? '',
    state: certificate?.state ?? asked(request),
    createdAt: request?.createdAt ?? stored?.createdAt ?? certificate?.notBefore ?? '',
    stored,
    request,
    certificate,
  };
}

/** `issued` without its certificate in the list is a request that still waits for it. */
function asked(request: CertificateRequestView | null): MyKeyState {
  if (request === null) return 'unsent';
  // Whether one or two of the centre's people have looked at it makes no difference here.
  return request.state === 'refused' ? 'refused' : 'submitted';
}

function newest(
  requests: readonly CertificateRequestView[],
  spkiSha256: string,
): CertificateRequestView | null {
  return requests
    .filter((request) => request.spkiSha256 === spkiSha256)
    .reduce<CertificateRequestView | null>(
      (best, request) => (best === null || request.createdAt > best.createdAt ? request : best),
      null,
    );
}

export type UsableKey = MyKey & { readonly stored: StoredKey; readonly certificate: CertificateView };

export function canSign(key: MyKey): key is UsableKey {
  return key.state === 'valid' && key.stored !== null && key.certificate !== null;
}

/** Why a person cannot sign here and now, most hopeful first. */
export type Obstacle =
  'none' | 'submitted' | 'unsent' | 'elsewhere' | 'expired' | 'revoked' | 'refused' | 'no_key';

export function obstacleOf(keys: readonly MyKey[]): Obstacle {
  if (keys.some(canSign)) return 'none';
  // What this device has comes first: it needs only time. A key elsewhere needs the other device.
  for (const state of ['submitted', 'unsent'] as const) {
    if (keys.some((key) => key.state === state && key.stored !== null)) return state;
  }
  if (keysElsewhere(keys).length > 0) return 'elsewhere';
  const order = ['expired', 'revoked', 'refused'] as const;
  return order.find((state) => keys.some((key) => key.state === state)) ?? 'no_key';
}

/** Keys that sign, or soon will, from another device. */
export function keysElsewhere(keys: readonly MyKey[]): MyKey[] {
  return keys.filter(({ state, stored }) => stored === null && (state === 'valid' || state === 'submitted'));
}

export type Protection = { readonly level: 'K1' | 'K2'; readonly hasPassphrase: boolean };

/** How the key is sealed; undefined when what is stored cannot be read. */
export function protectionOf({ envelope }: Pick<StoredKey, 'envelope'>): Protection | undefined {
  try {
    const { level, recovery } = JSON.parse(envelope) as { level?: unknown; recovery?: unknown };
    if (level === 'K1') return { level, hasPassphrase: true };
    return level === 'K2'
      ? { level, hasPassphrase: typeof recovery === 'object' && recovery !== null }
      : undefined;
  } catch {
    return undefined;
  }
}
