/** The commands of an order record: `seq,ts_ns,cmd,order_id,side,qty,price_1e4`, a line each. */
import { BUY, QUANTITY_MAX, SELL, type Side } from '@seam/engine/book';
import { ReplayError } from './error.ts';

const HEADER = 'seq,ts_ns,cmd,order_id,side,qty,price_1e4';

/** What a line asks for. SEED rested before the record begins; EXEC fills the order it names, whoever is ahead. */
const COMMANDS = ['SEED', 'ADD', 'REDUCE', 'DELETE', 'TAKE', 'EXEC', 'PURGE'] as const;
export type RecordedCommand = (typeof COMMANDS)[number];

export type Recorded = {
  readonly seq: string;
  readonly time: string;
  readonly command: RecordedCommand;
  readonly orderId: string;
  readonly side: Side;
  readonly quantity: number;
  readonly price: bigint;
};

/** @throws ReplayError naming the line. */
export function parseCommands(text: string): Recorded[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines[0] !== HEADER) {
    throw new ReplayError('replay.header_unknown', `line 1 is not ${HEADER}`);
  }
  return lines.slice(1).map((line, index) => parseLine(line, index + 2));
}

function parseLine(line: string, number: number): Recorded {
  const fields = line.split(',');
  if (fields.length !== 7) invalid(number, `${fields.length} fields instead of 7`);
  const [seq, time, command, orderId, side, quantity, price] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (!isCommand(command)) {
    const known = COMMANDS.join(', ');
    throw new ReplayError(
      'replay.command_unknown',
      `line ${number}: ${JSON.stringify(command)} is none of ${known}`,
    );
  }
  for (const [name, value] of Object.entries({ seq, ts_ns: time, order_id: orderId, qty: quantity })) {
    if (!/^\d{1,20}$/.test(value)) invalid(number, `${name} is ${JSON.stringify(value)}, not a whole number`);
  }
  if (!/^-?\d{1,19}$/.test(price))
    invalid(number, `price_1e4 is ${JSON.stringify(price)}, not a whole number`);
  if (side !== 'B' && side !== 'S') invalid(number, `side is ${JSON.stringify(side)}, neither B nor S`);
  const lots = Number(quantity);
  if (lots < 1 || lots > QUANTITY_MAX) invalid(number, `qty ${quantity} is outside 1..${QUANTITY_MAX}`);
  return {
    seq,
    time,
    command,
    orderId,
    side: side === 'B' ? BUY : SELL,
    quantity: lots,
    price: BigInt(price),
  };
}

function isCommand(text: string): text is RecordedCommand {
  return (COMMANDS as readonly string[]).includes(text);
}

function invalid(line: number, why: string): never {
  throw new ReplayError('replay.record_invalid', `line ${line}: ${why}`);
}
