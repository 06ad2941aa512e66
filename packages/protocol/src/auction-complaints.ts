/** Complaints against a provisional award: while one is heard, nothing becomes final. */
import { Type, type Static } from 'typebox';
import { Exact, Id, IdParams, Instant, Nullable, OneOf, Text } from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'auctions';

/** `void`: the auction has no result. `hold_again`: nor has it, and the same goods come to auction once more. */
export const COMPLAINT_DECISIONS = ['dismiss', 'void', 'hold_again'] as const;
/** `moot`: the standstill ended by something else before this was decided. */
export const COMPLAINT_STATES = ['open', 'dismissed', 'upheld', 'moot'] as const;

const Company = Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) });

export const AuctionComplaint = Exact({
  number: Type.Integer(),
  by: OneOf(['owner', 'bidder', 'centre'] as const),
  mine: Type.Boolean(),
  /** For the centre. */
  organisation: Nullable(Company),
  /** For whoever filed it and the centre; the others read the decision. */
  reason: Nullable(Type.String()),
  filedAt: Instant,
  state: OneOf(COMPLAINT_STATES),
  /** For the centre: one person would uphold it, a second one has to agree. */
  proposal: Nullable(
    Exact({ decision: OneOf(COMPLAINT_DECISIONS), reason: Type.String(), mine: Type.Boolean() }),
  ),
  decision: Nullable(OneOf(COMPLAINT_DECISIONS)),
  decisionReason: Nullable(Type.String()),
  decidedAt: Nullable(Instant),
});
export type AuctionComplaint = Static<typeof AuctionComplaint>;

export const AuctionComplaints = Exact({
  items: Type.Array(AuctionComplaint),
  /** The caller's company took part, the award is provisional, and it has not complained yet. */
  mayFile: Type.Boolean(),
});
export type AuctionComplaints = Static<typeof AuctionComplaints>;

const Reason = Exact({ reason: Text(2_000, 10) });
const filing = [
  'resource.not_found',
  'auction.state_conflict',
  'standstill.over',
  'service.overloaded',
] as const;

export const auctionComplaintRoutes = {
  auctionComplaints: route({
    method: 'GET',
    url: '/v1/auctions/:id/complaints',
    summary: 'Complaints against the award, what was decided of each and why',
    area: AREA,
    access: 'public',
    params: IdParams,
    ok: AuctionComplaints,
    problems: ['resource.not_found'],
  }),
  fileComplaint: route({
    method: 'POST',
    url: '/v1/auctions/:id/complaints',
    summary:
      'Complain in the standstill, once for each company; the award stays provisional while it is heard',
    area: AREA,
    access: { roles: ['trader'] },
    params: IdParams,
    body: Reason,
    ok: AuctionComplaints,
    okStatus: 201,
    problems: [...filing, 'complaint.not_a_party', 'complaint.filed_already'],
  }),
  openComplaints: route({
    method: 'GET',
    url: '/v1/staff/complaints',
    summary: 'Complaints that wait for a decision, the most urgent first',
    area: AREA,
    access: 'staff',
    ok: Exact({
      items: Type.Array(
        Exact({
          auctionId: Id,
          title: Type.String(),
          number: Type.Integer(),
          filedAt: Instant,
          standstillEndsAt: Nullable(Instant),
          /** A second person has to agree. */
          proposed: Type.Boolean(),
        }),
      ),
    }),
    problems: [],
  }),
  fileOwnComplaint: route({
    method: 'POST',
    url: '/v1/staff/auctions/:id/complaints',
    summary: 'Open a complaint by the centre itself',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Reason,
    ok: AuctionComplaints,
    okStatus: 201,
    problems: [...filing, 'complaint.filed_already'],
  }),
  decideComplaint: route({
    method: 'POST',
    url: '/v1/staff/auctions/:id/complaints/:number/decision',
    summary:
      'Decide with a public reason: one person dismisses, upholding takes a second one who asks for the same',
    area: AREA,
    access: 'staff',
    params: Exact({ id: Id, number: Type.String({ pattern: '^[1-9]\\d{0,6}$' }) }),
    body: Exact({ decision: OneOf(COMPLAINT_DECISIONS), reason: Text(300, 3) }),
    ok: AuctionComplaints,
    problems: [...filing, 'complaint.unknown', 'complaint.decided_already', 'complaint.second_person_needed'],
  }),
} as const satisfies Record<string, Route>;
