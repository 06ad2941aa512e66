/** The exchange's own authority behind the port that a licensed one would have. */
import { issueCertificate, serialOf } from '@seam/esign';
import type { Sql } from 'postgres';
import type { Authorities } from './authorities.ts';
import { newSerial } from './make-authorities.ts';
import { ocspAnswers } from './ocsp.ts';
import type { CertificateAuthority } from './ports.ts';
import { currentIssuingList, newestList } from './revocation-lists.ts';

export function ownCertificateAuthority(sql: Sql, authorities: Authorities): CertificateAuthority {
  return {
    root: authorities.root,
    chain: [authorities.issuing.certificate],
    issue: async (input) =>
      issueCertificate({
        ...input,
        issuer: authorities.issuing,
        role: 'party',
        serial: newSerial(),
        ...authorities.addresses,
      }),
    async crls(now) {
      const root = await newestList(sql, 'root');
      const issuing = await currentIssuingList(sql, authorities.issuing, now);
      return [...(root ? [root.der] : []), issuing.der];
    },
    // Every signature has a timestamp of this house: a list of up to a day ago says nothing about its certificate
    // at a moment of today, so an answer about it always comes along.
    ocsp: async (serials, now) => {
      const stamps = serialOf(authorities.tsa.certificate);
      return ocspAnswers(sql, authorities, [...new Set([...serials, stamps])], now);
    },
  };
}
