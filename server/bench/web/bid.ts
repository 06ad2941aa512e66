/** From the click on a bid to its acknowledgement on the screen, beside a bid over a bare socket. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { auctionRoutes, memberRoutes } from '@seam/protocol';
import { type Comparison, compare } from '@seam/testkit/bench';
import { WebSocket } from 'ws';
import { auctionLot } from '../../../web/e2e/gallery/world/lots.ts';
import { LOGINS, until } from '../../../web/e2e/gallery/world/people.ts';
import { visitor } from '../../test/trade/party.ts';
import { quantile, rounded } from '../support/latency.ts';
import type { BrowserContext, Place } from './place.ts';

type Page = Awaited<ReturnType<BrowserContext['newPage']>>;
type Seen = { readonly acknowledged: number; readonly painted: number };

/** Of each side in each round. */
const BIDS = 40;
const QUANTITY = '1000';
const STEP = 0.5;
/** What one member may bid: five a second. */
const PACE_MS = 210;

/** The two outbid each other for the whole lot in turn, so that each bid changes what the other sees. */
export async function bid(place: Place, rounds: number): Promise<Comparison> {
  const auctionId = await openAuction(place);
  const context = await place.enterAs('buyer');
  const page = await context.newPage();
  await page.goto(`${place.url}/auctions/${auctionId}`);
  await page.waitForSelector('[data-knowledge="live"]');
  const raw = await connect(place);
  const times: { raw: number[]; screen: number[]; painted: number[] }[] = [];
  let price = 600;
  const run = async (): Promise<void> => {
    const round = { raw: [] as number[], screen: [] as number[], painted: [] as number[] };
    for (let i = 0; i < BIDS; i += 1) {
      const paced = new Promise((resolve) => setTimeout(resolve, PACE_MS));
      price += STEP;
      round.raw.push(await raw.bid(auctionId, price.toFixed(2)));
      await page.waitForSelector(`text="${price.toFixed(2)}"`);
      price += STEP;
      const { acknowledged, painted } = await clickBid(page, price.toFixed(2));
      round.screen.push(acknowledged);
      round.painted.push(painted);
      await paced;
    }
    times.push(round);
  };
  try {
    for (let round = 0; round < rounds; round += 1) await run();
  } finally {
    raw.close();
    await context.close();
  }
  const replayed = (name: 'raw' | 'screen') => {
    let round = 0;
    return () => quantile(times[round++]![name], 0.99);
  };
  const p = (name: keyof (typeof times)[number], share: number): number[] =>
    times.map((round) => rounded(quantile(round[name], share)));
  return compare({
    bench: 'web, a bid from the click to its acknowledgement on the screen: p99',
    unit: 'ms',
    better: 'less',
    rounds,
    subject: { name: 'screen', run: replayed('screen') },
    peers: [{ name: 'bare socket', run: replayed('raw') }],
    facts: {
      goal: 'at most twice the bare socket: a ratio of 0.5 or more',
      'screen p50 ms, each round': p('screen', 0.5),
      'bare socket p50 ms, each round': p('raw', 0.5),
      'until the next frame was begun, p99 ms, each round': p('painted', 0.99),
    },
  });
}

async function openAuction({ people }: Place): Promise<string> {
  const { id } = await people.seller.must(auctionRoutes.scheduleAuction, {
    body: {
      listingId: await auctionLot(people.seller, QUANTITY),
      startingPrice: '600.00',
      tickSize: '0.50',
      bidIncrement: '0.50',
      minimumBidQuantity: '100',
      bidSecurity: { mode: 'per_tonne', amountPerTonne: '10.00' },
      closesAt: new Date(Date.now() + 3600_000).toISOString(),
      softClose: { mode: 'none' },
    },
  });
  const params = { id };
  await until('the auction is open', async () => {
    const { state } = await people.buyer.must(auctionRoutes.auction, { params });
    return state === 'open';
  });
  for (const who of [people.buyer, people.rival])
    await who.must(auctionRoutes.holdBidSecurity, { params, body: { amount: '10000' } });
  return id;
}

async function connect({ url }: Place) {
  const { token } = await visitor(url).must(memberRoutes.login, { body: { ...LOGINS.rival, token: true } });
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/socket`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await once(socket, 'open');
  return {
    close: () => socket.close(),
    /** @returns ms until it was acknowledged. @throws when it was refused. */
    async bid(auctionId: string, price: string): Promise<number> {
      const id = randomUUID();
      const told = Promise.withResolvers<number>();
      const listen = (data: Buffer): void => {
        const frame = JSON.parse(data.toString('utf8')) as {
          id?: string;
          t: string;
          outcome?: { status: string };
        };
        if (frame.id !== id) return;
        socket.off('message', listen);
        if (frame.outcome?.status === 'accepted') told.resolve(performance.now() - from);
        else told.reject(new Error(`a bid was refused: ${data.toString('utf8')}`));
      };
      socket.on('message', listen);
      const from = performance.now();
      socket.send(JSON.stringify({ t: 'place_bid', id, auctionId, price, quantity: `${QUANTITY}.000` }));
      return told.promise;
    },
  };
}

/** Measured in the page by its own clock. */
async function clickBid(page: Page, price: string): Promise<Seen> {
  return page.evaluate(
    async ([wanted, tonnes]) => {
      const form = document.querySelector('form[data-bid-form]')!;
      const write = (name: string, value: string): void => {
        const input = form.querySelector<HTMLInputElement>(`[name="${name}"]`)!;
        input.value = value;
        input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      };
      write('price', wanted);
      write('quantity', tonnes);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const said = Promise.withResolvers<{ acknowledged: number; painted: number }>();
      const from = performance.now();
      const watch = new MutationObserver(() => {
        const mine = [...document.querySelectorAll('li[data-bid]')].find((one) =>
          one.textContent.includes(wanted),
        );
        if (mine?.getAttribute('data-bid') !== 'accepted') return;
        watch.disconnect();
        const acknowledged = performance.now() - from;
        requestAnimationFrame(() => said.resolve({ acknowledged, painted: performance.now() - from }));
      });
      watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      form.querySelector<HTMLButtonElement>('button[type="submit"]')!.click();
      return said.promise;
    },
    [price, QUANTITY] as const,
  );
}
