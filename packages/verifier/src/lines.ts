/** Each line in its turn: whether it came in time, what it told, and where it moved the end. */
import { served, threshold, toil } from './award.ts';
import type { Fields, Line } from './chain.ts';
import { couldAnswer, priceOf } from './formats/english.ts';
import { formatOf, turnsAt } from './formats/index.ts';
import { afterwards } from './afterwards.ts';
import { life } from './life.ts';
import { isNight, laterBy } from './nights.ts';
import { isJustified } from './refusals.ts';
import { compare, score } from './share.ts';
import type { Standing, Trial } from './trial.ts';

export type Must = (holds: boolean, code: string, says: string) => void;

export function hearLine(trial: Trial, { command, events, at, seq }: Line, must: Must): void {
  must(seq > trial.seq && at >= trial.at, 'order_broken', 'lines go forward in number and time');
  Object.assign(trial, { seq, at });
  toil(trial, trial.bids.size + trial.sealed.size);
  const format = formatOf(trial);
  const bidding = events.some(({ type }) => Object.hasOwn(format.events, type));
  if (bidding) inTime(trial, command, must);
  const before = { ...trial };
  let early: number | null = null;
  let asked: readonly string[] | null = null;
  for (const event of events) {
    const { type, rejection } = event;
    if (type === 'command_rejected')
      must(isJustified(trial, rejection, command), 'refused_wrongly', `${rejection.code} was not so`);
    // One that cannot answer is done for this line, whatever the others' answers leave it then.
    if (type === 'bids_raised') asked = answering({ ...trial, standing: standingOf(trial) });
    const of = [life, format, afterwards].find((one) => Object.hasOwn(one.events, type));
    must(of !== undefined, 'event_unknown', `${type} is no word of these rules`);
    for (const [code, says, holds] of of?.rules[type] ?? []) must(holds(trial, event), code, says);
    of?.events[type]?.(trial, event);
    early ??= format.endsEarly?.(before, event, command?.deadline) ?? null;
  }
  if (bidding) outcome(trial, before, { events, early, asked }, must);
}

/** A bid comes while it may; a round, step or phase ends when it is due. */
function inTime(trial: Trial, command: Fields, must: Must): void {
  const { state, at, end, terms } = trial;
  const due = turnsAt(trial);
  must(state === 'open', 'bid_while_closed', 'bids are taken only while the auction is open');
  if (command?.type === 'turn_auction')
    must(command.deadline === due && at >= due, 'turn_wrong', 'a round, step or phase ends at its time');
  else
    must(at < end && at < due && !isNight(terms, at), 'bid_late', 'what comes at an end or after it is late');
}

type Told = {
  readonly events: readonly Fields[];
  readonly early: number | null;
  /** Who could answer before anybody did; null when nobody did. */
  readonly asked: readonly string[] | null;
};

/**
 * After a bid: what was told of the standing, where it moved the end, and that no instruction kept silent.
 * One that could not answer before others did is done for this line, whatever their answers leave it.
 */
function outcome(trial: Trial, before: Trial, { events, early, asked }: Told, must: Must): void {
  trial.standing = standingOf(trial);
  const { won, margin } = trial.standing;
  const changed = !isSame(before.standing, trial.standing);
  for (const told of events.filter(({ standingChanged }) => standingChanged !== undefined)) {
    const [wins, price] = [won.get(told.accountId) ?? 0, priceOf(margin)];
    const { allocated, standingChanged, marginalPrice = price } = told;
    const holds = allocated === wins && standingChanged === changed && marginalPrice === price;
    must(holds, 'standing_differs', `by the rules the bid wins ${wins} lots at a margin of ${price}`);
  }
  const wanted = early ?? (changed ? extendedEnd(before) : null);
  const moved = events.find(({ type }) => type === 'auction_extended' || type === 'auction_shortened');
  const says = wanted === null ? 'the end does not move' : `the end moves to ${wanted}`;
  must((moved?.closesAt ?? null) === wanted, 'end_wrong', says);
  for (const who of answering(trial))
    must(asked?.includes(who) === false, 'instruction_silent', `the instruction of ${who} answers`);
}

function answering(trial: Trial): readonly string[] {
  return [...trial.instructions.keys()].filter((who) => couldAnswer(trial, who));
}

function standingOf(trial: Trial): Standing {
  const { terms, bids } = trial;
  const isOpen = terms.format === 'english' || terms.format === 'reverse_open';
  const rank = isOpen ? served(trial, bids.values()) : [];
  const won = new Map(rank.map((bid) => [bid.who, bid.won]));
  const winners = rank.filter((bid) => bid.won > 0);
  const last = winners.at(-1);
  const isSold = winners.reduce((rest, bid) => rest - bid.won, terms.quantity) === 0;
  if (!last || !isSold) return { won, margin: null };
  if (terms.proxy !== 'threshold') return { won, margin: score(terms, last) };
  return { won, margin: [-BigInt(Math.min(...winners.map((bid) => threshold(trial, bid)))), 1n] };
}

function isSame(a: Standing, b: Standing): boolean {
  const isMargin = a.margin && b.margin ? compare(a.margin, b.margin) === 0 : a.margin === b.margin;
  return isMargin && [...b.won].every(([who, won]) => won === (a.won.get(who) ?? 0));
}

/** Where a bid that changed the standing moves the end, by the mode of the soft close; null: nowhere. */
function extendedEnd({ terms, at, end, hardEnd, extensions }: Trial): number | null {
  const { mode, extensionsMax, windowMs, extensionMs, quietMs } = terms.softClose;
  if (mode === 'none' || extensions >= extensionsMax) return null;
  let wanted: number = end - at > windowMs ? end : at + extensionMs;
  if (mode === 'phase') wanted = (extensions === 0 ? end : at) + extensionMs;
  if (mode === 'cooloff') wanted = laterBy(terms, at, quietMs);
  const later = Math.min(hardEnd, wanted);
  return later > end ? later : null;
}
