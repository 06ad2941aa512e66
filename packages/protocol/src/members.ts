/** Companies, their people, login, and how the centre certifies a legal person. */
import { Type, type Static } from 'typebox';
import { Currency, Day, Empty, Exact, Id, IdParams, Instant, Money, Nullable } from './common.ts';
import { CENTRE_ROLES } from './members-access.ts';
import { Country, Line, OrganisationStatus, Words } from './members-words.ts';
import { ROLES, type Route, route } from './route.ts';

export { COUNTRIES } from './countries.ts';
export { ORGANISATION_STATUSES, OrganisationStatus, mayTrade } from './members-words.ts';

const AREA = 'members';

export const ORGANISATION_KINDS = ['producer', 'buyer', 'trader', 'carrier'] as const;
export const OrganisationKind = Type.Enum(ORGANISATION_KINDS);
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number];
export const BANK_ACCOUNT_STATUSES = ['pending', 'submitted', 'confirmed', 'refused'] as const;
export type BankAccountStatus = (typeof BANK_ACCOUNT_STATUSES)[number];
/** Whose turn it is. */
export const WAITS_FOR = ['company', 'centre', 'bank', 'nobody'] as const;
export type WaitsFor = (typeof WAITS_FOR)[number];

const Email = Type.String({
  maxLength: 254,
  pattern: "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63}){1,5}$",
});
const Phone = Type.String({ pattern: '^\\+?[0-9][0-9 ()-]{4,28}[0-9]$' });
/** Only hashed, so any character will do. */
const NewPassword = Type.String({ minLength: 12, maxLength: 128 });
const GivenPassword = Type.String({ minLength: 1, maxLength: 128 });
const RoleName = Type.Enum(ROLES);
const RoleNames = Type.Array(RoleName, { minItems: 1, maxItems: ROLES.length, uniqueItems: true });

const Contact = Exact({ name: Line(100), email: Email, phone: Phone });
export const BankAccountInput = Exact({
  holderName: Line(140),
  accountNumber: Type.String({ pattern: '^[0-9A-Za-z -]{5,50}$', description: 'Account number or IBAN' }),
  bankCode: Type.String({ pattern: '^[0-9A-Za-z ]{8,16}$', description: 'BIC, CNAPS code or IFSC' }),
  bankName: Line(140),
  currency: Currency,
});
export type BankAccountInput = Static<typeof BankAccountInput>;
export const PersonInput = Exact({ name: Line(100), email: Email, password: NewPassword, roles: RoleNames });
export type PersonInput = Static<typeof PersonInput>;
export const OrganisationInput = Exact({
  /** Legal name in Latin letters, as on international papers. */
  name: Line(140),
  nameZh: Type.Optional(Line(140)),
  kind: OrganisationKind,
  sells: Type.Boolean(),
  buys: Type.Boolean(),
  /** Unified social credit code (GB 32100) or LEI (ISO 17442). */
  legalId: Type.String({ minLength: 1, maxLength: 40, pattern: '^[0-9A-Za-z ]+$' }),
  country: Country,
  address: Line(300),
  contact: Contact,
});
export type OrganisationInput = Static<typeof OrganisationInput>;
/** The administrator has that role whatever else; the password is set by whoever registers. */
export const RegistrationInput = Exact({
  organisation: OrganisationInput,
  bankAccount: BankAccountInput,
  admin: Exact({
    name: Line(100),
    email: Email,
    password: NewPassword,
    roles: Type.Optional(Type.Array(RoleName, { maxItems: ROLES.length, uniqueItems: true })),
  }),
  people: Type.Optional(Type.Array(PersonInput, { maxItems: 9 })),
  /** Kept as a draft: documents and owners follow before the company submits it. */
  draft: Type.Optional(Type.Boolean()),
});
export type RegistrationInput = Static<typeof RegistrationInput>;
export const Registered = Exact({ organisationId: Id, personId: Id, status: OrganisationStatus });

