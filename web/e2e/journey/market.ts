/** Step 3: a lot on the market, a request it fits, and a firm answer. */
import { expect } from 'vitest';
import { coal } from '../../src/lib/i18n/coal.ts';
import { listings } from '../../src/lib/i18n/listings.ts';
import { requests } from '../../src/lib/i18n/requests.ts';
import { type Person, PATIENCE, cells, field, fill, press } from './stage.ts';

const DAY_MS = 24 * 3600_000;
const day = (fromToday: number): string =>
  new Date(Date.now() + fromToday * DAY_MS).toISOString().slice(0, 10);
export const MINE = 'Blue Terrace Mine';

/** A hundred tonnes: two trucks. @returns the id of the lot. */
export async function offerLot({ page, go }: Person, look: (name: string) => Promise<void>): Promise<string> {
  const t = listings.en;
  const c = coal.en;
  await go('/lots/new');
  await page.getByText(t.mineNew).click();
  await fill(page.getByRole('main'), {
    [t.mineName]: MINE,
    [t.region]: 'Shanxi',
    [t.latitude]: '37.9',
    [t.longitude]: '112.5',
    [`${c.totalMoisture} (${c.ar})`]: '12.00',
    [`${c.inherentMoisture} (${c.ad})`]: '5.00',
    [c.ash]: '140',
    [c.volatileMatter]: '35.00',
    [c.sulphur]: '0.60',
    [t.sizeMaxField]: '50',
    [c.calorificValue]: '23012',
    [t.quantity]: '100',
    [`${t.window}: ${t.windowFrom}`]: day(0),
    [`${t.window}: ${t.windowTo}`]: day(40),
  });
  await field(page, t.country).selectOption('CN');
  await field(page, t.rank).selectOption('bituminous');
  await page.locator('[name="assay.calorificValue.unit"]').selectOption('J/g');
  await page.getByRole('radio', { name: c.auction }).check();
  await field(page, t.startPricePerTonne).fill('600.00');
  await field(page, t.transport).selectOption('road');
  await press(page, t.publish);
  // 140 % of ash is no coal: refused beside the field, and everything typed is still there.
  await expect.poll(() => field(page, c.ash).getAttribute('aria-invalid'), PATIENCE).toBe('true');
  expect(await field(page, c.totalMoisture + ` (${c.ar})`).inputValue()).toBe('12.00');
  await field(page, c.ash).fill('14.00');
  await page.getByText(t.checksGood).waitFor();
  await look('lot-new');
  await press(page, t.publish);
  await page.waitForURL(/\/lots\/[0-9a-f-]{36}$/);
  await page
    .getByRole('heading', { name: new RegExp(MINE) })
    .first()
    .waitFor();
  return page.url().split('/').at(-1)!;
}

/** @returns the id of the request. */
export async function publishRequest({ page, go }: Person): Promise<string> {
  const t = requests.en;
  await go('/requests/new');
  const limits = (parameter: keyof typeof coal.en) =>
    page.getByRole('group', { name: coal.en[parameter], exact: true });
  await fill(page.getByRole('main'), { [t.quantity]: '100', [t.ceilingField]: '700.00' });
  await fill(limits('calorificValue'), { [t.from]: '5000' });
  await fill(limits('ash'), { [t.to]: '20' });
  await fill(limits('sulphur'), { [t.to]: '1' });
  await fill(page.getByRole('main'), {
    [`${t.window}: ${t.windowFrom}`]: day(0),
    [`${t.window}: ${t.windowTo}`]: day(30),
  });
  // Half an hour by lorry from the mine: further away nothing goes by road.
  const plant = page.getByRole('group').filter({ hasText: t.plantNew });
  await page.getByText(t.plantNew).click();
  await fill(plant, {
    [listings.en.mineName]: 'East Bank Power Station',
    [listings.en.latitude]: '38.0',
    [listings.en.longitude]: '112.8',
  });
  await field(plant, listings.en.country).selectOption('CN');
  await press(page, t.publish);
  await page.waitForURL(/\/requests\/[0-9a-f-]{36}$/);
  return page.url().split('/').at(-1)!;
}

/** The exchange names the lot, says that it fits, and why. */
export async function expectSuggested({ page, go }: Person, request: string): Promise<void> {
  const t = requests.en;
  await go(`/requests/${request}`);
  const rows = await cells(page.getByRole('table', { name: t.suggestions }));
  const row = rows.find(([lot]) => lot?.includes(MINE));
  expect(row?.[0]).toContain(t.fits);
  expect(row?.join(' ')).toContain(coal.en.calorificValue);
}

export async function answer({ page, go }: Person, request: string): Promise<void> {
  const t = requests.en;
  await go(`/requests/${request}`);
  await field(page, t.answerWith).selectOption({ index: 1 });
  await field(page, t.answerPrice).fill('650.00');
  await press(page, t.answerSend);
  await page.getByText(t.answerSent).waitFor();
}

export async function expectAnswered({ page, go }: Person, request: string): Promise<void> {
  await go(`/requests/${request}`);
  await page.getByRole('button', { name: requests.en.take, exact: true }).waitFor();
  expect(await page.getByRole('main').textContent()).toContain('650.00');
}
