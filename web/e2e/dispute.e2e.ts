/** The three roles settle a contract with a dispute on the way: filed, heard, decided by two, accepted, paid, closed. */
import { logisticsRoutes, memberRoutes, settlementRoutes } from '@seam/protocol';
import { launchBrowser } from '@seam/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../server/src/demo/companies.ts';
import { enqueue } from '../../server/src/platform/outbox.ts';
import { type RunningSeam, runSeam } from '../../server/test/running-seam.ts';
import { bindContract, termsBetween } from '../../server/test/trade/binding-contract.ts';
import { type Party, logIn } from '../../server/test/trade/party.ts';
import { disputes } from '../src/lib/i18n/disputes.ts';
import { money } from '../src/lib/i18n/money.ts';
import { type Person, type Stage, PATIENCE, openStage } from './journey/stage.ts';

const ACCOUNTS = ['shenmu', 'east-tide', 'staff', 'staff-two'].map((name) => `${name}@seam.example`);
const { zh, en } = disputes;

let browser: Browser;
let seam: RunningSeam;
let stage: Stage;
let people: Record<'seller' | 'buyer' | 'staff' | 'second', Person>;
let sides: Record<'seller' | 'buyer' | 'staff', Party>;
let contract: string;
let clicks = 0;

const organisation = async (party: Party): Promise<string> =>
  (await party.must(memberRoutes.session)).organisation!.id;

/** 100 t at 600.00, paid, weighed and analysed as promised: the result is 60,000.00. */
async function delivered(seller: Party, buyer: Party, staff: Party): Promise<string> {
  const id = await bindContract(
    seam.sql,
    termsBetween(await organisation(seller), await organisation(buyer)),
  );
  const payload = { contractId: id };
  await enqueue(seam.sql, { effectKey: `journey:${id}`, topic: 'settlement.open', payload });
  const params = { id };
  const settlement = async () => {
    const { items } = await buyer.must(settlementRoutes.settlements);
    if (!items.some(({ contractId }) => contractId === id)) return undefined;
    return buyer.must(settlementRoutes.settlement, { params });
  };
  await expect.poll(async () => (await settlement())?.state, PATIENCE).toBe('provisional_due');
  await buyer.must(settlementRoutes.payProvisional, { params });
  await expect.poll(async () => (await settlement())?.deliveryOrderId ?? '', PATIENCE).not.toBe('');
  const order = { id: (await settlement())!.deliveryOrderId! };
  const body = { plate: '晋A 88881', driver: '赵勇', maximum: '100' };
  const pass = await buyer.must(logisticsRoutes.issuePass, { params: order, body });
  const weighed = { number: 'W-1', gross: '116', tare: '16', weighedAt: new Date().toISOString() };
  await seller.must(logisticsRoutes.recordTicket, { params: order, body: { pass: pass.token, ...weighed } });
  const value = (parameter: 'ash' | 'sulphur' | 'totalMoisture', of: string) =>
    ({ parameter, basis: 'ar', unit: '%', value: of }) as const;
  await staff.must(logisticsRoutes.recordAnalysis, {
    params: order,
    body: {
      number: 'COA-1',
      laboratory: 'Independent Coal Laboratory',
      sampledOn: new Date().toISOString().slice(0, 10),
      values: [
        { parameter: 'calorificValue', basis: 'ar', unit: 'J/g', kind: 'net', value: '23000' },
        value('ash', '15.00'),
        value('sulphur', '0.60'),
        value('totalMoisture', '12.00'),
      ],
    },
  });
  await expect.poll(async () => (await settlement())?.state, PATIENCE).toBe('result_due');
  return id;
}

