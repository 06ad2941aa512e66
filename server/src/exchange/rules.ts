/** The real rules of the market, as the host runs them. */
import { hash } from 'node:crypto';
import {
  type EngineState,
  RULES_VERSION,
  SNAPSHOT_VERSION,
  apply,
  createState,
  dueTimers,
  nextDeadline,
  outageCommands,
  restore,
  snapshot,
  stateHash,
  step,
} from '@seam/engine';
import { instant } from '@seam/units';
import type { EngineRules } from './types.ts';

export const marketRules: EngineRules<EngineState> = {
  version: `auction-${RULES_VERSION}.${SNAPSHOT_VERSION}`,
  create: createState,
  step,
  apply,
  dueTimers: (state, at) => dueTimers(state, instant(at)),
  outageCommands,
  nextDeadline,
  stateHash: (state) => stateHash(state, (text) => hash('sha256', text, 'hex')),
  snapshot,
  restore,
};
