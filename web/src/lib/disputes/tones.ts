import type { DisputeState } from '@seam/protocol';
import type { Tone } from '#lib/ui/tone.ts';

export const disputeTones: Record<DisputeState, Tone> = {
  filed: 'accent',
  evidence: 'info',
  decision: 'accent',
  satisfied: 'warn',
  partly: 'warn',
  declined: 'warn',
  appealed: 'accent',
  final: 'good',
  agreed: 'good',
  withdrawn: 'neutral',
  rejected: 'neutral',
};