beforeAll(async () => {
  [browser, seam] = await Promise.all([launchBrowser(), runSeam()]);
  stage = openStage(browser, seam.url, process.env['SEAM_SCREENSHOTS']);
  const enter = async (n: number): Promise<Person> => stage.enterAs(ACCOUNTS[n]!, DEMO_PASSWORD);
  const parties = await Promise.all([0, 1, 2].map(async (n) => logIn(seam.url, ACCOUNTS[n]!, DEMO_PASSWORD)));
  const [seller, buyer, staff, second] = await Promise.all([enter(0), enter(1), enter(2), enter(3)]);
  people = { seller, buyer, staff, second };
  sides = { seller: parties[0]!, buyer: parties[1]!, staff: parties[2]! };
  for (const one of [seller, buyer])
    await one.context.addCookies([{ name: 'locale', value: 'zh', url: seam.url }]);
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await stage.lookAtAll('failed-dispute');
});
afterAll(async () => {
  process.stdout.write(`dispute: ${clicks} clicks from the result to the close\n`);
  await stage?.close();
  await browser?.close();
  await seam?.stop();
});

const settlementPage = async (person: Person): Promise<void> => person.go(`/money/contracts/${contract}`);

/** The form of one step; its fields by their names, which are the same in both languages. */
const form = ({ page }: Person, step: string) => page.locator(`form[action="?/${step}"]`);
async function type(person: Person, step: string, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values))
    await form(person, step).locator(`[name="${name}"]`).fill(value);
}

/** Presses a button of the page and waits for what it answers. */
async function press({ page }: Person, name: string, answer: string): Promise<void> {
  clicks += 1;
  await page.getByRole('main').getByRole('button', { name, exact: true }).click();
  await page.getByText(answer, { exact: true }).first().waitFor();
}

test('the buyer disputes the result; what nobody disputes is paid to the seller', async () => {
  contract = await delivered(sides.seller, sides.buyer, sides.staff);
  const { buyer } = people;
  await settlementPage(buyer);
  await form(buyer, 'file').getByRole('combobox').selectOption({ label: zh.cause_weight });
  await type(buyer, 'file', { amount: '55000', statement: '我方地磅复称只有 92 吨。' });
  await stage.look(buyer, 'file');
  await press(buyer, zh.fileDo, zh.done_file);
  await buyer.page.getByText(zh.undisputedPaid, { exact: true }).waitFor();
  await stage.look(buyer, 'filed');
});

test('the centre hears it, and both sides hand in their evidence', async () => {
  const { buyer, seller, staff } = people;
  await staff.go('/staff/disputes');
  await stage.look(staff, 'desk');
  clicks += 1;
  await staff.page.getByRole('main').getByRole('table').first().getByRole('link').first().click();
  await press(staff, en.admit, en.done_admit);
  await settlementPage(buyer);
  await type(buyer, 'say', { text: '雨天装车，车厢积水。' });
  await press(buyer, zh.sayDo, zh.done_say);
  await press(buyer, zh.evidenceEnd, zh.done_evidenceEnd);
  await settlementPage(seller);
  await seller.page.locator('input[type="file"]').setInputFiles({
    name: '磅单.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('W-1 毛重 116.000 皮重 16.000'),
  });
  await press(seller, zh.attachDo, zh.done_attach);
  await stage.look(seller, 'evidence');
  await press(seller, zh.evidenceEnd, zh.done_evidenceEnd);
});

test('two persons decide, both sides accept, the rest is paid and the delivery closed', async () => {
  const { buyer, seller, staff, second } = people;
  const { page } = staff;
  await staff.go(new URL(page.url()).pathname);
  await type(staff, 'propose', {
    amount: '57000',
    reasons: 'Both scales were checked: 95 t were dry coal, the rest was rain.',
  });
  await stage.look(staff, 'propose');
  await press(staff, en.proposeDo, en.done_propose);
  await second.go(new URL(page.url()).pathname);
  await stage.look(second, 'confirm');
  await press(second, en.confirmDo, en.done_confirm);
  for (const side of [buyer, seller]) {
    await settlementPage(side);
    await stage.look(side, 'decided');
    await press(side, zh.acceptDecision, zh.done_acceptDecision);
  }
  await expect
    .poll(async () => {
      await settlementPage(seller);
      return seller.page.getByText(money.zh.state_closed, { exact: true }).count();
    }, PATIENCE)
    .toBeGreaterThan(0);
  await stage.look(seller, 'closed');
  await seller.page.getByText(zh.state_final, { exact: true }).first().waitFor();
  expect(stage.complaints).toEqual([]);
});
