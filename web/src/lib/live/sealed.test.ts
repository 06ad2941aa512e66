import { describe, expect, test } from 'vitest';
import { keepOpening, keptOpening } from './openings.ts';
import { bandFor, openingFrom, opens, revealOf, seal, sealingText } from './sealed.ts';

const grid = { tickSize: '1.00', lotSize: '10.000' };
const content = { price: '645.00', quantity: '200.000', minimumAcceptable: null, merit: null };
const secrets = { auctionId: 'auction-1', bidder: 'ab'.repeat(16), nonce: '0f'.repeat(32) };

async function sha256(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Buffer.from(bytes).toString('hex');
}

// The digests were made by the market's own function.
describe('what is sealed is what the market will compute when it is opened', () => {
  test.each([
    ['a plain bid', content, '6663a0b8c879d40c67e6a862b6878d6f43b68e85eac0ffff293d93453f8be4cf'],
    [
      'an offer of heat that insists on a quantity',
      {
        ...content,
        minimumAcceptable: '100',
        merit: { mode: 'energy', calorificValue: 5500, freight: '58', expectedPenalties: '0.00' },
      },
      '157a3fd61c2ef75c72a03c35182cb72d56b95fdb1f8d2a0738636fe40d3d76b2',
    ],
    [
      'an offer with a quality factor',
      { ...content, merit: { mode: 'mixed', coefficient: '1.05', addition: '3.00' } },
      'e91f7c3f289685d25d09fe9d0feb60777e9dc8bc125d7f351f82604821dd2c8e',
    ],
  ] as const)('%s', async (_name, bid, digest) => {
    const text = sealingText({ ...secrets, ...bid }, grid);
    expect(await sha256(text!)).toBe(digest);
  });
});

test('a bid that lies on no step is not sealed: nobody could ever open it', async () => {
  expect(await seal('auction-1', { ...content, price: '645.50' }, grid)).toBeNull();
  expect(await seal('auction-1', { ...content, quantity: '205' }, grid)).toBeNull();
});

test('the opening fits its own digest and no other, whatever it says of itself', async () => {
  const opening = (await seal('auction-1', content, grid))!;
  const other = (await seal('auction-1', content, grid))!;
  expect(other.digest).not.toBe(opening.digest);
  expect(await opens(opening, opening.digest, grid)).toBe(true);
  expect(await opens({ ...opening, price: '646.00' }, opening.digest, grid)).toBe(false);
  expect(await opens({ ...opening, digest: other.digest }, other.digest, grid)).toBe(false);
});

test('a backup read again opens the bid; another file is none', async () => {
  const opening = (await seal('auction-1', content, grid))!;
  expect(openingFrom(JSON.stringify(opening))).toEqual(opening);
  expect(openingFrom('{"kind":"seam.opening/1"}')).toBeNull();
  expect(openingFrom('not json')).toBeNull();
  expect(revealOf(opening)).toEqual({
    t: 'reveal_bid',
    price: '645.00',
    quantity: '200.000',
    bidder: opening.bidder,
    nonce: opening.nonce,
  });
});

test('a browser that keeps nothing says so; one that does keeps every bid under its digest', async () => {
  const kept = new Map<string, string>();
  const storage = {
    setItem: (key: string, value: string) => void kept.set(key, value),
    getItem: (key: string) => kept.get(key) ?? null,
  } as unknown as Storage;
  const [first, second] = [
    (await seal('auction-1', content, grid))!,
    (await seal('auction-1', content, grid))!,
  ];
  expect(keepOpening(first, storage) && keepOpening(second, storage)).toBe(true);
  expect(keptOpening(first, storage)?.nonce).toBe(first.nonce);
  expect(keptOpening(second, storage)?.nonce).toBe(second.nonce);
  const full = {
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
    getItem: () => null,
  } as unknown as Storage;
  expect(keepOpening(first, full)).toBe(false);
  const forgetful = { setItem: () => {}, getItem: () => null } as unknown as Storage;
  expect(keepOpening(first, forgetful)).toBe(false);
});

test('the band is the least that covers the quantity', () => {
  const bands = ['400.000', '1000.000', '2000.000'];
  expect(bandFor('1', bands)).toBe('400.000');
  expect(bandFor('400', bands)).toBe('400.000');
  expect(bandFor('400.001', bands)).toBe('1000.000');
  expect(bandFor('2500', bands)).toBeNull();
  expect(bandFor('', bands)).toBeNull();
});