const SessionPerson = Exact({
  id: Id,
  name: Type.String(),
  email: Type.String(),
  roles: Type.Array(RoleName),
});
export const SessionView = Exact({
  person: SessionPerson,
  organisation: Nullable(
    Exact({
      id: Id,
      name: Type.String(),
      nameZh: Nullable(Type.String()),
      status: OrganisationStatus,
      kind: OrganisationKind,
      sells: Type.Boolean(),
      buys: Type.Boolean(),
    }),
  ),
  staff: Type.Boolean(),
  /** Offices at the centre; none for people of companies. */
  centreRoles: Type.Array(Type.Enum(CENTRE_ROLES)),
  robot: Type.Boolean(),
  /** When this login ends unless it is used. */
  expiresAt: Instant,
});
export type SessionView = Static<typeof SessionView>;
export const LoggedIn = Exact({ ...SessionView.properties, token: Type.Optional(Type.String()) });

/** How much the person may bind the company to with one contract, by currency; none named: without a limit. */
const CommitLimits = Type.Array(Exact({ currency: Currency, amount: Money }), { maxItems: 10 });
export const PersonView = Exact({
  id: Id,
  name: Type.String(),
  email: Type.String(),
  roles: Type.Array(RoleName),
  robot: Type.Boolean(),
  enabled: Type.Boolean(),
  limits: CommitLimits,
  createdAt: Instant,
});
export type PersonView = Static<typeof PersonView>;
export const BankAccountView = Exact({
  id: Id,
  holderName: Type.String(),
  accountNumber: Type.String(),
  bankCode: Type.String(),
  bankCodeKind: Type.Enum(['bic', 'cnaps', 'ifsc']),
  bankName: Type.String(),
  currency: Currency,
  status: Type.Enum(BANK_ACCOUNT_STATUSES),
  reason: Nullable(Type.String()),
  createdAt: Instant,
  submittedAt: Nullable(Instant),
  answeredAt: Nullable(Instant),
  /** When money may first be paid to it; later than the answer after a change of account. */
  paysFrom: Nullable(Instant),
});
export type BankAccountView = Static<typeof BankAccountView>;
export const CertificationStepView = Exact({
  at: Instant,
  move: Type.String(),
  from: Nullable(OrganisationStatus),
  to: OrganisationStatus,
  by: Type.Enum(['company', 'centre', 'bank', 'system']),
  /** Staff are shown to staff; a company reads "the centre". */
  personName: Nullable(Type.String()),
  reason: Nullable(Type.String()),
});
export type CertificationStepView = Static<typeof CertificationStepView>;
const organisationFacts = {
  id: Id,
  name: Type.String(),
  nameZh: Nullable(Type.String()),
  kind: OrganisationKind,
  sells: Type.Boolean(),
  buys: Type.Boolean(),
  legalIdKind: Type.Enum(['uscc', 'lei']),
  legalId: Type.String(),
  country: Country,
  address: Type.String(),
  contact: Exact({ name: Type.String(), email: Type.String(), phone: Type.String() }),
  status: OrganisationStatus,
  statusSince: Instant,
  waitsFor: Type.Enum(WAITS_FOR),
  createdAt: Instant,
  certifiedAt: Nullable(Instant),
  activeAt: Nullable(Instant),
  certifiedUntil: Nullable(Day),
  publicReason: Nullable(Type.String()),
};
export const CompanyView = Exact({
  ...organisationFacts,
  people: Type.Array(PersonView),
  bankAccounts: Type.Array(BankAccountView),
  history: Type.Array(CertificationStepView),
});
export type CompanyView = Static<typeof CompanyView>;
/** What anybody may know of a member. */
export const OrganisationView = Exact({
  id: Id,
  name: Type.String(),
  nameZh: Nullable(Type.String()),
  country: Country,
  kind: OrganisationKind,
  sells: Type.Boolean(),
  buys: Type.Boolean(),
  status: Type.Enum(['active', 'suspended', 'expired', 'terminated']),
  memberSince: Instant,
  /** The first day a document runs out that the membership stands on. */
  certifiedUntil: Nullable(Day),
  /** Of a suspension or a termination. */
  publicReason: Nullable(Type.String()),
});
export type OrganisationView = Static<typeof OrganisationView>;

