/** What people read of a dispute about the settlement of a delivery. */
import { Type, type Static } from 'typebox';
import { Currency, Exact, Id, Instant, Money, Nullable, OneOf, Sha256 } from './common.ts';

export const DISPUTE_STATES = [
  'filed',
  'evidence',
  'decision',
  'satisfied',
  'partly',
  'declined',
  'appealed',
  'final',
  'agreed',
  'withdrawn',
  'rejected',
] as const;
export type DisputeState = (typeof DISPUTE_STATES)[number];
export const DISPUTE_CAUSES = ['weight', 'quality', 'price', 'other'] as const;
/** Why the centre does not hear a dispute; none of them is about who is right. */
export const DISPUTE_REJECTIONS = ['late', 'duplicate', 'unpaid', 'corrected'] as const;
export const DISPUTE_OUTCOMES = ['satisfied', 'partly', 'declined'] as const;
export type DisputeOutcome = (typeof DISPUTE_OUTCOMES)[number];
export const DISPUTE_MOVES = [
  'file',
  'admit',
  'reject',
  'evidence_done',
  'close_evidence',
  'decide',
  'accept_decision',
  'appeal',
  'finish',
  'agree',
  'withdraw',
] as const;
export type DisputeStep = (typeof DISPUTE_MOVES)[number];

/** Of the disputed amount, in basis points, and between which amounts of its currency; an appeal costs twice that. */
export const DISPUTE_FEE = { basisPoints: 50, least: '100.00', most: '10000.00', appealTimes: 2 } as const;
/** Each side may say and hand in so much. */
export const DISPUTE_EVIDENCE_MAX = 20;

const Side = OneOf(['buyer', 'seller']);
const Party = Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) });

export const DisputeEvidence = Exact({
  id: Id,
  side: Side,
  text: Type.String(),
  at: Instant,
  file: Nullable(
    Exact({
      name: Type.String(),
      mediaType: Type.String(),
      bytes: Type.Integer(),
      sha256: Sha256,
      /** When each other reader has opened it first. */
      readBy: Type.Array(Exact({ side: OneOf(['buyer', 'seller', 'centre']), at: Instant })),
    }),
  ),
});
export type DisputeEvidence = Static<typeof DisputeEvidence>;

export const DisputeDecision = Exact({
  /** 1: the decision, 2: the appeal. */
  instance: OneOf([1, 2]),
  outcome: OneOf(DISPUTE_OUTCOMES),
  /** The final amount of the delivery. */
  amount: Money,
  compensation: Nullable(Exact({ owedBy: Side, amount: Money })),
  reasons: Type.String(),
  at: Instant,
});
export type DisputeDecision = Static<typeof DisputeDecision>;

export const DisputeSummary = Exact({
  id: Id,
  contractId: Id,
  contractNumber: Type.String(),
  /** Of this delivery: 1, 2, … */
  number: Type.Integer(),
  seller: Party,
  buyer: Party,
  /** Null for staff. */
  mine: Nullable(Side),
  filedBy: Side,
  cause: OneOf(DISPUTE_CAUSES),
  currency: Currency,
  state: OneOf(DISPUTE_STATES),
  waitsFor: Type.Array(OneOf(['buyer', 'seller', 'centre'])),
  /** Until when; what happens then is in `byTime`. */
  dueAt: Nullable(Instant),
  byTime: Nullable(OneOf(['admit', 'close_evidence', 'finish'])),
  /** The final invoice; null where none could be computed. */
  computed: Nullable(Money),
  claimed: Money,
  disputed: Money,
  filedAt: Instant,
});
export type DisputeSummary = Static<typeof DisputeSummary>;

export const DisputeView = Exact({
  ...DisputeSummary.properties,
  statement: Type.String(),
  /** The least and the most that the delivery can come to. */
  low: Money,
  high: Money,
  /** Of the fee of whoever filed, and of the appeal. */
  fee: Exact({ amount: Money, state: OneOf(['held', 'returned', 'kept']) }),
  undisputedPaid: Money,
  evidence: Type.Array(DisputeEvidence),
  evidenceUntil: Nullable(Instant),
  evidenceDone: Type.Array(Side),
  /** The caller may add to the evidence now. */
  mayAdd: Type.Boolean(),
  offers: Type.Array(Exact({ number: Type.Integer(), side: Side, amount: Money, at: Instant })),
  decisions: Type.Array(DisputeDecision),
  decisionAcceptedBy: Type.Array(Side),
  /** Who may appeal against the first decision, while that can be done. */
  mayAppeal: Type.Array(Side),
  appeal: Nullable(
    Exact({
      side: Side,
      text: Type.String(),
      amount: Money,
      state: OneOf(['held', 'returned', 'kept']),
    }),
  ),
  /** What an appeal costs. */
  appealFee: Money,
  rejection: Nullable(Exact({ reason: OneOf(DISPUTE_REJECTIONS), text: Type.String() })),
  amount: Nullable(Money),
  outcome: Nullable(OneOf(DISPUTE_OUTCOMES)),
  endedAt: Nullable(Instant),
  steps: Type.Array(
    Exact({
      move: OneOf(DISPUTE_MOVES),
      /** Null: by time. */
      by: Nullable(OneOf(['buyer', 'seller', 'centre'])),
      at: Instant,
    }),
  ),
  /** For staff: what a first person proposes and a second has to confirm. */
  proposal: Nullable(
    Exact({
      number: Type.Integer(),
      amount: Money,
      outcome: OneOf(DISPUTE_OUTCOMES),
      compensation: Nullable(Exact({ owedBy: Side, amount: Money })),
      reasons: Type.String(),
      at: Instant,
      /** By the caller, who cannot confirm it. */
      own: Type.Boolean(),
    }),
  ),
  /** For staff: the caller was part of the first decision, and so not of the appeal. */
  excluded: Type.Boolean(),
});
export type DisputeView = Static<typeof DisputeView>;
