/**
 * The order messages of the public matching benchmark, as columns a book can take.
 *
 * A header of 16 bytes with the count at byte 12, then records of 40 bytes, all little-endian: type, side,
 * immediate-or-cancel, unused (a byte each), u32 quantity, u64 sequence, u64 order id, i64 price, 8 unused.
 * Ids and prices of 64 bits become small numbers here; what they were is kept for the reports.
 */
import { QUANTITY_MAX } from '@seam/engine/book';
import { ReplayError } from './error.ts';
import { type PriceScale, priceScale } from './price-scale.ts';

const HEADER = 16;
const RECORD = 40;
export const NEW = 0;
export const CANCEL = 1;
export const MODIFY = 2;

export type Messages = {
  readonly count: number;
  readonly types: Uint8Array;
  readonly sides: Uint8Array;
  readonly immediates: Uint8Array;
  readonly quantities: Int32Array;
  /** From 1. */
  readonly ids: Int32Array;
  /** Ticks, from 1; 0 for cancels, which name no price. */
  readonly ticks: Int32Array;
  readonly scale: PriceScale;
  /** What a message called itself and an id was in the file. */
  readonly sequence: (message: number) => number | bigint;
  readonly name: (id: number) => number | bigint;
};

/** @throws ReplayError when the file is cut, or a record cannot be what it says. */
export function decodeMessages(bytes: Buffer): Messages {
  const count = countOf(bytes);
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const types = new Uint8Array(count);
  const sides = new Uint8Array(count);
  const immediates = new Uint8Array(count);
  const quantities = new Int32Array(count);
  for (let message = 0, at = HEADER; message < count; message++, at += RECORD) {
    const type = (types[message] = bytes[at]!);
    sides[message] = bytes[at + 1]!;
    immediates[message] = bytes[at + 2]!;
    const quantity = data.getUint32(at + 4, true);
    quantities[message] = quantity;
    if (type > MODIFY) invalid(message, `type ${type} is none of 0, 1, 2`);
    if (sides[message]! > 1) invalid(message, `side ${sides[message]} is neither 0 nor 1`);
    if (immediates[message]! > 1)
      invalid(message, `immediate-or-cancel ${immediates[message]} is neither 0 nor 1`);
    if (type !== CANCEL && (quantity < 1 || quantity > QUANTITY_MAX)) {
      invalid(message, `quantity ${quantity} is outside 1..${QUANTITY_MAX}`);
    }
  }
  const sequence = (message: number) => unsigned(data, HEADER + message * RECORD + 8);
  return {
    count,
    types,
    sides,
    immediates,
    quantities,
    sequence,
    ...prices(data, types),
    ...orderIds(data, count),
  };
}

function countOf(bytes: Buffer): number {
  if (bytes.length < HEADER) {
    throw new ReplayError(
      'replay.file_truncated',
      `${bytes.length} bytes are less than a header of ${HEADER}`,
    );
  }
  const count = bytes.readUInt32LE(12);
  const records = (bytes.length - HEADER) / RECORD;
  if (records !== count) {
    throw new ReplayError(
      'replay.file_truncated',
      `the header counts ${count} records, the file holds ${records}`,
    );
  }
  return count;
}

/** Exact: a number up to 2^53, else a bigint. */
function unsigned(data: DataView, at: number): number | bigint {
  const high = data.getUint32(at + 4, true);
  return high < 0x20_0000 ? high * 2 ** 32 + data.getUint32(at, true) : data.getBigUint64(at, true);
}

function prices(data: DataView, types: Uint8Array): Pick<Messages, 'ticks' | 'scale'> {
  const known = new Map<number | bigint, number>();
  const places = new Int32Array(types.length);
  const seen: bigint[] = [];
  for (let message = 0, at = HEADER + 24; message < types.length; message++, at += RECORD) {
    if (types[message] === CANCEL) continue;
    const high = data.getInt32(at + 4, true);
    const near = high >= -0x20_0000 && high < 0x20_0000;
    const price = near ? high * 2 ** 32 + data.getUint32(at, true) : data.getBigInt64(at, true);
    let place = known.get(price);
    if (place === undefined) {
      place = seen.push(BigInt(price));
      known.set(price, place);
    }
    places[message] = place;
  }
  const scale = priceScale(new Set(seen));
  const tickOf = Int32Array.from([0, ...seen.map(scale.tick)]);
  return { scale, ticks: places.map((place) => tickOf[place]!) };
}

/** Ids that are about as dense as messages are used as they are, one up; others are numbered as they come. */
function orderIds(data: DataView, count: number): Pick<Messages, 'ids' | 'name'> {
  const ids = new Int32Array(count);
  const dense = Math.min(2 ** 31 - 2, 1_000_000 + 16 * count);
  let message = 0;
  for (let at = HEADER + 16; message < count; message++, at += RECORD) {
    const id = unsigned(data, at);
    if (typeof id === 'bigint' || id > dense) break;
    ids[message] = id + 1;
  }
  if (message === count) return { ids, name: (id) => id - 1 };
  const numbers = new Map<number | bigint, number>();
  const names: (number | bigint)[] = [0];
  for (let again = 0, at = HEADER + 16; again < count; again++, at += RECORD) {
    const name = unsigned(data, at);
    let id = numbers.get(name);
    if (id === undefined) {
      id = names.push(name) - 1;
      numbers.set(name, id);
    }
    ids[again] = id;
  }
  return { ids, name: (id) => names[id]! };
}

function invalid(message: number, why: string): never {
  throw new ReplayError('replay.record_invalid', `record ${message}: ${why}`);
}
