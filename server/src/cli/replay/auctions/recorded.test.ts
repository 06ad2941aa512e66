import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { replayEbay } from './ebay.ts';
import { replaySwiss } from './swiss.ts';

const DATA = path.resolve(process.env['SEAM_SHARED'] ?? '../shared', 'data/auctions');
const file = (name: string): string => path.join(DATA, name);
const isThere = fs.existsSync(file('swiss_trq_multiunit_bids.csv'));

type Row = Readonly<Record<string, string>>;
function table(text: string): Row[] {
  const [header = '', ...lines] = text.trim().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((field, i) => [names[i] ?? '', field])));
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('recorded share auctions', () => {
  const HEADER = 'auction_id,quota_kg,bid_id,bid_qty_kg,bid_price_chf_cents_per_kg\n';

  it('serve the highest price first, share the marginal one, and bill to five centimes', async () => {
    const { csv } = await replaySwiss(
      bytes(`${HEADER}a,100,1,60,33\na,100,2,60,20\na,100,3,20,20\na,100,4,50,10\n`),
    );
    expect(csv).toBe('bid_id,allocated_qty_kg,payment_chf\n1,60,19.8\n2,30,6\n3,10,2\n4,0,0\n');
  });

  it('refuse what is no bid by its line, and files of another form', async () => {
    const { refused } = await replaySwiss(
      bytes(`${HEADER}a,100,1,x,33\na,100,2,60\na,90,3,1,1\na,100,4,1,0\n`),
    );
    expect(refused).toEqual([
      { line: 2, code: 'bid_qty_kg' },
      { line: 3, code: 'columns' },
      { line: 5, code: 'bid_price_chf_cents_per_kg' },
    ]);
    await expect(replaySwiss(bytes('a,b\n'))).rejects.toThrow('replay.header_unknown');
    await expect(replaySwiss(bytes(''))).rejects.toThrow('replay.header_unknown');
  });

  it.skipIf(!isThere)(
    'end as recorded: within a kilogram in 25 of 26, the last within two (needs SEAM_SHARED)',
    async () => {
      const input = fs.readFileSync(file('swiss_trq_multiunit_bids.csv'));
      const recorded = table(input.toString());
      const replayed = table((await replaySwiss(input)).csv);
      const apart = new Map<string, number>();
      recorded.forEach((row, i) => {
        const off = Math.abs(Number(row['allocated_qty_kg']) - Number(replayed[i]?.['allocated_qty_kg']));
        apart.set(row['auction_id']!, Math.max(apart.get(row['auction_id']!) ?? 0, off));
        if (off === 0) expect(Number(replayed[i]?.['payment_chf'])).toBe(Number(row['payment_chf']));
      });
      expect(apart.size).toBe(26);
      expect([...apart.values()].filter((off) => off > 1)).toEqual([2]);
    },
  );
});

describe('recorded auctions with hidden maxima', () => {
  const HEADER = 'auction_id,opening_bid_usd,bid_time_s_from_start,bidder,max_proxy_bid_usd\n';

  it('end one increment above the second maximum, or at the first when that is less', async () => {
    const { csv } = await replayEbay(
      bytes(
        `${HEADER}a,1.00,5,x,50.00\na,1.00,9,y,80.5\nb,1.00,1,x,50.00\nb,1.00,2,y,50.50\nc,9.99,1,x,20\nd,9.99,1,x,5\n`,
      ),
    );
    expect(csv).toBe('auction_id,final_price_usd\na,51.00\nb,50.50\nc,9.99\nd,\n');
  });

  it.skipIf(!isThere)(
    'end as recorded in 475 of the 477 that followed the rule (needs SEAM_SHARED)',
    async () => {
      const { csv } = await replayEbay(fs.readFileSync(file('ebay_proxy_bids.csv')));
      const prices = new Map(table(csv).map((row) => [row['auction_id'], Number(row['final_price_usd'])]));
      const ruled = table(fs.readFileSync(file('ebay_auctions.csv'), 'utf8')).filter(
        (row) => row['price_class'] === 'proxy_rule',
      );
      const same = ruled.filter((row) => prices.get(row['auction_id']) === Number(row['final_price_usd']));
      expect([same.length, ruled.length]).toEqual([475, 477]);
    },
  );
});
