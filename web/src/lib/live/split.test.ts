import { createKeyPart, publicKeyOf, sealTo } from '@seam/client';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Opening, seal, sealingText } from './sealed.ts';
import { decryptAll, digestOfText, shareFile, shareFrom, wireOf } from './split.ts';

const grid = { tickSize: '1.00', lotSize: '10.000' };
const plain = { price: '645.00', quantity: '200.000', minimumAcceptable: null, merit: null };
const offers = [
  plain,
  {
    ...plain,
    minimumAcceptable: '100.000',
    merit: { mode: 'energy', calorificValue: 5500, freight: '58.00', expectedPenalties: '0.00' },
  },
  { ...plain, merit: { mode: 'mixed', coefficient: '1.0500', addition: '3.00' } },
] as const;

let owner: Awaited<ReturnType<typeof createKeyPart>>;
let exchange: typeof owner;
let stranger: typeof owner;
beforeAll(async () => {
  [owner, exchange, stranger] = await Promise.all([createKeyPart(), createKeyPart(), createKeyPart()]);
});

async function sealed(opening: Opening, bidSeq: number) {
  const publicKey = publicKeyOf({ owner: owner.publicPart, exchange: exchange.publicPart });
  const text = sealingText(opening, grid)!;
  return { bidSeq, ciphertext: await sealTo(publicKey, text), digest: opening.digest };
}

describe('bids under a split key', () => {
  test('come out as they went in, whatever they declare', async () => {
    const made = await Promise.all(offers.map(async (offer) => (await seal('auction-1', offer, grid))!));
    const items = await Promise.all(made.map(async (opening, index) => sealed(opening, index + 1)));
    const shares = { owner: owner.share, exchange: exchange.share };
    const { bids, shut } = await decryptAll(items, { auctionId: 'auction-1', shares, grid });
    expect(shut).toEqual([]);
    expect(bids).toEqual(
      made.map(({ bidder, nonce }, index) => ({ bidSeq: index + 1, bidder, nonce, ...offers[index] })),
    );
    expect(wireOf(bids[0]!)).not.toHaveProperty('merit');
    expect(wireOf(bids[1]!)).toMatchObject({ minimumAcceptable: '100.000', merit: { mode: 'energy' } });
  });

  test('that are not what their digest says, or for another auction, stay shut and keep no other shut', async () => {
    const good = await sealed((await seal('auction-1', plain, grid))!, 1);
    const elsewhere = await sealed((await seal('auction-2', plain, grid))!, 2);
    const changed = { ...good, bidSeq: 3, digest: '0'.repeat(64) };
    const nothing = { ...good, bidSeq: 4, ciphertext: null };
    const shares = { owner: owner.share, exchange: exchange.share };
    const all = [good, elsewhere, changed, nothing];
    const { bids, shut } = await decryptAll(all, { auctionId: 'auction-1', shares, grid });
    expect(bids.map((bid) => bid.bidSeq)).toEqual([1]);
    expect(shut).toEqual([2, 3, 4]);
  });

  test('are not to be read with another’s part', async () => {
    const item = await sealed((await seal('auction-1', plain, grid))!, 7);
    const shares = { owner: owner.share, exchange: stranger.share };
    expect((await decryptAll([item], { auctionId: 'auction-1', shares, grid })).shut).toEqual([7]);
  });
});

test('a part is found in its file and in copied text, and its digest is the one of the terms', async () => {
  expect(shareFrom(shareFile(owner))).toBe(owner.share);
  expect(shareFrom(`  ${owner.share}\n`)).toBe(owner.share);
  expect(shareFrom('{"kind":"seam.opening/1"}')).toBe('');
  expect(shareFrom('{')).toBe('');
  expect(await digestOfText(owner.share)).toBe(owner.shareDigest);
});
