/** Nobody leads here again, and nobody takes from the queue. */
const ENDED = ['fenced', 'halted', 'stopped'] as const;
export type HostPhase = 'idle' | 'waiting' | 'recovering' | 'leading' | (typeof ENDED)[number];

export const hasEnded = (phase: HostPhase): boolean => ENDED.some((ended) => ended === phase);
