/**
 * An order book in real browsers, against the product itself: its server and its database. Two companies
 * trade with each other, the server is killed in between, staff stops the market. Each test goes on where
 * the last one ended.
 */
import { launchBrowser } from '@seam/testkit';
import { marketRoutes } from '@seam/protocol';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DEMO_PASSWORD, STAFF } from '../../server/src/demo/companies.ts';
import { type RunningSeam, runSeam } from '../../server/test/running-seam.ts';
import { expectJournalWhole, expectLedgerWhole } from '../../server/test/trade/evidence.ts';
import { type Party, logIn } from '../../server/test/trade/party.ts';
import { marketsStaff } from '../src/lib/i18n/markets-staff.ts';
import { marketsTicket } from '../src/lib/i18n/markets-ticket.ts';
import { markets } from '../src/lib/i18n/markets.ts';
import * as book from './journey/book.ts';
import { type Person, type Stage, PATIENCE, field, openStage, press } from './journey/stage.ts';

const m = markets.en;
const k = marketsTicket.en;
const ID = 'Q5500-QHD-TEST';

let browser: Browser;
let seam: RunningSeam;
let stage: Stage;
let centre: Party;
const people = {} as Record<'seller' | 'buyer' | 'staff', Person>;

beforeAll(async () => {
  [browser, seam] = await Promise.all([launchBrowser(), runSeam()]);
  stage = openStage(browser, seam.url, process.env['SEAM_SCREENSHOTS']);
  centre = await logIn(seam.url, STAFF.email, STAFF.password);
  await centre.must(marketRoutes.listInstrument, { body: book.instrument(ID, Date.now()) });
  people.seller = await stage.enterAs('pearl-delta@seam.example', DEMO_PASSWORD);
  people.buyer = await stage.enterAs('east-tide@seam.example', DEMO_PASSWORD);
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await stage.lookAtAll('failed-market');
  process.stderr.write(seam.output().slice(-5_000));
});
afterAll(async () => {
  await stage?.close();
  await browser?.close();
  await seam?.stop();
});

const both = (): Person[] => [people.seller, people.buyer];

test('an order rests, another company hits it, and both see the fill and one trade', async () => {
  const { seller, buyer } = people;
  await Promise.all(
    both().map(async (person) => {
      await person.go('/markets');
      await person.page.getByRole('link', { name: /Jan 2027/ }).click();
      await person.page.waitForURL(`**/markets/${ID}`);
      await book.untilLive(person);
      await book.setAside(person, '1000000');
    }),
  );
  await book.write(seller, { side: 'sell', price: '742', quantity: '300' });
  expect(await book.send(seller)).toContain('300 t waits in the book');
  for (const { page } of both())
    await expect.poll(() => book.ladder(page), PATIENCE).toEqual(['sell 742.00 300']);

  // A press on the price takes it into the ticket, which says what would happen before anything is sent.
  await book.write(buyer, { side: 'buy', price: '', quantity: '100' });
  await buyer.page.locator('[data-ladder] tr[data-side="sell"] button').click();
  await expect
    .poll(() => buyer.page.locator('[data-forecast="takes"]').textContent(), PATIENCE)
    .toContain('32.22/GJ');
  expect(await book.send(buyer)).toMatch(/100\st traded at CNY\s742.00\/t on average/);
  await expect.poll(() => book.fills(buyer.page), PATIENCE).toEqual(['Buy #2 742.00 100 t']);
  await expect.poll(() => book.fills(seller.page), PATIENCE).toEqual(['Sell #1 742.00 100 t']);
  await expect.poll(() => book.openOrders(seller.page), PATIENCE).toEqual(['Sell #1 742.00 200 t']);
  for (const { page } of both())
    await expect.poll(() => book.tape(page), PATIENCE).toEqual(['bought 742.00 100']);
  await stage.look(seller, 'market-seller');
  await stage.look(buyer, 'market-buyer');
});

test('a refused order says why and what would be taken', async () => {
  const { buyer } = people;
  await book.write(buyer, { side: 'buy', price: '900', quantity: '100' });
  expect(await book.send(buyer)).toMatch(/too far from the reference price.*At most CNY\s814.00/);
  await book.write(buyer, { side: 'buy', price: '740.5', quantity: '100' });
  expect(await book.send(buyer)).toMatch(/Prices are multiples of CNY\s1.00/);
  await book.write(buyer, { side: 'buy', price: '740', quantity: '1300' });
  await buyer.page.getByText(/Needs CNY\s962,000.00 of your limit/).waitFor();
  expect(await book.send(buyer)).toMatch(/At this price at most 1,200\st/);
  await stage.look(buyer, 'market-refused');
});

