/**
 * The rows of recorded sealed-bid procurement: auction_id, reserve_price_jpy (the ceiling), min_price_jpy
 * (the floor, may be empty), bidder_id, bid_jpy (empty: no price was recorded), result_note. Columns are
 * found by name. A row that cannot be is refused with its line and a code that stays; the others count.
 */
import { csvRecords } from '../../../listings/csv-records.ts';
import { ReplayError } from '../error.ts';

export type RecordedBid = {
  readonly line: number;
  readonly bidderId: string;
  /** Yen for the whole work. */
  readonly price: number;
  /** Why it was not considered, as the record says; null: it was. */
  readonly setAside: string | null;
};

export type RecordedAuction = {
  readonly auctionId: string;
  readonly ceiling: number | null;
  readonly floor: number | null;
  readonly bids: readonly RecordedBid[];
};

export type RefusedRow = {
  readonly line: number;
  readonly code: 'csv' | 'columns' | 'auction_id' | 'bidder_id' | 'price' | 'ceiling' | 'floor' | 'conflict';
};

export type Recorded = {
  readonly auctions: readonly RecordedAuction[];
  readonly refused: readonly RefusedRow[];
};

const COLUMNS = [
  'auction_id',
  'reserve_price_jpy',
  'min_price_jpy',
  'bidder_id',
  'bid_jpy',
  'result_note',
] as const;
type Column = (typeof COLUMNS)[number];

/** Ids become ids of the engine. */
const ID = /^[^\s,]{1,100}$/;
/** Whole yen, as the records write them; a thousand times the largest work recorded there. */
const YEN = /^[1-9]\d{0,11}$/;

type Row = { readonly line: number; readonly text: Readonly<Record<Column, string>> };
type Building = { ceiling: number | null; floor: number | null; bids: RecordedBid[] };

/** @throws ReplayError when the header is of another form. */
export async function readRecorded(input: Uint8Array): Promise<Recorded> {
  const auctions = new Map<string, Building>();
  const refused: RefusedRow[] = [];
  let header: readonly string[] | undefined;
  for await (const record of csvRecords(chunks(input), () => header?.length)) {
    const { line } = record;
    if (!header) {
      header = headerOf('fields' in record ? record.fields : []);
      continue;
    }
    if (!('fields' in record)) refused.push({ line, code: 'csv' });
    else if (record.fields.length !== header.length) refused.push({ line, code: 'columns' });
    else {
      const { fields } = record;
      const at = (name: Column): string => fields[header?.indexOf(name) ?? -1]?.trim() ?? '';
      const text = Object.fromEntries(COLUMNS.map((name) => [name, at(name)])) as Row['text'];
      const code = add(auctions, { line, text });
      if (code) refused.push({ line, code });
    }
  }
  if (!header) throw new ReplayError('replay.header_unknown', 'the file is empty');
  return { auctions: [...auctions].map(([auctionId, auction]) => ({ auctionId, ...auction })), refused };
}

async function* chunks(input: Uint8Array): AsyncGenerator<Uint8Array> {
  yield input;
}

function headerOf(fields: readonly string[]): readonly string[] {
  const names = fields.map((name) => name.trim());
  const missing = COLUMNS.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new ReplayError('replay.header_unknown', `columns missing: ${missing.join(', ')}`);
  }
  return names;
}

/** @returns why the row is refused; then nothing was added. */
function add(auctions: Map<string, Building>, { line, text }: Row): RefusedRow['code'] | undefined {
  const { auction_id: auctionId, bidder_id: bidderId, result_note: note } = text;
  if (!ID.test(auctionId)) return 'auction_id';
  if (!ID.test(bidderId)) return 'bidder_id';
  const ceiling = yenOf(text.reserve_price_jpy);
  const floor = yenOf(text.min_price_jpy);
  const price = yenOf(text.bid_jpy);
  if (ceiling === undefined) return 'ceiling';
  if (floor === undefined || (floor !== null && ceiling !== null && floor > ceiling)) return 'floor';
  if (price === undefined) return 'price';
  const auction = auctions.get(auctionId) ?? { ceiling, floor, bids: [] };
  if (auction.ceiling !== ceiling || auction.floor !== floor) return 'conflict';
  auctions.set(auctionId, auction);
  if (price !== null) auction.bids.push({ line, bidderId, price, setAside: setAside(note) });
  return undefined;
}

/** Null when empty, undefined when it is no price. */
function yenOf(text: string): number | null | undefined {
  if (text === '') return null;
  return YEN.test(text) ? Number(text) : undefined;
}

function setAside(note: string): string | null {
  return note === '' || /^won\b/i.test(note) ? null : note;
}
