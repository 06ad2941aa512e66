/** An order book as its people see and use it. */
import type { ListInstrumentBody } from '@seam/protocol';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { marketsTicket } from '../../src/lib/i18n/markets-ticket.ts';
import { markets } from '../../src/lib/i18n/markets.ts';
import { type Person, PATIENCE, field, press } from './stage.ts';

const k = marketsTicket.en;
const m = markets.en;

/** Trading begins at once and goes on for a day; minutes are too coarse for the form of the pages. */
export function instrument(id: string, now: number): ListInstrumentBody {
  const at = (seconds: number): string => new Date(now + seconds * 1000).toISOString();
  return {
    id,
    grade: 'Q5500',
    specification: '5500 kcal/kg net ar, S ≤ 0.8 %',
    deliveryTerm: 'fob',
    deliveryPlace: 'Qinhuangdao',
    deliveryPeriod: '2027-01',
    currency: 'CNY',
    tickSize: '1.00',
    lotSize: '100',
    referencePrice: '740.00',
    hardCollarPercent: '10',
    softCollarPercent: '5',
    maximumOrderValue: '5000000.00',
    volatilityPercent: '4',
    volatilityWindowSeconds: 300,
    volatilityCallSeconds: 60,
    reopeningCallSeconds: 1,
    session: [
      { phase: 'continuous', startsAt: at(2) },
      { phase: 'closed', startsAt: at(86_400) },
    ],
  };
}

const ticket = (page: Page): Locator => page.locator('form[data-ticket]');

export async function untilLive({ page }: Person): Promise<void> {
  await page.locator('[data-knowledge="live"]').waitFor();
}

export async function setAside({ page }: Person, amount: string): Promise<void> {
  const money = page.locator('[data-market-money]');
  await field(money, k.amount).fill(amount);
  await press(money, k.hold);
  await money.getByText(k.held).waitFor();
}

export type Wish = { side: 'buy' | 'sell'; price: string; quantity: string };

export async function write({ page }: Person, { side, price, quantity }: Wish): Promise<void> {
  const form = ticket(page);
  await form.getByRole('radio', { name: m[side], exact: true }).check({ force: true });
  await field(form, k.price).fill(price);
  await field(form, k.quantity).fill(quantity);
}

/** Sends what is written. @returns what the list of sent orders says about it, once it is answered. */
export async function send({ page }: Person): Promise<string> {
  const sent = page.getByRole('region', { name: k.sent }).getByRole('listitem');
  const before = await sent.count();
  await ticket(page).locator('button[type="submit"]').click();
  await expect.poll(() => sent.count(), PATIENCE).toBe(before + 1);
  await expect.poll(() => sent.first().getAttribute('data-sent'), PATIENCE).not.toBe('pending');
  return ((await sent.first().textContent()) ?? '').replaceAll(/\s+/g, ' ');
}

/** Price and quantity of the rows of the ladder, from the top. */
export async function ladder(page: Page): Promise<string[]> {
  const rows = page.locator('[data-ladder] tr[data-price]');
  return rows.evaluateAll((all) =>
    all.map((row) => {
      const texts = [...row.querySelectorAll('td')].map((cell) => (cell.textContent ?? '').trim());
      return `${row.getAttribute('data-side')} ${row.getAttribute('data-price')} ${texts[1]}`;
    }),
  );
}

/** Texts of the body rows as they are seen on a desk: without the labels that a phone shows in each cell. */
async function cells(table: Locator): Promise<string[][]> {
  return table.locator('tbody tr').evaluateAll((rows) =>
    rows.map((row) =>
      [...row.querySelectorAll('td')].map((cell) => {
        const shown = cell.cloneNode(true) as HTMLElement;
        for (const hidden of shown.querySelectorAll('[aria-hidden="true"]')) hidden.remove();
        return (shown.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
      }),
    ),
  );
}

/** Side with number, price and what is open of my orders. */
export async function openOrders(page: Page): Promise<string[]> {
  const table = page.getByRole('table', { name: m.myOrders, exact: true });
  return (await cells(table)).map((row) => row.slice(0, 3).join(' '));
}

export async function fills(page: Page): Promise<string[]> {
  const table = page.getByRole('table', { name: m.fills, exact: true });
  return (await cells(table)).map((row) => [row[0], row[2], row[3]].join(' '));
}

export async function tape(page: Page): Promise<string[]> {
  const table = page.getByRole('table', { name: m.tape, exact: true });
  return (await cells(table)).map((row) => row.slice(1).join(' '));
}
