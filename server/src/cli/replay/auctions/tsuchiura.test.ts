import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { replayTsuchiura } from './tsuchiura.ts';

const SHARED = process.env['SEAM_SHARED'] ?? path.resolve(import.meta.dirname, '../../../../../../shared');
const FILE = path.resolve(SHARED, 'data/auctions/tsuchiura_reverse_sealed_bids.csv');

const HEADER = 'auction_id,reserve_price_jpy,min_price_jpy,bidder_id,bid_jpy,is_winner,result_note';

async function replayed(...rows: readonly string[]) {
  const { csv, refused } = await replayTsuchiura(Buffer.from([HEADER, ...rows].join('\n')));
  return { awards: csv.trimEnd().split('\n').slice(1), refused };
}

describe('recorded procurement', () => {
  it.skipIf(!fs.existsSync(FILE))(
    'of Tsuchiura: every recorded winner and price, ties too (needs SEAM_SHARED)',
    async () => {
      const input = fs.readFileSync(FILE);
      const { csv, refused } = await replayTsuchiura(input);
      const [names = '', ...rows] = input.toString('utf8').trimEnd().split(/\r?\n/);
      const header = names.split(',');
      const records = rows.map((row) => {
        const fields = row.split(',');
        return (name: string) => fields[header.indexOf(name)] ?? '';
      });
      const won = records.filter((field) => field('is_winner') === '1');
      const recorded = new Map(
        won.map((field) => [field('auction_id'), `${field('bidder_id')},${field('bid_jpy')}`]),
      );
      const ours = new Map(
        csv
          .trimEnd()
          .split('\n')
          .slice(1)
          .map((line) => [line.slice(0, line.indexOf(',')), line.slice(line.indexOf(',') + 1)]),
      );
      expect(refused).toEqual([]);
      expect(ours.size).toBe(new Set(records.map((field) => field('auction_id'))).size);
      const differing = [...recorded].filter(([id, winner]) => ours.get(id) !== winner);
      expect(differing).toEqual([]);
      // A few ended without a winner for reasons that the record does not give.
      expect(ours.size - recorded.size).toBeLessThan(ours.size / 200);
    },
  );

  it('goes to the lowest under the ceiling and not under the floor, whoever the record calls the winner', async () => {
    const { awards } = await replayed(
      '1,1000,500,a,900,1,',
      '1,1000,500,b,499,0,',
      '1,1000,500,c,1001,0,',
      '1,1000,500,d,500,0,',
      '2,1000,,e,1,0,',
      '3,,,f,7,0,',
      '4,1000,,g,1001,0,',
      '5,1000,,h,,0,invalid',
    );
    expect(awards).toEqual(['1,d,500', '2,e,1', '3,f,7', '4,,', '5,,']);
  });

  it('passes over bids that were set aside, and breaks ties by the order of the file', async () => {
    const { awards } = await replayed(
      '1,1000,,a,800,0,disqualified',
      '1,1000,,b,900,0,',
      '1,1000,,c,900,1,won by lottery',
      '1,1000,,b,950,0,',
    );
    expect(awards).toEqual(['1,b,900']);
  });

  it('refuses rows that cannot be, each with its line and a code, and counts the others', async () => {
    const { awards, refused } = await replayed(
      '1,1000,,a,800,0,',
      ',1000,,a,700,0,',
      '1,1000,,,700,0,',
      '1,1e3,,a,700,0,',
      '1,1000,1001,a,700,0,',
      '1,1000,,a,-700,0,',
      '1,1000,,a,07,0,',
      '1,1000,,a,1234567890123,0,',
      '1,1001,,a,700,0,',
      '1,1000,,a,700',
      '1,1000,"",b,"799",0,',
      '1,1000,,"c,700,0,',
    );
    expect(awards).toEqual(['1,b,799']);
    expect(refused.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '3 auction_id',
      '4 bidder_id',
      '5 ceiling',
      '6 floor',
      '7 price',
      '8 price',
      '9 price',
      '10 conflict',
      '11 columns',
      '13 csv',
    ]);
  });

  it('of another form is refused as a whole', async () => {
    await expect(replayTsuchiura(Buffer.from(''))).rejects.toThrow('replay.header_unknown');
    await expect(replayTsuchiura(Buffer.from('auction_id,bid_jpy\n1,2\n'))).rejects.toThrow(
      'columns missing: reserve_price_jpy, min_price_jpy, bidder_id, result_note',
    );
    await expect(replayed('1,900000000001,,a,500000001,0,')).rejects.toThrow('replay.range_too_wide');
  });
});