/** What a company may correct while the centre waits for it. Absent means unchanged. */
export const ResubmissionInput = Exact({
  note: Words(2000),
  name: Type.Optional(Line(140)),
  nameZh: Type.Optional(Line(140)),
  address: Type.Optional(Line(300)),
  contact: Type.Optional(Contact),
  bankAccount: Type.Optional(BankAccountInput),
});
export type ResubmissionInput = Static<typeof ResubmissionInput>;

const registrationProblems = [
  'member.invalid',
  'member.legal_id_length',
  'member.legal_id_characters',
  'member.legal_id_check_character',
  'member.legal_id_country',
  'member.legal_id_taken',
  'member.country_unknown',
  'member.trade_side_missing',
  'member.account_number_form',
  'member.account_number_check',
  'member.bank_code_form',
  'member.bank_holder_differs',
  'member.email_taken',
  'member.email_twice',
  'member.password_weak',
  'member.name_unprintable',
  'request.rate_limited',
] as const;

export const memberRoutes = {
  register: route({
    method: 'POST',
    url: '/v1/registrations',
    summary:
      'Register a company with its bank account and people; the same registration sent again gives the first answer',
    area: AREA,
    access: 'public',
    body: RegistrationInput,
    ok: Registered,
    okStatus: 201,
    problems: registrationProblems,
  }),
  login: route({
    method: 'POST',
    url: '/v1/login',
    summary: 'Log in: sets the session cookie, and answers a bearer token when asked for one',
    area: AREA,
    access: 'public',
    body: Exact({
      email: Line(254),
      password: GivenPassword,
      token: Type.Optional(Type.Boolean()),
      /** Where one address and password belong to people of several companies. */
      organisationId: Type.Optional(Id),
    }),
    ok: LoggedIn,
    problems: ['auth.invalid_credentials', 'request.rate_limited'],
  }),
  logout: route({
    method: 'POST',
    url: '/v1/logout',
    summary: 'End this login',
    area: AREA,
    access: 'signed_in',
    ok: Empty,
    problems: [],
  }),
  session: route({
    method: 'GET',
    url: '/v1/session',
    summary: 'Who is logged in',
    area: AREA,
    access: 'signed_in',
    ok: SessionView,
    problems: [],
  }),
  changePassword: route({
    method: 'POST',
    url: '/v1/password',
    summary: 'Change one’s own password; every other login of the person ends',
    area: AREA,
    access: 'signed_in',
    body: Exact({ current: GivenPassword, next: NewPassword }),
    ok: Empty,
    problems: ['member.password_wrong', 'member.password_weak', 'request.rate_limited'],
  }),
  company: route({
    method: 'GET',
    url: '/v1/company',
    summary: 'One’s own company: facts, people, bank account, certification',
    area: AREA,
    access: 'member',
    ok: CompanyView,
    problems: [],
  }),
  addPerson: route({
    method: 'POST',
    url: '/v1/company/people',
    summary: 'Give a person of the company access',
    area: AREA,
    access: { roles: ['admin'] },
    body: PersonInput,
    ok: PersonView,
    okStatus: 201,
    problems: [
      'member.email_taken',
      'member.password_weak',
      'member.people_limit',
      'member.name_unprintable',
    ],
  }),
  changePerson: route({
    method: 'PUT',
    url: '/v1/company/people/:id',
    summary: 'Change the roles of a person, or take away or give back access',
    area: AREA,
    access: { roles: ['admin'] },
    params: IdParams,
    /** Limits that are left out stay as they are. */
    body: Exact({ roles: RoleNames, enabled: Type.Boolean(), limits: Type.Optional(CommitLimits) }),
    ok: PersonView,
    problems: ['resource.not_found', 'member.last_admin', 'member.own_limit', 'member.limit_invalid'],
  }),
  resubmit: route({
    method: 'POST',
    url: '/v1/company/resubmission',
    summary: 'Answer what the centre asked for, with corrections',
    area: AREA,
    access: { roles: ['admin'] },
    body: ResubmissionInput,
    ok: CompanyView,
    problems: ['state.conflict', ...registrationProblems],
  }),
  organisation: route({
    method: 'GET',
    url: '/v1/organisations/:id',
    summary: 'Public facts of a certified member',
    area: AREA,
    access: 'public',
    params: IdParams,
    ok: OrganisationView,
    problems: ['resource.not_found'],
  }),
} as const satisfies Record<string, Route>;
