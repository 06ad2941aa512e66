/** Step 7: money into escrow, coal out of the gate, the result, and the money to the producer. */
import type { SettlementState } from '@seam/protocol';
import { expect } from 'vitest';
import { deliveries } from '../../src/lib/i18n/deliveries.ts';
import { demoBank } from '../../src/lib/i18n/demo-bank.ts';
import { money } from '../../src/lib/i18n/money.ts';
import { type Person, PATIENCE, field, fill, press } from './stage.ts';

const t = money.en;
const d = deliveries.en;

/** Reloads the settlement until its state is this; before the contract binds there is none. */
async function untilSettlement(
  { page, go }: Person,
  contract: string,
  state: `state_${SettlementState}`,
): Promise<void> {
  await expect
    .poll(async () => {
      await go(`/money/contracts/${contract}`);
      return page.getByText(t[state], { exact: true }).count();
    }, PATIENCE)
    .toBeGreaterThan(0);
}

export async function payProvisional(person: Person, contract: string): Promise<void> {
  await untilSettlement(person, contract, 'state_provisional_due');
  await press(person.page, t.payProvisional);
  await person.page.getByText(t.paid).waitFor();
}

/** @returns the path of the delivery order, which the exchange issues once the escrow is funded. */
export async function deliveryPath({ page, go }: Person, contract: string): Promise<string> {
  const link = page.getByRole('main').getByRole('link', { name: t.toDelivery, exact: true }).first();
  await expect
    .poll(async () => {
      await go(`/money/contracts/${contract}`);
      return link.count();
    }, PATIENCE)
    .toBe(1);
  return (await link.getAttribute('href'))!;
}

/** @returns the code printed under the QR code of the new pass. */
export async function issuePass({ page, go }: Person, path: string, plate: string): Promise<string> {
  await go(path);
  await fill(page.getByRole('main'), { [d.plate]: plate, [d.driver]: 'Zhao Yong', [d.maximum]: '50' });
  await press(page, d.issue);
  await page.getByText(d.issued).waitFor();
  const pass = page.getByRole('listitem').filter({ hasText: plate });
  await pass.getByRole('img').first().waitFor();
  return (await pass.locator('.font-mono').first().textContent())!.trim();
}

export type Weighing = { readonly pass: string; readonly number: string; readonly gross: string };

export async function weigh({ page, go }: Person, path: string, of: Weighing): Promise<void> {
  await go(path);
  await fill(page.getByRole('main'), {
    [d.pass]: of.pass,
    [d.ticket]: of.number,
    [d.gross]: of.gross,
    [d.tare]: '16.000',
  });
  await press(page, d.record);
}

/** What the contract promised, but one point more ash. */
export async function recordAnalysis({ page, go }: Person, path: string): Promise<void> {
  await go(path);
  await fill(page.getByRole('main'), {
    [d.number]: 'COA-2026-0001',
    [d.laboratory]: 'Independent Coal Laboratory',
  });
  const values = { calorificValue: '23012', ash: '15.00', sulphur: '0.60', totalMoisture: '12.00' };
  for (const [name, value] of Object.entries(values)) await page.locator(`[name="${name}"]`).fill(value);
  await press(page, d.saveAnalysis);
  await page.getByText(d.analysisSaved).waitFor();
}

export async function acceptResult(person: Person, contract: string): Promise<void> {
  const { page } = person;
  await untilSettlement(person, contract, 'state_result_due');
  await page.getByRole('checkbox', { name: t.acceptSure }).check();
  await press(page, t.accept);
  await page.getByText(t.accepted).waitFor();
}

export async function rate(person: Person, contract: string): Promise<void> {
  const { page } = person;
  await untilSettlement(person, contract, 'state_closed');
  await page.getByRole('radio', { name: t.score_5 }).check();
  await field(page, t.comment).fill('As agreed, on time.');
  await press(page, t.rate);
  await page.getByText(t.rated).waitFor();
}

/** @returns what the bank says of an account, for example `Balance: CNY 100,000.00`. */
export async function balanceAtBank({ page, go }: Person, accountNumber: string): Promise<string> {
  const b = demoBank.en;
  await go('/demo/bank');
  const form = page.locator('form[action="?/look"]');
  await field(form, b.accountNumber).fill(accountNumber);
  await press(form, b.look);
  const shown = form.getByText(/^Balance:/);
  await shown.waitFor();
  return (await shown.textContent())!.replaceAll(/\s/g, ' ').trim();
}
