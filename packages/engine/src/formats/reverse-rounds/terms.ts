/** What an auction in rounds asks of its own terms. In order: a rule may rely on those above it. */
import { type Rule, firstBroken, isInteger } from '../../auction/rules.ts';
import { BUYING_RULES, isDecrement } from '../../scoring/terms.ts';
import { lengthMs } from './timetable.ts';
import type { ReverseRoundsTerms } from './types.ts';

/** Ten rounds of a hundred two-minute turns are a day and a half. */
const ROUNDS_MAX = 10;
const BIDDERS_MAX = 100;

/** A turn or a pause of more than a day is a typing error. */
const STEP_MS_MAX = 86_400_000;

const RULES: readonly Rule<ReverseRoundsTerms>[] = [
  ...BUYING_RULES,
  // The timetable says when everything ends.
  ['softClose.mode', (t) => t.softClose.mode === 'none'],
  ['startsAt', (t) => isInteger(t.startsAt, t.opensAt + 1, t.closesAt - 1)],
  ['biddersMax', (t) => isInteger(t.biddersMax, 2, BIDDERS_MAX)],
  ['rounds', (t) => isInteger(t.rounds, 1, ROUNDS_MAX)],
  ['firstPauseMs', (t) => isInteger(t.firstPauseMs, 0, STEP_MS_MAX)],
  ['pauseMs', (t) => isInteger(t.pauseMs, 0, STEP_MS_MAX)],
  ['turnMs', (t) => isInteger(t.turnMs, 1, STEP_MS_MAX)],
  ['announcementMs', (t) => isInteger(t.announcementMs, 1, STEP_MS_MAX)],
  ['minimalStep', (t) => isDecrement(t.minimalStep, t)],
  // The close only ever moves forward from here, so it must leave room for all who may come.
  ['closesAt', (t) => t.closesAt - t.startsAt >= lengthMs(t, t.biddersMax)],
];

export const validateReverseRounds = (terms: ReverseRoundsTerms): string | null => firstBroken(RULES, terms);
