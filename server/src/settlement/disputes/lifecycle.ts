/**
 * The life of a dispute as a table: what is not listed cannot happen. From every state that has not ended somebody can
 * act, and where that is a party, time acts in its place.
 */
import type { DisputeOutcome, DisputeState } from '@seam/protocol';

export type DisputeMove =
  | 'admit'
  | 'reject'
  | 'close_evidence'
  | 'satisfy'
  | 'decide_partly'
  | 'decline'
  | 'appeal'
  | 'finish'
  | 'agree'
  | 'withdraw';

const DECIDED = { appeal: 'appealed', finish: 'final', agree: 'agreed' } as const;

export const disputeLifecycle = {
  // Admitted by the centre, or by time: its silence takes nobody's right. From then on evidence is taken.
  filed: { admit: 'evidence', reject: 'rejected', withdraw: 'withdrawn', agree: 'agreed' },
  evidence: { close_evidence: 'decision', withdraw: 'withdrawn', agree: 'agreed' },
  decision: {
    satisfy: 'satisfied',
    decide_partly: 'partly',
    decline: 'declined',
    withdraw: 'withdrawn',
    agree: 'agreed',
  },
  satisfied: DECIDED,
  partly: DECIDED,
  declined: DECIDED,
  // Both sides may still hand in evidence; two others decide.
  appealed: { finish: 'final', agree: 'agreed' },
  final: {},
  agreed: {},
  withdrawn: {},
  rejected: {},
} as const satisfies Record<DisputeState, Partial<Record<DisputeMove, DisputeState>>>;

/** @returns undefined when the move is not possible from `state`. */
export function moveDispute(state: DisputeState, move: DisputeMove): DisputeState | undefined {
  const moves: Partial<Record<DisputeMove, DisputeState>> = disputeLifecycle[state];
  return moves[move];
}

export const isOver = (state: DisputeState): boolean => Object.keys(disputeLifecycle[state]).length === 0;

const MOVE_OF = { satisfied: 'satisfy', partly: 'decide_partly', declined: 'decline' } as const;
export const decisionMove = (outcome: DisputeOutcome): DisputeMove => MOVE_OF[outcome];

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
/** How long each state waits, and what time does then. Where it does nothing the deadline is the centre's, shown to all. */
export const TIME_BOXES = {
  filed: { ms: 2 * DAY_MS, byTime: 'admit' },
  evidence: { ms: 5 * DAY_MS, byTime: 'close_evidence' },
  decision: { ms: 5 * DAY_MS, byTime: null },
  satisfied: { ms: 7 * DAY_MS, byTime: 'finish' },
  partly: { ms: 7 * DAY_MS, byTime: 'finish' },
  declined: { ms: 7 * DAY_MS, byTime: 'finish' },
  appealed: { ms: 7 * DAY_MS, byTime: null },
  final: null,
  agreed: null,
  withdrawn: null,
  rejected: null,
} as const satisfies Record<
  DisputeState,
  { readonly ms: number; readonly byTime: 'admit' | 'close_evidence' | 'finish' | null } | null
>;
/** Evidence in an appeal. */
export const APPEAL_EVIDENCE_MS = 3 * DAY_MS;
/** What a side has to pay that its free money does not cover now. */
export const LATER_MS = 7 * DAY_MS;
