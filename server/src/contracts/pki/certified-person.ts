/**
 * Whom a certificate may name. The subject is the certified record of the company and its person; whatever
 * a request calls itself is never read into it.
 */
import type { CertifiedSubject } from '@seam/esign';
import { parseLegalId } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';

/** What the members slice certified. */
export type CertifiedPerson = {
  readonly organisationId: string;
  readonly organisationName: string;
  readonly country: string;
  readonly legalIdKind: 'uscc' | 'lei';
  readonly legalId: string;
  readonly personName: string;
  readonly active: boolean;
};
export type CertifiedPersonOf = (
  connection: Connection,
  personId: string,
) => Promise<CertifiedPerson | undefined>;

export async function certifiedSubject(
  connection: Connection,
  certifiedPersonOf: CertifiedPersonOf,
  of: { personId: string; organisationId: string },
): Promise<CertifiedSubject | Refusal> {
  const person = await certifiedPersonOf(connection, of.personId);
  if (!person?.active || person.organisationId !== of.organisationId)
    return refuse('organisation.not_active');
  // Checked at registration; once more here, because a certificate cannot be corrected.
  if (!parseLegalId(person.legalId).ok)
    return refuse('certificate.identity_differs', {
      detail: `${person.legalId} is no legal identity: its check characters do not fit`,
    });
  return {
    country: person.country,
    organization: person.organisationName,
    organizationIdentifier:
      person.legalIdKind === 'uscc' ? `NTRCN-${person.legalId}` : `LEIXG-${person.legalId}`,
    person: person.personName,
  };
}

/** Which field of a certificate issued elsewhere differs from the certified record, if any does. */
export function differingField(
  certificate: {
    organization: string | undefined;
    organizationIdentifier: string | undefined;
    commonName: string;
  },
  subject: CertifiedSubject,
): 'organization' | 'organizationIdentifier' | 'person' | undefined {
  if (certificate.organizationIdentifier !== subject.organizationIdentifier) return 'organizationIdentifier';
  if (certificate.organization !== subject.organization) return 'organization';
  if (certificate.commonName !== subject.person) return 'person';
  return undefined;
}
