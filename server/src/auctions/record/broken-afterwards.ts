/** Bugs that an engine can have before the opening of a catalogue's lot and after a close. As in `broken-engines.ts`. */
import { type Bug, type Lines, all, first } from './broken-engines.ts';

/** The line that ends a standstill, unless bidding ended in the same line. */
const afterStandstill = (lines: Lines) =>
  lines.find(
    ({ command, events }) =>
      command?.['type'] === 'end_standstill' && events.some(({ type }) => type === 'auction_awarded'),
  );

export const AFTER_BUGS: readonly Bug[] = [
  {
    bug: 'a standstill is cut short',
    falsify(lines) {
      const closed = all(lines, 'auction_closed').find(({ event }) => event['standstillEndsAt'] !== null);
      if (closed) closed.event['standstillEndsAt'] -= 1;
      return closed !== undefined;
    },
  },
  {
    bug: 'an award is final while complaints are heard',
    falsify(lines) {
      const line = afterStandstill(lines);
      const before = lines[lines.indexOf(line!) - 1];
      if (!line || !before || before.at === line.at) return false;
      line.at = before.at;
      return true;
    },
  },
  {
    bug: 'the final award is another than the provisional one',
    falsify(lines) {
      const award = afterStandstill(lines)?.events.find(({ type }) => type === 'auction_awarded');
      if (award) award['awards'][0]['price'] += 1;
      return award !== undefined;
    },
  },
  {
    bug: 'a waived reserve gives a winner more',
    falsify: first('reserve_waived', ({ event }) => ((event['awards'][0]['quantity'] += 1), true)),
  },
  {
    bug: 'what falls goes to somebody who did not wait',
    falsify(lines) {
      const passed = all(lines, 'award_pending').find(
        ({ line }) => !line.events.some(({ type }) => type === 'auction_awarded'),
      );
      if (passed) passed.event['accountId'] = '0123456789abcdef';
      return passed !== undefined;
    },
  },
  {
    bug: 'more is handed on than fell',
    falsify(lines) {
      const passed = all(lines, 'award_pending').find(
        ({ line }) => !line.events.some(({ type }) => type === 'auction_awarded'),
      );
      if (passed) passed.event['quantity'] += 1_000;
      return passed !== undefined;
    },
  },
  {
    bug: 'an award is confirmed by somebody else',
    falsify: first('award_confirmed', ({ event }) => ((event['accountId'] = '0123456789abcdef'), true)),
  },
  {
    bug: 'an auction is over while a winner is still asked',
    falsify(lines) {
      const place = lines.findIndex(({ events }) =>
        events.some(
          ({ type }) => type === 'award_declined' || type === 'award_lapsed' || type === 'award_concluded',
        ),
      );
      const line = lines[place];
      if (!line || !all(lines, 'auction_completed').length) return false;
      line.events = line.events.filter(({ type }) => !/^award_(declined|lapsed|concluded)$/.test(type));
      if (line.events.length === 0) lines.splice(place, 1);
      return true;
    },
  },
  {
    bug: 'a lot opens before it is called',
    falsify(lines) {
      const line = lines.find(({ events }) => events.some(({ type }) => type === 'auction_called'));
      if (!line || all(lines, 'auction_opened').length === 0) return false;
      line.events = line.events.filter(({ type }) => type !== 'auction_called');
      if (line.events.length === 0) lines.splice(lines.indexOf(line), 1);
      return true;
    },
  },
];
