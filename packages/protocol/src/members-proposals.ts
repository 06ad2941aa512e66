/** What takes two people: proposed by one, approved by another, within three days; and groups of related companies. */
import { Type, type Static } from 'typebox';
import { Exact, Id, IdParams, Instant, Nullable } from './common.ts';
import { OrganisationStatus, Words } from './members-words.ts';
import { BankAccountInput } from './members.ts';
import { type Route, route } from './route.ts';

const AREA = 'members';

export const PARTY_PROPOSAL_KINDS = [
  'certify',
  'reject',
  'suspend',
  'reinstate',
  'terminate',
  'relate',
  'unrelate',
  'bank_account',
] as const;
export type PartyProposalKind = (typeof PARTY_PROPOSAL_KINDS)[number];
export const PARTY_PROPOSAL_STATES = ['open', 'approved', 'refused', 'withdrawn', 'expired'] as const;
export type PartyProposalState = (typeof PARTY_PROPOSAL_STATES)[number];

export const PartyProposalView = Exact({
  id: Id,
  kind: Type.Enum(PARTY_PROPOSAL_KINDS),
  state: Type.Enum(PARTY_PROPOSAL_STATES),
  organisation: Exact({
    id: Id,
    name: Type.String(),
    nameZh: Nullable(Type.String()),
    status: OrganisationStatus,
  }),
  /** What exactly: the account, the companies that belong together and what they share. */
  subject: Type.Array(Exact({ name: Type.String(), value: Type.String() })),
  reason: Type.String(),
  proposedBy: Exact({ id: Id, name: Type.String() }),
  proposedAt: Instant,
  expiresAt: Instant,
  decidedBy: Nullable(Exact({ id: Id, name: Type.String() })),
  decidedAt: Nullable(Instant),
  decidedReason: Nullable(Type.String()),
  /** Whether the reader may approve it: another person, with the office for it, in time. */
  mayApprove: Type.Boolean(),
  mayWithdraw: Type.Boolean(),
});
export type PartyProposalView = Static<typeof PartyProposalView>;
const Proposals = Exact({ items: Type.Array(PartyProposalView) });

const answerProblems = [
  'resource.not_found',
  'two_person.own',
  'two_person.decided',
  'two_person.expired',
  'two_person.office',
  'member.decision_not_possible',
  'member.dossier_incomplete',
  'member.name_unprintable',
  'member.business_open',
  'member.bank_account_taken',
  'member.not_related',
] as const;
const Answer = Exact({ reason: Words(2000) });

export const proposalRoutes = {
  staffProposals: route({
    method: 'GET',
    url: '/v1/staff/proposals',
    summary: 'What waits for a second person of the centre, the most urgent first',
    area: AREA,
    access: 'staff',
    ok: Proposals,
    problems: [],
  }),
  staffProposalsAbout: route({
    method: 'GET',
    url: '/v1/staff/certifications/:id/proposals',
    summary: 'What was proposed about one company, newest first',
    area: AREA,
    access: 'staff',
    params: IdParams,
    ok: Proposals,
    problems: ['resource.not_found'],
  }),
  relateCompanies: route({
    method: 'POST',
    url: '/v1/staff/certifications/:id/relations',
    summary: 'Propose that two companies belong to one group, or that a company leaves its group',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ with: Nullable(Id), reason: Words(2000) }),
    ok: PartyProposalView,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'two_person.open_already',
      'member.not_related',
      'member.related_already',
    ],
  }),
  approveStaffProposal: route({
    method: 'POST',
    url: '/v1/staff/proposals/:id/approval',
    summary: 'Approve as the second person what another one of the centre proposed; it is done at once',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Answer,
    ok: PartyProposalView,
    problems: answerProblems,
  }),
  refuseStaffProposal: route({
    method: 'POST',
    url: '/v1/staff/proposals/:id/refusal',
    summary: 'Say no to what another one proposed, or withdraw one’s own',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Answer,
    ok: PartyProposalView,
    problems: answerProblems,
  }),
  companyProposals: route({
    method: 'GET',
    url: '/v1/company/proposals',
    summary: 'What was proposed inside one’s company, newest first',
    area: AREA,
    access: { roles: ['admin', 'legal_representative', 'finance', 'approver'] },
    ok: Proposals,
    problems: [],
  }),
  changeBankAccount: route({
    method: 'POST',
    url: '/v1/company/bank-account',
    summary:
      'Propose another account to be paid to; a second person of the company approves, the bank confirms, three days pass',
    area: AREA,
    access: { roles: ['admin', 'legal_representative', 'finance'] },
    body: Exact({ bankAccount: BankAccountInput, reason: Words(2000) }),
    ok: PartyProposalView,
    okStatus: 201,
    problems: [
      'state.conflict',
      'two_person.open_already',
      'member.invalid',
      'member.account_number_form',
      'member.account_number_check',
      'member.bank_code_form',
      'member.bank_holder_differs',
      'member.bank_account_taken',
      'member.account_change_running',
    ],
  }),
  approveCompanyProposal: route({
    method: 'POST',
    url: '/v1/company/proposals/:id/approval',
    summary: 'Approve as the second person what a colleague proposed',
    area: AREA,
    access: { roles: ['admin', 'legal_representative', 'approver'] },
    params: IdParams,
    body: Answer,
    ok: PartyProposalView,
    problems: answerProblems,
  }),
  refuseCompanyProposal: route({
    method: 'POST',
    url: '/v1/company/proposals/:id/refusal',
    summary: 'Say no to what a colleague proposed, or withdraw one’s own',
    area: AREA,
    access: { roles: ['admin', 'legal_representative', 'approver', 'finance'] },
    params: IdParams,
    body: Answer,
    ok: PartyProposalView,
    problems: answerProblems,
  }),
} as const satisfies Record<string, Route>;
