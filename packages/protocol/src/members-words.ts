/** Texts that people type about companies, and the states that a company can be in. */
import { Type } from 'typebox';

/** In the order of the way to membership; what ends it comes last. */
export const ORGANISATION_STATUSES = [
  'registered',
  'submitted',
  'under_review',
  'needs_info',
  'certified',
  'bank_notified',
  'bank_confirmed',
  'active',
  'expired',
  'suspended',
  'rejected',
  'terminated',
] as const;
export const OrganisationStatus = Type.Enum(ORGANISATION_STATUSES);
export type OrganisationStatus = (typeof ORGANISATION_STATUSES)[number];

/** The one answer to "may this company trade now": new orders, bids, offers, signatures. */
export function mayTrade(status: string): boolean {
  return status === 'active';
}

/** One line: no control characters (PostgreSQL text cannot hold NUL), not only blanks. */
export const Line = (maxLength: number) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f]*[^\\u0000-\\u0020\\u007f][^\\u0000-\\u001f\\u007f]*$',
  });
/** Several lines of text. */
export const Words = (maxLength: number) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]+$',
  });
export const Country = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' });
