/** Step 4: the auction room as its people see and use it. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { auctions } from '../../src/lib/i18n/auctions.ts';
import { demoBank } from '../../src/lib/i18n/demo-bank.ts';
import { money } from '../../src/lib/i18n/money.ts';
import { type Person, PATIENCE, cells, field, fill, press } from './stage.ts';

const t = auctions.en;

/** Pays from the company's account at the bank, and waits until the exchange shows it. */
export async function payIn({ page, go }: Person, amount: string, shown: string): Promise<void> {
  const b = demoBank.en;
  await go('/demo/bank');
  const form = page.locator('form[action="?/pay"]');
  expect(await field(form, b.reference).inputValue()).toMatch(/^RF\d\d/);
  await field(form, b.amount).fill(amount);
  await press(form, b.pay);
  await page.getByText(b.paid.slice(0, 20)).waitFor();
  await expectOnMoneyPage({ page, go }, shown);
}

export async function expectOnMoneyPage(
  { page, go }: Pick<Person, 'page' | 'go'>,
  shown: string,
): Promise<void> {
  await expect
    .poll(async () => {
      await go('/money');
      return (await page.getByRole('main').textContent())?.replaceAll(/\s/g, ' ');
    }, PATIENCE)
    .toContain(shown);
  await page.getByRole('heading', { name: money.en.title, exact: true }).waitFor();
}

/**
 * Two minutes, and thirty seconds more as soon as somebody bids: the window is as long as the auction, so
 * that the journey need not wait for its last seconds. @returns the id of the auction.
 */
export async function scheduleAuction({ page, go }: Person, listing: string): Promise<string> {
  await go(`/lots/${listing}`);
  await page.getByRole('link', { name: 'Start an auction' }).click();
  await page.waitForURL('**/auctions/new?listing=*');
  await page.waitForSelector('html[data-ready]');
  await page.getByRole('radio', { name: t.preset2 }).check();
  await fill(page.getByRole('main'), {
    [t.incrementField]: '5.00',
    [t.windowField]: '600',
    [t.extensionField]: '600',
    [t.maxExtField]: '1',
    [t.hardEndField]: '30',
  });
  await press(page, t.newSubmit);
  await page.waitForURL(/\/auctions\/[0-9a-f-]{36}/);
  await page.waitForSelector('html[data-ready]');
  return new URL(page.url()).pathname.split('/').at(-1)!;
}

export async function untilOpen({ page }: Person): Promise<void> {
  await page.getByText(t.stateOpen, { exact: true }).first().waitFor();
}

export async function holdSecurity({ page }: Person, amount: string): Promise<void> {
  await field(page, t.holdAmount).fill(amount);
  await press(page, t.hold);
  await page.getByText(t.holdDone).waitFor();
}

/** Types a price and sends it, again if the price moved under the finger; the market's answer is awaited. */
export async function bid({ page }: Person, price: string): Promise<void> {
  const form = page.locator('form[data-bid-form]');
  const button = form.getByRole('button', { name: /^Bid / });
  const mine = page.getByRole('region', { name: t.myBids }).getByRole('listitem').filter({ hasText: price });
  const moved = form.getByText(/Press again if you mean it/);
  await field(form, t.bidPrice).fill(price);
  await field(form, t.bidQuantity).fill('100');
  await button.click();
  await expect
    .poll(async () => {
      if (await moved.isVisible()) await button.click();
      return mine.filter({ hasText: t.outAccepted }).count();
    }, PATIENCE)
    .toBe(1);
}

/** What the table of standing shows, best first: price and quantity that would be won. */
export async function standing(page: Page): Promise<string[]> {
  const rows = await cells(page.getByRole('table', { name: t.standing }));
  return rows.filter((row) => row.length >= 3).map((row) => `${row[1]} ${row.at(-1)}`);
}

export async function expectStanding(pages: readonly Page[], lines: readonly string[]): Promise<void> {
  for (const page of pages) await expect.poll(() => standing(page), PATIENCE).toEqual(lines);
}

export const texts = t;
