/** What is asked for and talked about: a request with answers, a pool, a posting, a talk, a transport. */
import {
  listingBuyingRoutes,
  listingSiteRoutes,
  negotiationRoutes,
  poolRoutes,
  requestRoutes,
  searchRoutes,
  transportRoutes,
} from '@seam/protocol';
import { fixedLot } from './lots.ts';
import { type People, day, until } from './people.ts';

export type Talks = {
  readonly request: string;
  readonly pool: string;
  readonly posting: string;
  readonly talk: string;
  readonly transport: string;
  /** At a fixed price, the seller's own. */
  readonly lot: string;
  readonly plant: string;
  /** Lots to hold beside each other. */
  readonly compare: readonly string[];
};

export async function talk(people: People): Promise<Talks> {
  const { seller, buyer } = people;
  const { items: places } = await buyer.must(listingSiteRoutes.listPlaces, {});
  const plant = places.find(({ name }) => name.includes('Beilun'));
  if (!plant) throw new Error('the demo has no plant at Beilun');
  const [lot, other] = [await fixedLot(seller, '600.00'), await fixedLot(seller, '640.00')];
  const [request, pool, posting, talked, transport] = await Promise.all([
    ask(people, plant.id, lot.id),
    openPool(people, plant.id),
    post(people, plant.id),
    negotiate(people, other.id),
    carry(people, plant.id),
    save(people, plant.id),
  ]);
  const found = await buyer.must(searchRoutes.searchLots, { query: { to: plant.id, costCurrency: 'CNY' } });
  const compare = found.items.slice(0, 4).map(({ id }) => id);
  return { request, pool, posting, talk: talked, transport, lot: lot.id, plant: plant.id, compare };
}

async function ask({ seller, buyer }: People, plant: string, listingId: string): Promise<string> {
  const { id } = await buyer.must(requestRoutes.createRequest, {
    body: {
      coalRanks: ['bituminous'],
      limits: [
        { parameter: 'calorificValue', basis: 'ar', kind: 'net', unit: 'kcal/kg', minimum: '5000' },
        { parameter: 'ash', basis: 'd', maximum: '20' },
        { parameter: 'sulphur', basis: 'd', maximum: '1' },
      ],
      quantity: '60000',
      minimumQuantity: '100',
      plantPlaceId: plant,
      windowFrom: day(5),
      windowTo: day(60),
      currency: 'CNY',
      priceCeiling: '900.00',
      note: 'By rail or barge, in four parts. 铁路或水运，分四批。',
    },
  });
  const params = { id };
  const matched = async () => (await buyer.must(requestRoutes.getRequest, { params })).matchedLots !== null;
  await until('the request is matched', matched);
  await seller.must(requestRoutes.createResponse, {
    params,
    body: {
      lots: [{ listingId, quantity: '100', price: '655.00' }],
      validUntil: new Date(Date.now() + 72 * 3600_000).toISOString(),
      note: 'Screened 0–50 mm. 已过筛 0–50 mm。',
    },
  });
  return id;
}

async function openPool({ buyer, rival }: People, place: string): Promise<string> {
  const { id } = await buyer.must(poolRoutes.openPool, {
    body: {
      name: '宁波冬季用煤 Ningbo winter coal',
      coalRanks: ['bituminous'],
      limits: [{ parameter: 'ash', basis: 'd', maximum: '18' }],
      minimumQuantity: '20000',
      quantity: '6000',
      placeOf: 'common',
      placeId: place,
      windowFrom: day(20),
      windowTo: day(50),
      currency: 'CNY',
      priceCeiling: '820.00',
      deadline: new Date(Date.now() + 10 * 24 * 3600_000).toISOString(),
    },
  });
  await rival.must(poolRoutes.joinPool, { params: { id }, body: { quantity: '4000' } });
  return id;
}

async function post({ buyer }: People, place: string): Promise<string> {
  const { id } = await buyer.must(listingBuyingRoutes.createBuyListing, {
    body: {
      coalRanks: ['bituminous'],
      quality: { calorificMin: '5200', ashMax: '18', sulphurMax: '0.8' },
      quantity: '12000',
      minimumQuantity: '3000',
      currency: 'CNY',
      price: '780.00',
      deliveryTerm: 'cfr',
      deliveryPlaceId: place,
      windowFrom: day(10),
      windowTo: day(40),
    },
  });
  return id;
}

/** Words of both, an offer and the answer to it, which waits for the buyer. */
async function negotiate({ seller, buyer }: People, listingId: string): Promise<string> {
  const { id } = await buyer.must(negotiationRoutes.openNegotiation, { body: { listingId } });
  const params = { id };
  const say = async (who: typeof buyer, text: string) =>
    who.must(negotiationRoutes.sayInNegotiation, { params, body: { text } });
  await say(buyer, 'Is the coal screened? 煤是否过筛？');
  await say(seller, '已过筛，0–50 mm。Screened, 0–50 mm.');
  for (const [who, perTonne] of [
    [buyer, '610.00'],
    [seller, '632.00'],
  ] as const) {
    const seen = await who.must(negotiationRoutes.getNegotiation, { params });
    await who.must(negotiationRoutes.makeOffer, {
      params,
      body: {
        terms: { ...seen.startingTerms, price: { kind: 'fixed', perTonne } },
        validUntil: new Date(Date.now() + 24 * 3600_000).toISOString(),
        answers: seen.offers.at(-1)?.sha256 ?? null,
      },
    });
  }
  return id;
}

async function carry({ buyer, carrier }: People, to: string): Promise<string> {
  const { items } = await buyer.must(listingSiteRoutes.listPlaces, {});
  const from = items.find(({ name }) => name.includes('Qinhuangdao')) ?? items.find(({ id }) => id !== to)!;
  const { id } = await buyer.must(transportRoutes.createTransport, {
    body: {
      fromPlaceId: from.id,
      toPlaceId: to,
      quantity: '6000',
      windowFrom: day(3),
      windowTo: day(20),
      currency: 'CNY',
      note: '',
    },
  });
  await carrier.must(transportRoutes.quoteTransport, {
    params: { id },
    body: {
      pricePerTonne: '41.00',
      validUntil: new Date(Date.now() + 48 * 3600_000).toISOString(),
      note: 'Vessel of 8,000 t. 8,000 吨船。',
    },
  });
  return id;
}

async function save({ buyer }: People, to: string): Promise<void> {
  await buyer.must(searchRoutes.saveSearch, {
    body: { name: '低硫动力煤 Low sulphur', query: { currency: 'CNY', to, sort: 'landed_cost' } },
  });
}
