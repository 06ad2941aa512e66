/** The life of an inspection as a table: what is not listed cannot happen. */
import type { InspectionState } from '@seam/protocol';

export type InspectionMove =
  | 'sample'
  | 'prepare'
  | 'analyse'
  | 'certify'
  | 'accept'
  | 'reject'
  | 'challenge'
  | 'send_reserve'
  | 'confirm'
  | 'differ'
  | 'decide'
  | 'return'
  | 'renegotiate'
  | 'salvage';

const OUTCOMES = { return: 'returned', renegotiate: 'renegotiated', salvage: 'salvaged' } as const;

export const inspectionLifecycle = {
  // A laboratory that took its own sample may send its certificate at any time before there is one.
  planned: { sample: 'sampled', certify: 'certified' },
  sampled: { prepare: 'prepared', certify: 'certified' },
  prepared: { analyse: 'analysed', certify: 'certified' },
  analysed: { certify: 'certified' },
  certified: { accept: 'accepted', reject: 'rejected', challenge: 'challenged', ...OUTCOMES },
  accepted: {},
  challenged: { send_reserve: 'reserve_test' },
  reserve_test: { confirm: 'final', differ: 'umpire', reject: 'rejected' },
  umpire: { decide: 'final', reject: 'rejected' },
  final: {},
  // Beyond a limit: both sides agree on what becomes of the coal, or the centre decides.
  rejected: OUTCOMES,
  returned: {},
  renegotiated: {},
  salvaged: {},
} as const satisfies Record<InspectionState, Partial<Record<InspectionMove, InspectionState>>>;

/** @returns undefined when the move is not possible from `state`. */
export function moveInspection(state: InspectionState, move: InspectionMove): InspectionState | undefined {
  const moves: Partial<Record<InspectionMove, InspectionState>> = inspectionLifecycle[state];
  return moves[move];
}
