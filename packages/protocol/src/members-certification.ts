/** The centre's certification desk: who waits, what a decision needs, and the decision. */
import { Type, type Static } from 'typebox';
import { Exact, Id, IdParams, Instant, Nullable, Page } from './common.ts';
import { CompanyView, OrganisationKind, WAITS_FOR } from './members.ts';
import { SHARED_FACTS } from './members-shares.ts';
import { Country, OrganisationStatus, Words } from './members-words.ts';
import { type Route, route } from './route.ts';

const AREA = 'members';

/** What staff decide; the other moves of a certification are made by the company, the system or the bank. */
export const CERTIFICATION_DECISIONS = [
  'start_review',
  'certify',
  'request_info',
  'reject',
  'suspend',
  'reinstate',
  'terminate',
] as const;
export const CertificationDecision = Type.Enum(CERTIFICATION_DECISIONS);
export type CertificationDecision = (typeof CERTIFICATION_DECISIONS)[number];
export const CertificationRow = Exact({
  id: Id,
  name: Type.String(),
  nameZh: Nullable(Type.String()),
  kind: OrganisationKind,
  country: Country,
  legalIdKind: Type.Enum(['uscc', 'lei']),
  legalId: Type.String(),
  status: OrganisationStatus,
  statusSince: Instant,
  waitsFor: Type.Enum(WAITS_FOR),
  createdAt: Instant,
  /** What a certification still lacks; of others than those that wait for one: nothing. */
  missing: Type.Array(Type.String()),
  /** Decided by one person, waiting for a second one. */
  proposed: Nullable(Type.String()),
});
export type CertificationRow = Static<typeof CertificationRow>;
/** Another company that shares something with this one: two such must not bid against each other. */
export const RelatedOrganisation = Exact({
  id: Id,
  name: Type.String(),
  status: OrganisationStatus,
  shares: Type.Array(Type.Enum(SHARED_FACTS)),
  /** In one confirmed group: markets and auctions keep the two apart. */
  confirmed: Type.Boolean(),
});
export const CertificationView = Exact({
  ...CompanyView.properties,
  decisions: Type.Array(CertificationDecision),
  related: Type.Array(RelatedOrganisation),
});
export type CertificationView = Static<typeof CertificationView>;

export const certificationRoutes = {
  certifications: route({
    method: 'GET',
    url: '/v1/staff/certifications',
    summary: 'Companies by state, longest waiting first',
    area: AREA,
    access: 'staff',
    query: Exact({
      state: Type.Optional(OrganisationStatus),
      cursor: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    ok: Page(CertificationRow),
    problems: ['request.invalid'],
  }),
  certification: route({
    method: 'GET',
    url: '/v1/staff/certifications/:id',
    summary: 'Everything about one company that a decision needs',
    area: AREA,
    access: 'staff',
    params: IdParams,
    ok: CertificationView,
    problems: ['resource.not_found'],
  }),
  decideCertification: route({
    method: 'POST',
    url: '/v1/staff/certifications/:id/decision',
    summary:
      'Take up a review or ask for more, at once; certify, reject, suspend, reinstate or terminate, proposed to a second person',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ decision: CertificationDecision, reason: Words(2000) }),
    ok: CertificationView,
    problems: [
      'resource.not_found',
      'member.decision_not_possible',
      'member.dossier_incomplete',
      'member.name_unprintable',
      'member.business_open',
      'two_person.open_already',
      'two_person.office',
    ],
  }),
} as const satisfies Record<string, Route>;
