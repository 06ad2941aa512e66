/** What two companies can have in common. The first are proof, the last only a hint. */
export const SHARED_FACTS = [
  'group',
  'declared',
  'legal_representative',
  'owner',
  'legal_id_root',
  'bank_account',
  'phone',
  'address',
  'contact_email',
  'person_email',
  'email_domain',
  'login_address',
] as const;
export type SharedFact = (typeof SHARED_FACTS)[number];
