/** The colour of a state of a request for transport or a quote. */
import type { QuoteState, TransportState } from '@seam/protocol';
import type { Tone } from '#lib/ui/tone.ts';

const TONES: Readonly<Record<QuoteState | TransportState, Tone>> = {
  open: 'info',
  offered: 'info',
  accepted: 'good',
  cancelled: 'neutral',
  expired: 'neutral',
  declined: 'neutral',
  withdrawn: 'neutral',
};

export function toneOf(state: QuoteState | TransportState): Tone {
  return TONES[state];
}