test('a price far away is placed only when it is meant', async () => {
  const { buyer } = people;
  await book.write(buyer, { side: 'buy', price: '690', quantity: '100' });
  await book.send(buyer);
  await press(buyer.page, k.confirmButton);
  await expect.poll(() => book.openOrders(buyer.page), PATIENCE).toEqual(['Buy #3 690.00 100 t']);
});

test('a server that is killed keeps the orders, and pages find it again by themselves', async () => {
  const { seller, buyer } = people;
  await seam.kill();
  await buyer.page.locator('[data-knowledge="stale"]').waitFor();
  await seam.start();
  for (const person of both()) await book.untilLive(person);
  for (const { page } of both())
    await expect.poll(() => book.ladder(page), PATIENCE).toEqual(['sell 742.00 200', 'buy 690.00 100']);
  expect(await book.openOrders(buyer.page)).toEqual(['Buy #3 690.00 100 t']);
  expect(await book.fills(seller.page)).toEqual(['Sell #1 742.00 100 t']);
});

test('orders are changed, cancelled one by one, and all at once', async () => {
  const { seller, buyer } = people;
  await press(buyer.page, m.amend);
  const amend = buyer.page.locator('form[data-amend]');
  await field(amend, m.price).press('Shift+ArrowUp');
  await field(amend, m.price).press('ArrowUp');
  expect(await field(amend, m.price).inputValue()).toBe('701.00');
  await field(amend, m.price).fill('720');
  await press(amend, m.amendSubmit);
  await expect.poll(() => book.openOrders(buyer.page), PATIENCE).toEqual(['Buy #3 720.00 100 t']);
  await press(buyer.page, m.cancel);
  await buyer.page.getByText(m.noOrders, { exact: true }).waitFor();
  await book.write(seller, { side: 'sell', price: '745', quantity: '100' });
  await book.send(seller);
  await press(seller.page, m.cancelAll);
  await press(seller.page, k.stop);
  await seller.page.getByText(m.noOrders, { exact: true }).waitFor();
  await expect.poll(() => book.ladder(buyer.page), PATIENCE).toEqual([]);
});

test('whoever wants it has its orders cancelled when its connection is lost, and sees the deadline', async () => {
  const card = people.buyer.page.locator('[data-protection]');
  await field(card, k.protectLabel).selectOption('10000');
  await card.getByText(/^On. Next deadline/).waitFor();
  await field(card, k.protectLabel).selectOption('');
  await expect.poll(() => card.getByText(/deadline/).count(), PATIENCE).toBe(0);
});

test('without scripts an order and its cancel are ordinary forms', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  await context.addCookies([
    ...(await people.buyer.context.cookies(seam.url)),
    { name: 'locale', value: 'en', url: seam.url },
  ]);
  const page = await context.newPage();
  await page.goto(`${seam.url}/markets/${ID}`);
  const form = page.locator('form[data-ticket]');
  await field(form, k.price).fill('730');
  await field(form, k.quantity).fill('100');
  await press(form, k.submitPlain);
  await page.getByText(/place \d+ in the journal/).waitFor();
  expect(await book.openOrders(page)).toEqual(['Buy #5 730.00 100 t']);
  await press(page, m.cancel);
  await page.getByText(m.noOrders, { exact: true }).waitFor();
  await context.close();
});

test('staff halts the market, traders read the reason, and one person alone cannot start it again', async () => {
  const s = marketsStaff.en;
  const { buyer } = people;
  people.staff = await stage.enterAs(STAFF.email, STAFF.password);
  const { page, go } = people.staff;
  await go(`/staff/markets/${ID}`);
  const state = page.locator('[data-mode]');
  await field(state, s.reason).fill('A price nobody believes');
  await press(state, s.halt);
  await page.getByText(s.doneStop, { exact: true }).waitFor();
  await buyer.page.getByText('Trading is halted: A price nobody believes').waitFor();
  await press(state, s.resume);
  await page.getByText(s.doneFirst).waitFor();
  await press(state, s.resume);
  await state.getByRole('alert').filter({ hasText: 'two different people' }).first().waitFor();
  await stage.look(people.staff, 'market-staff');
  expect(stage.complaints).toEqual([]);
});

test('every page of order books fits a desk, a tablet and a phone', async () => {
  for (const [person, paths] of [
    [people.buyer, ['/markets', `/markets/${ID}`, '/markets/trades']],
    [people.staff, ['/staff/markets', '/staff/markets/new', `/staff/markets/${ID}`]],
  ] as const) {
    for (const path of paths) {
      await person.go(path);
      for (const width of [1440, 1024, 390]) {
        await person.page.setViewportSize({ width, height: 844 });
        const fits = await person.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
        expect(fits, `${path} at ${width} px`).toBe(true);
      }
    }
  }
});

test('the journal and the ledger are whole', async () => {
  await expectJournalWhole(seam.sql);
  await expectLedgerWhole(centre, seam.sql);
});
