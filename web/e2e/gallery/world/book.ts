/** An order book with depth on both sides, trades, and orders of two companies. */
import { marketRoutes } from '@seam/protocol';
import { demoInstruments } from '../../../../server/src/demo/order-books/instruments.ts';
import { type People, until } from './people.ts';

const DAY_MS = 24 * 3600_000;

/** @returns the id of an instrument that trades continuously. */
export async function fillBook({ staff, buyer, rival }: People): Promise<string> {
  const id = 'Q5500-GALLERY';
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
  const session = [
    { phase: 'continuous', startsAt: at(10_000) },
    { phase: 'closed', startsAt: at(DAY_MS) },
  ] as const;
  const body = { ...demoInstruments(new Date())[0]!, id, session: [...session] };
  await staff.must(marketRoutes.listInstrument, { body });
  const params = { id };
  const phase = async () => (await buyer.must(marketRoutes.instrument, { params })).status?.phase;
  await until('the market is open', async () => (await phase()) === 'continuous');
  for (const who of [buyer, rival])
    await who.must(marketRoutes.holdExposure, { params, body: { amount: '6000000.00' } });
  const orders = (side: 'buy' | 'sell') =>
    Array.from({ length: 8 }, (_, n) => ({
      side,
      timeInForce: 'good_till_cancel' as const,
      price: `${side === 'buy' ? 741 - n : 743 + n}.00`,
      quantity: String(100 * (1 + ((n * 3) % 5))),
    }));
  await rival.must(marketRoutes.placeOrders, {
    params,
    body: { commandId: 'gallery-sell', orders: orders('sell') },
  });
  await buyer.must(marketRoutes.placeOrders, {
    params,
    body: { commandId: 'gallery-buy', orders: orders('buy') },
  });
  for (const [n, [side, price, quantity]] of (
    [
      ['buy', '743.00', '100'],
      ['buy', '744.00', '200'],
      ['buy', '744.00', '100'],
    ] as const
  ).entries())
    await buyer.must(marketRoutes.placeOrder, {
      params,
      body: { commandId: `gallery-take-${n}`, side, price, quantity, timeInForce: 'good_till_cancel' },
    });
  return id;
}
