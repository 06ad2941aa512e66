/** Where outsiders find what a certificate depends on. Printed into certificates: never change a path. */
import type { Addresses } from '@seam/esign';

export const PKI_PATHS = {
  rootCertificate: '/v1/pki/root.cer',
  issuingCertificate: '/v1/pki/issuing.cer',
  rootList: '/v1/pki/root.crl',
  issuingList: '/v1/pki/issuing.crl',
  ocsp: '/v1/pki/ocsp',
  timestamp: '/v1/pki/tsa',
} as const;

/** For what the root issues; its key is offline, so nobody answers for it by OCSP. */
export function underRoot(publicUrl: string | undefined): Addresses {
  if (publicUrl === undefined) return {};
  return {
    crlUrl: publicUrl + PKI_PATHS.rootList,
    caIssuersUrl: publicUrl + PKI_PATHS.rootCertificate,
  };
}

/** For what the issuing authority issues. */
export function underIssuing(publicUrl: string | undefined): Addresses {
  if (publicUrl === undefined) return {};
  return {
    crlUrl: publicUrl + PKI_PATHS.issuingList,
    ocspUrl: publicUrl + PKI_PATHS.ocsp,
    caIssuersUrl: publicUrl + PKI_PATHS.issuingCertificate,
  };
}
