/** Every way of finding a price, by the name the terms give it. */
import type { Format, Trial } from '../trial.ts';
import { open, rounds } from './buying.ts';
import { clock } from './clock.ts';
import { english } from './english.ts';
import { dutch, hybrid } from './falling.ts';
import { sealed } from './sealed.ts';

const FORMATS = new Map<string, Format>([
  ['english', english],
  ['clock', clock],
  ['dutch', dutch],
  ['dutch_hybrid', hybrid],
  ['sealed_bid', sealed],
  ['reverse_open', open],
  ['reverse_rounds', rounds],
]);
const UNKNOWN: Format = { events: {}, rules: {} };

export const formatOf = ({ terms }: Trial): Format => FORMATS.get(terms.format) ?? UNKNOWN;

/** When the running round, step or phase ends: counted back from the end, so that what moves it moves all. */
export const turnsAt = (trial: Trial): number => formatOf(trial).turnsAt?.(trial) ?? Infinity;
