/** Auctions in each state that has a face of its own. */
import { createKeyPart, publicKeyOf } from '@seam/client';
import { auctionRoutes, requestRoutes } from '@seam/protocol';
import type { Party } from '../../../../server/test/trade/party.ts';
import { auctionLot } from './lots.ts';
import { type People, until } from './people.ts';

export type Auctions = {
  /** Open for an hour, with bids. */
  readonly live: string;
  /** Over; the bidder of `buyer` has to confirm. */
  readonly closed: string;
  readonly scheduled: string;
  readonly sealed: string;
  readonly reverse: string;
};

const ENGLISH = {
  format: 'english',
  bidIncrement: '5.00',
  maximumIncrement: '60.00',
  minimumBidQuantity: '100',
} as const;
const HOUR_MS = 3600_000;

export async function openAuctions(people: People): Promise<Auctions> {
  const { seller, buyer, rival } = people;
  const window = { windowSeconds: 120, extensionSeconds: 120, extensionsMax: 10, hardEndAfterSeconds: 900 };
  const waiting = { biddersMaximum: 1, confirmSeconds: 86_400, signSeconds: 86_400 };
  const [live, closed, scheduled, sealed, reverse] = await Promise.all([
    put(seller, { ...ENGLISH, softClose: window }, { inMs: 0, closesInMs: HOUR_MS }),
    put(seller, { ...ENGLISH, softClose: { mode: 'none' }, waiting }, { inMs: 0, closesInMs: 30_000 }),
    put(seller, { ...ENGLISH, softClose: window }, { inMs: HOUR_MS, closesInMs: 2 * HOUR_MS }),
    putSealed(seller),
    putReverse(buyer),
  ]);
  await Promise.all([bidOn(live, people), bidOn(closed, people)]);
  await until('the short auction is over', async () => (await stateOf(rival, closed)) === 'awarded');
  return { live, closed, scheduled, sealed, reverse };
}

async function put(seller: Party, terms: object, at: { inMs: number; closesInMs: number }): Promise<string> {
  const body = {
    listingId: await auctionLot(seller),
    startingPrice: '600.00',
    bidSecurity: { mode: 'per_tonne', amountPerTonne: '10.00' },
    ...(at.inMs > 0 && { opensAt: new Date(Date.now() + at.inMs).toISOString() }),
    closesAt: new Date(Date.now() + at.closesInMs).toISOString(),
    ...terms,
  };
  return (await seller.must(auctionRoutes.scheduleAuction, { body: body as never })).id;
}

async function putSealed(seller: Party): Promise<string> {
  const [owner, exchange] = await Promise.all([createKeyPart(), createKeyPart()]);
  const secrecy = {
    mode: 'split_key',
    publicKey: publicKeyOf({ owner: owner.publicPart, exchange: exchange.publicPart }),
    ownerShareDigest: owner.shareDigest,
    exchangeShareDigest: exchange.shareDigest,
  };
  const terms = { format: 'sealed_bid', secrecy, openingSeconds: 600, minimumBidQuantity: '500' };
  return put(seller, terms, { inMs: 0, closesInMs: HOUR_MS });
}

/** A buyer's need put out to tender. */
async function putReverse(buyer: Party): Promise<string> {
  const own = await buyer.must(requestRoutes.listRequests, { query: { scope: 'own' } });
  const request = own.items.find(({ state }) => state !== 'draft' && state !== 'in_auction');
  if (!request) throw new Error('the buyer has no request');
  const body = {
    requestId: request.id,
    format: 'reverse_open',
    startingPrice: '700.00',
    bidSecurity: { mode: 'per_tonne', amountPerTonne: '10.00' },
    decrement: { mode: 'absolute', amount: '5.00' },
    minimumBidQuantity: '500',
    softClose: { mode: 'none' },
    closesAt: new Date(Date.now() + HOUR_MS).toISOString(),
  };
  return (await buyer.must(auctionRoutes.scheduleAuction, { body: body as never })).id;
}

const stateOf = async (who: Party, id: string): Promise<string> =>
  (await who.must(auctionRoutes.auction, { params: { id } })).state;

/** Two bidders outbid each other; both win something. */
async function bidOn(id: string, { buyer, rival }: People): Promise<void> {
  await until('the auction is open', async () => (await stateOf(buyer, id)) === 'open');
  const params = { id };
  for (const who of [buyer, rival])
    await who.must(auctionRoutes.holdBidSecurity, { params, body: { amount: '10000' } });
  for (const [n, [who, price, quantity]] of (
    [
      [rival, '605.00', '400'],
      [buyer, '610.00', '500'],
      [rival, '615.00', '500'],
      [buyer, '620.00', '800'],
    ] as const
  ).entries())
    await who.must(auctionRoutes.placeBid, {
      params,
      body: { commandId: `gallery-${n}-${price}`, type: 'place_bid', price, quantity },
    });
}
