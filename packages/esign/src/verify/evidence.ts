/**
 * What is known about revocation: OCSP answers and lists out of the contract's own store, and lists that the
 * caller brings. Each counts only as far as it is genuine; what is not is named afterwards, once.
 */
import { toHex } from '../der/bytes.ts';
import type { Certificate } from '../x509/certificate.ts';
import { isOfIssuer } from '../x509/ocsp-id.ts';
import { type Crl, isCrlOf, readCrl } from './crl.ts';
import type { Warning, WarningCode } from './findings.ts';
import { type OcspAuthority, type OcspResponse, ocspAuthority, readOcspResponse } from './ocsp.ts';

/**
 * When evidence of goodness has to be from. `after`: not before the moment in question, since a revocation
 * needs time to become known. `covering`: in force at that moment will do, which is all that an offline root
 * can offer for its issuing CA.
 */
export type Freshness = 'after' | 'covering';

export type RevocationStatus =
  | { readonly status: 'revoked'; readonly at: number }
  /** `embedded` when the contract itself carries the proof. */
  | { readonly status: 'good'; readonly embedded: boolean }
  /** `stale` when genuine evidence is there, but none fresh enough. */
  | { readonly status: 'unknown'; readonly stale: boolean };

/** What one piece of evidence says about one certificate. */
type Statement = {
  readonly revokedAt: number | undefined;
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
};

type Piece = {
  readonly embedded: boolean;
  /** Undefined when it says nothing about the certificate with this issuer's authority. */
  readonly about: (certificate: Certificate, issuer: Certificate) => Promise<Statement | undefined>;
  /** What to warn of; undefined when it was genuine for somebody. */
  readonly warning: () => Warning | undefined;
};

export type EvidenceInput = {
  readonly crls: readonly Uint8Array[];
  readonly store: { readonly crls: readonly Uint8Array[]; readonly ocspResponses: readonly Uint8Array[] };
};

export class Evidence {
  readonly #pieces: readonly Piece[];

  constructor({ crls, store }: EvidenceInput) {
    this.#pieces = [
      ...store.ocspResponses.map((der) => ocspPiece(der)),
      ...store.crls.map((der) => crlPiece(der, true)),
      ...crls.map((der) => crlPiece(der, false)),
    ];
  }

  /** `at` is when the certificate was used, milliseconds since 1970. Revoked at that very moment is revoked. */
  async statusOf(
    certificate: Certificate,
    issuer: Certificate,
    at: number,
    freshness: Freshness,
  ): Promise<RevocationStatus> {
    let stale = false;
    let good: { embedded: boolean } | undefined;
    let revokedAt: number | undefined;
    for (const piece of this.#pieces) {
      const statement = await piece.about(certificate, issuer);
      if (!statement) continue;
      const revoked = statement.revokedAt;
      if (revoked !== undefined && revoked <= at) revokedAt = Math.min(revoked, revokedAt ?? revoked);
      else if (isFresh(statement, at, freshness))
        good = { embedded: piece.embedded || (good?.embedded ?? false) };
      else stale = true;
    }
    if (revokedAt !== undefined) return { status: 'revoked', at: revokedAt };
    return good ? { status: 'good', ...good } : { status: 'unknown', stale };
  }

  /** To be asked last: a piece is bogus when no certificate that was looked at gave it authority. */
  warnings(): Warning[] {
    return this.#pieces.flatMap((piece) => (piece.embedded ? (piece.warning() ?? []) : []));
  }
}

function isFresh({ thisUpdate, nextUpdate }: Statement, at: number, freshness: Freshness): boolean {
  // Evidence and tokens count whole seconds.
  if (thisUpdate >= Math.floor(at / 1000) * 1000) return true;
  return freshness === 'covering' && nextUpdate !== undefined && nextUpdate >= at;
}

const unreadable = (error: unknown, embedded: boolean): Piece => ({
  embedded,
  about: async () => undefined,
  warning: () => warn('STORE_UNREADABLE', error instanceof Error ? error.message : 'unreadable'),
});

const warn = (code: WarningCode, detail: string): Warning => ({ code, detail });

/** Asks once per issuer's key whether it stands behind the piece. */
function remember<T>(ask: (issuer: Certificate) => Promise<T>): (issuer: Certificate) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (issuer) => {
    const key = toHex(issuer.publicKey.spki);
    const answer = known.get(key) ?? ask(issuer);
    known.set(key, answer);
    return answer;
  };
}

function crlPiece(der: Uint8Array, embedded: boolean): Piece {
  let crl: Crl;
  try {
    crl = readCrl(der);
  } catch (error) {
    return unreadable(error, embedded);
  }
  let genuine = false;
  const isOf = remember(async (issuer) => {
    const answer = await isCrlOf(crl, issuer);
    genuine ||= answer;
    return answer;
  });
  return {
    embedded,
    about: async (certificate, issuer) => {
      if (!(await isOf(issuer))) return undefined;
      const { revoked, thisUpdate, nextUpdate } = crl;
      return { revokedAt: revoked.get(certificate.serialHex), thisUpdate, nextUpdate };
    },
    warning: () =>
      genuine
        ? undefined
        : warn('CRL_SIGNATURE_INVALID', 'a list that none of the issuers signed is ignored'),
  };
}

const OCSP_WARNINGS: Record<Exclude<OcspAuthority, 'genuine'>, Warning> = {
  unauthorised: warn('OCSP_RESPONDER_UNAUTHORISED', 'an answer by one who may not answer is ignored'),
  unsigned: warn('OCSP_SIGNATURE_INVALID', 'an answer that none of the issuers signed is ignored'),
};

function ocspPiece(der: Uint8Array): Piece {
  let response: OcspResponse;
  try {
    response = readOcspResponse(der);
  } catch (error) {
    return unreadable(error, true);
  }
  let best: OcspAuthority = 'unsigned';
  const authority = remember(async (issuer) => {
    const answer = await ocspAuthority(response, issuer);
    if (answer === 'genuine' || best === 'unsigned') best = answer;
    return answer;
  });
  return {
    embedded: true,
    about: async (certificate, issuer) => {
      for (const { certId, status, thisUpdate, nextUpdate } of response.answers) {
        if (certId.serial !== certificate.serialHex || !(await isOfIssuer(certId, issuer))) continue;
        if (status === 'unknown' || (await authority(issuer)) !== 'genuine') continue;
        return { revokedAt: status === 'good' ? undefined : status.revokedAt, thisUpdate, nextUpdate };
      }
      return undefined;
    },
    warning: () => (best === 'genuine' ? undefined : OCSP_WARNINGS[best]),
  };
}
