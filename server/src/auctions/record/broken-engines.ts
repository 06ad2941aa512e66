/**
 * What engines with one bug each would have published: the true lines with the bug's effect, which the
 * exchange would then have chained in good faith. Each returns false where this auction gives it no chance.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- they falsify whatever is there
export type Fields = Record<string, any>;
export type Lines = { seq: number; at: number; command: Fields | null; events: Fields[] }[];
export type Bug = { readonly bug: string; readonly falsify: (lines: Lines) => boolean };

export type Found = { line: Lines[number]; event: Fields };
export const all = (lines: Lines, type: string): Found[] =>
  lines.flatMap((line) =>
    line.events.filter((event) => event['type'] === type).map((event) => ({ line, event })),
  );
const only = (lines: Lines, type: string): Found | undefined => all(lines, type)[0];
export const terms = (lines: Lines): Fields => only(lines, 'auction_scheduled')!.event['terms'];
const awarded = (lines: Lines): Fields | undefined => only(lines, 'auction_awarded')?.event;

/** Changes the first thing of a type that lets itself be changed. */
export const first = (type: string, change: (found: Found, lines: Lines) => boolean) => (lines: Lines) =>
  all(lines, type).some((found) => change(found, lines));
export const award =
  (change: (awards: Fields[], event: Fields, lines: Lines) => boolean) => (lines: Lines) => {
    const event = awarded(lines);
    return event !== undefined && change(event['awards'], event, lines);
  };

/** Bugs of an engine whatever it sells by, and of the ascending auction. */
export const BUGS: readonly Bug[] = [
  { bug: 'a winner pays a tick more than it bid', falsify: award(([one]) => ((one!['price'] += 1), true)) },
  { bug: 'a winner pays a tick less', falsify: award(([one]) => ((one!['price'] -= 1), true)) },
  {
    bug: 'a winner gets a lot more than its share',
    falsify: award(([one]) => ((one!['quantity'] += 1), true)),
  },
  {
    bug: 'two winners get each other’s lots',
    falsify: award((awards) => {
      const [one, two] = awards;
      if (!one || !two || one['quantity'] === two['quantity']) return false;
      [one['quantity'], two['quantity']] = [two['quantity'], one['quantity']];
      return true;
    }),
  },
  {
    bug: 'the last winner is forgotten',
    falsify: award((awards, event) => {
      const gone = awards.pop();
      event['unsold'] += gone!['quantity'];
      return true;
    }),
  },
  { bug: 'a stranger wins', falsify: award(([one]) => ((one!['accountId'] = '0123456789abcdef'), true)) },
  {
    bug: 'what was won is called unsold',
    falsify: award((_, event) => {
      for (const key of ['awards', 'unsold', 'reserveMet']) delete event[key];
      event['type'] = 'auction_unsold';
      event['reason'] = 'reserve_not_met';
      return true;
    }),
  },
  {
    bug: 'the reserve is not looked at',
    falsify: award((awards, _, lines) => {
      if (terms(lines)['format'] !== 'english') return false;
      terms(lines)['reservePrice'] = Math.max(...awards.map((one) => one['price'] as number)) + 1_000;
      return true;
    }),
  },
  { bug: 'an award names another bid', falsify: award(([one]) => ((one!['bidSeq'] += 1), true)) },
  {
    bug: 'unsold lots are miscounted',
    falsify: award((_, event) => ((event['unsold'] += 1), true)),
  },
  {
    bug: 'a bid of the owner is taken',
    falsify: first(
      'bid_accepted',
      ({ event }, lines) => ((event['accountId'] = terms(lines)['ownerId']), true),
    ),
  },
  {
    bug: 'a bid from the owner’s group is taken',
    falsify: first(
      'bid_accepted',
      ({ event }, lines) => ((terms(lines)['excludedIds'] = [event['accountId']]), true),
    ),
  },
  {
    bug: 'a bid under the margin is taken',
    falsify: first(
      'bid_accepted',
      ({ event }, lines) => ((event['price'] = terms(lines)['startingPrice'] - 1), true),
    ),
  },
  {
    bug: 'a bidder is told another place than it has',
    falsify: first('bid_accepted', ({ event }, lines) => {
      if (terms(lines)['proxy'] !== 'none') return false;
      event['allocated'] = event['allocated'] === 0 ? 1 : 0;
      return true;
    }),
  },
  {
    bug: 'a late bid is taken',
    falsify: (lines) => {
      const bid = all(lines, 'bid_accepted').at(-1);
      const end = lines.findIndex((line) =>
        line.events.some((event) => /awarded|unsold/.test(event['type'])),
      );
      if (!bid || end < 0 || lines[end - 1] !== bid.line) return false;
      bid.line.at = lines[end]!.at;
      return true;
    },
  },
  {
    bug: 'a bid is taken before the opening',
    falsify: (lines) => {
      const opened = lines.findIndex((line) =>
        line.events.some((event) => event['type'] === 'auction_opened'),
      );
      const bid = lines.findIndex((line) => line.events.some((event) => event['type'] === 'bid_accepted'));
      if (opened < 0 || bid < 0) return false;
      const [early, late] = [lines[bid]!, lines[opened]!];
      [early.events, late.events] = [late.events, early.events];
      [early.command, late.command] = [late.command, early.command];
      return true;
    },
  },
  {
    bug: 'an extension is too long',
    falsify: first('auction_extended', ({ event }) => ((event['closesAt'] += 1_000_000), true)),
  },
  {
    bug: 'an extension moves the end forward',
    falsify: first('auction_extended', ({ event }) => ((event['closesAt'] -= 1_000_000), true)),
  },
  {
    bug: 'a late bid does not extend',
    falsify: (lines) => {
      if (terms(lines)['softClose'].mode !== 'window') return false;
      const line = lines.find(({ events }) =>
        events.some((event) => event['type'] === 'auction_extended' && events[0]!['type'] === 'bid_accepted'),
      );
      if (!line || terms(lines)['proxy'] !== 'none') return false;
      line.events = line.events.filter((event) => event['type'] !== 'auction_extended');
      return true;
    },
  },
  {
    bug: 'an auction closes before its end',
    falsify: (lines) => {
      const last = lines.findLast((line) =>
        line.events.some((event) => /awarded|unsold/.test(event['type'])),
      );
      if (!last || last.command?.['type'] !== 'close_auction') return false;
      terms(lines)['closesAt'] += 10_000_000;
      return only(lines, 'auction_extended') === undefined && only(lines, 'auction_resumed') === undefined;
    },
  },
  {
    bug: 'an auction ends twice',
    falsify: (lines) => {
      const end = lines.findLast((line) => line.events.some((event) => /awarded|unsold/.test(event['type'])));
      if (!end) return false;
      lines.push({ ...end, seq: lines.at(-1)!.seq + 1, at: lines.at(-1)!.at });
      return true;
    },
  },
  {
    bug: 'a good bid is refused as too low',
    falsify: first('command_rejected', ({ line, event }, lines) => {
      if (line.command?.['type'] !== 'place_bid' || terms(lines)['format'] !== 'english') return false;
      if (event['rejection'].code !== 'bid_below_increment' || terms(lines)['proxy'] !== 'none') return false;
      event['rejection'] = { code: 'bid_price_below_start' };
      return true;
    }),
  },
];
