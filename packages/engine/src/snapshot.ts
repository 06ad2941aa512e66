/**
 * The whole state as one canonical text. Two engines that went through the same entries write the
 * same bytes, so the hash of this text says whether they agree.
 */
import { type Instant, instant } from '@seam/units';
import { assert } from './assert.ts';
import { type Canonical, canonicalJson, compareText } from './canonical.ts';
import { deadlineOf } from './auction/deadline.ts';
import { watchDeadline } from './market/index.ts';
import { type MarketDocument, readMarket, writeMarket } from './market/snapshot.ts';
import { type Awarding, awardingDeadline } from './auction/awarding/state.ts';
import { type Auction, type Catalogue, type EndedAuction, type EngineState, createState } from './state.ts';

/** Changes with the layout below; an older snapshot is not read but replayed past. */
export const SNAPSHOT_VERSION = 7;

type Document = {
  readonly version: number;
  readonly seq: number;
  readonly lastAt: Instant;
  readonly auctions: readonly AuctionDocument[];
  readonly ended: readonly (EndedAuction & { readonly auctionId: string })[];
  /** These two are left out while there are none, as in snapshots from before there were any. */
  readonly awardings?: readonly Awarding[];
  readonly catalogues?: readonly Catalogue[];
  readonly markets: readonly MarketDocument[];
};

type AuctionDocument = Omit<Auction, 'bidders' | 'security' | 'called'> & {
  /** Left out while true. */
  readonly called?: false;
  readonly bidders: readonly string[];
  readonly security: readonly (readonly [string, string])[];
};

/** Writes `state` so that `restore` gives it back. */
export function snapshot(state: EngineState): string {
  const document: Document = {
    version: SNAPSHOT_VERSION,
    seq: state.seq,
    lastAt: state.lastAt,
    auctions: byId(state.auctions).map(([, auction]) => writeAuction(auction)),
    ended: byId(state.ended).map(([auctionId, ended]) => ({ auctionId, ...ended })),
    ...(state.awardings.size > 0 && { awardings: valuesById(state.awardings) }),
    ...(state.catalogues.size > 0 && { catalogues: valuesById(state.catalogues) }),
    markets: byId(state.markets).map(([, market]) => writeMarket(market)),
  };
  return canonicalJson(document satisfies Canonical);
}

/**
 * Reads a snapshot back.
 * @throws InvariantError when the text is of another version or does not write itself again; a
 *   SyntaxError when it is no JSON. The caller then replays from an older one.
 */
export function restore(text: string): EngineState {
  // Checked below: what is read must write the same text.
  const document = JSON.parse(text) as Document;
  assert(document.version === SNAPSHOT_VERSION, `snapshot version ${document.version}`);
  const state = createState();
  state.seq = document.seq;
  state.lastAt = instant(document.lastAt);
  for (const written of document.auctions) {
    const auction = readAuction(written);
    state.auctions.set(auction.terms.auctionId, auction);
    const deadline = deadlineOf(auction);
    if (deadline !== null) state.deadlines.set(auction.terms.auctionId, deadline);
  }
  for (const { auctionId, state: as, closedSeq, closedAt } of document.ended) {
    state.ended.set(auctionId, { state: as, closedSeq, closedAt });
  }
  for (const awarding of document.awardings ?? []) {
    const { auctionId } = awarding.terms;
    state.awardings.set(auctionId, awarding);
    const deadline = awardingDeadline(awarding);
    if (deadline !== null) state.deadlines.set(auctionId, deadline);
  }
  for (const catalogue of document.catalogues ?? []) {
    state.catalogues.set(catalogue.terms.catalogueId, catalogue);
  }
  for (const written of document.markets) {
    const market = readMarket(written);
    state.markets.set(market.terms.instrumentId, market);
    watchDeadline(state, market);
  }
  assert(snapshot(state) === text, 'snapshot does not reproduce itself');
  return state;
}

/**
 * The SHA-256 of the snapshot text, by the caller's digest (`node:crypto` on a server): this package
 * runs in browsers too and brings no cryptography of its own.
 */
export function stateHash(state: EngineState, sha256: (text: string) => string): string {
  return sha256(snapshot(state));
}

function writeAuction({ bidders, security, called, ...rest }: Auction): AuctionDocument {
  return {
    ...rest,
    ...(called ? {} : { called }),
    bidders: [...bidders],
    security: byId(security).map(([id, amount]) => [id, amount.toString()] as const),
  };
}

/** Field by field: every auction has the same shape, whether it was scheduled here or read back. */
function readAuction(written: AuctionDocument): Auction {
  return {
    terms: written.terms,
    state: written.state,
    called: written.called ?? true,
    closesAt: written.closesAt,
    hardEndAt: written.hardEndAt,
    extensions: written.extensions,
    countedUntil: written.countedUntil,
    frozen: written.frozen,
    room: written.room,
    bidders: new Set(written.bidders),
    excluded: written.excluded,
    security: new Map(written.security.map(([id, amount]) => [id, BigInt(amount)])),
  };
}

function byId<Value>(map: ReadonlyMap<string, Value>): readonly [string, Value][] {
  return [...map].sort(([a], [b]) => compareText(a, b));
}

function valuesById<Value>(map: ReadonlyMap<string, Value>): readonly Value[] {
  return byId(map).map(([, value]) => value);
}
