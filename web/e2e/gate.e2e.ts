/**
 * A guard's page with the network off: it opens, checks and lets in; what is forged, altered, out of its time, used,
 * cancelled or of another gate it refuses, with the reason in large type; and later it tells the exchange.
 */
import { createHash } from 'node:crypto';
import { gateRoutes, logisticsRoutes, memberRoutes, passBody, readPassToken } from '@seam/protocol';
import { launchBrowser } from '@seam/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../server/src/demo/companies.ts';
import { passKey, writePass } from '../../server/src/logistics/pass-token.ts';
import { enqueue } from '../../server/src/platform/outbox.ts';
import { type RunningSeam, runSeam } from '../../server/test/running-seam.ts';
import { bindContract, termsBetween } from '../../server/test/trade/binding-contract.ts';
import { type Party, logIn } from '../../server/test/trade/party.ts';
import { deliveries } from '../src/lib/i18n/deliveries.ts';
import { gate } from '../src/lib/i18n/gate.ts';
import { type Person, type Stage, PATIENCE, fill, openStage, press } from './journey/stage.ts';

const SELLER = 'shenmu@seam.example';
const BUYER = 'east-tide@seam.example';
const { en, zh } = gate;
const PAGE = '/deliveries/gate';

let browser: Browser;
let seam: RunningSeam;
let stage: Stage;
let guard: Person;
let seller: Party;
let buyer: Party;
let order: string;

beforeAll(async () => {
  [browser, seam] = await Promise.all([launchBrowser(), runSeam()]);
  stage = openStage(browser, seam.url, process.env['SEAM_SCREENSHOTS']);
  [seller, buyer, guard] = await Promise.all([
    logIn(seam.url, SELLER, DEMO_PASSWORD),
    logIn(seam.url, BUYER, DEMO_PASSWORD),
    stage.enterAs(SELLER, DEMO_PASSWORD),
  ]);
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await stage.lookAtAll('failed-gate');
});
afterAll(async () => {
  await stage?.close();
  await browser?.close();
  await seam?.stop();
});

const organisation = async (party: Party): Promise<string> =>
  (await party.must(memberRoutes.session)).organisation!.id;

/** The centre's calendar. */
const day = (days: number): string =>
  new Date(Date.now() + 8 * 3600_000 + days * 86_400_000).toISOString().slice(0, 10);

/** Of a contract that binds between the two; the exchange issues it. */
async function deliveryOrder(sellerId: string, buyerId: string): Promise<string> {
  const terms = termsBetween(sellerId, buyerId);
  const goods = { ...terms.goods, windowFrom: day(-1), windowTo: day(30) };
  const contractId = await bindContract(seam.sql, { ...terms, goods });
  const topic = 'logistics.issue_delivery_order';
  await enqueue(seam.sql, { effectKey: `gate-journey:${contractId}`, topic, payload: { contractId } });
  const found = async () => seam.sql<{ id: string }[]>`
    select id from delivery_order where contract_id = ${contractId}`;
  await expect.poll(async () => (await found()).length, PATIENCE).toBe(1);
  return (await found())[0]!.id;
}

const pass = async (plate: string) =>
  buyer.must(logisticsRoutes.issuePass, {
    params: { id: order },
    body: { plate, driver: '李强', maximum: '10' },
  });
const stateOf = async (id: string): Promise<string> =>
  (await seam.sql<{ state: string }[]>`select state from pickup_pass where id = ${id}`)[0]!.state;

/** Types or scans it, and reads what stands in the largest letters, with the other language under it. */
async function show(token: string): Promise<string[]> {
  const { page } = guard;
  const next = page.getByRole('button', { name: en.next, exact: true });
  if (await next.isVisible()) await next.click();
  await fill(page.getByRole('main'), { [en.token]: token });
  await press(page.getByRole('main'), en.check);
  const panel = page.locator('section[role="alert"], section[role="status"]');
  await panel.waitFor();
  return [
    (await panel.locator('strong').textContent())!,
    (await panel.locator('span').first().textContent())!,
  ];
}

const says = (verdict: keyof typeof en): string[] => [en[verdict], zh[verdict]];

test('the guard makes this browser a gate while there is network', async () => {
  order = await deliveryOrder(await organisation(seller), await organisation(buyer));
  await guard.go(PAGE);
  await fill(guard.page.getByRole('main'), { [en.name]: 'North gate', [en.place]: 'Datong' });
  await stage.look(guard, 'gate-register');
  await press(guard.page, en.register);
  await guard.page.getByText(en.online, { exact: true }).waitFor();
  await guard.page.getByText(en.keptPage).waitFor();
  const kept = async (): Promise<number> =>
    guard.page.evaluate(async () => (await (await caches.open('seam-gate')).keys()).length);
  await expect.poll(kept, PATIENCE).toBeGreaterThan(5);
  // The key signs for this page and for nobody else.
  const extractable = await guard.page.evaluate(
    async () =>
      new Promise((resolve) => {
        const open = indexedDB.open('seam-gate');
        open.onsuccess = () => {
          const found = open.result.transaction('state').objectStore('state').get('device');
          found.onsuccess = () => resolve(found.result.keys.privateKey.extractable);
        };
      }),
  );
  expect(extractable).toBe(false);
});

test('without network the page opens, lets a truck in once, and refuses every other pass with its reason', async () => {
  const good = await pass('晋B 11111');
  const cancelled = await pass('晋B 22222');
  await buyer.must(gateRoutes.movePass, {
    params: { id: order, passId: cancelled.id },
    body: { move: 'cancel' },
  });
  await guard.go(PAGE);
  await guard.page.getByText(en.online, { exact: true }).waitFor();
  const { facts } = readPassToken(good.token)!;
  const [secret] = await seam.sql<{ value: string }[]>`
    select value from installation_secret where name = 'pickup-passes'`;
  const key = passKey(secret!.value);
  const day = 86_400;
  const other = { ...facts, passId: '00000000-0000-7000-8000-000000000001' };
  const signature = good.token.split('.')[1]!;
  const stranger = passKey(createHash('sha256').update('another exchange').digest('base64url'));
  // Of the exchange's own name, but not of its key.
  const forged = writePass({ ...stranger, keyId: key.keyId }, facts);

  await guard.context.setOffline(true);
  await guard.page.reload();
  await guard.page.waitForSelector('html[data-ready]');
  await guard.page.getByText(en.offline, { exact: true }).waitFor();

  expect(await show('no pass at all.x')).toEqual(says('verdict_unreadable'));
  expect(await show(forged)).toEqual(says('verdict_forged'));
  expect(await show(`${passBody({ ...facts, maximumKg: '90000' })}.${signature}`)).toEqual(
    says('verdict_forged'),
  );
  await stage.look(guard, 'gate-forged');
  expect(await show(writePass(stranger, facts))).toEqual(says('verdict_unknown_key'));
  const expired = { notBefore: facts.notBefore - 3 * day, notAfter: facts.notBefore - day };
  expect(await show(writePass(key, { ...other, ...expired }))).toEqual(says('verdict_expired'));
  await stage.look(guard, 'gate-expired');
  const early = { notBefore: facts.notAfter + day, notAfter: facts.notAfter + 2 * day };
  expect(await show(writePass(key, { ...other, ...early }))).toEqual(says('verdict_not_yet_valid'));
  expect(await show(writePass(key, { ...other, place: 'Qinhuangdao' }))).toEqual(says('verdict_other_gate'));
  expect(await show(writePass(key, { ...other, sellerId: 'another' }))).toEqual(says('verdict_other_gate'));
  expect(await show(cancelled.token)).toEqual(says('verdict_revoked'));

  expect(await show(good.token)).toEqual(says('verdict_good'));
  await fill(guard.page.getByRole('main'), { [en.driver]: '李 强' });
  await press(guard.page.locator('form').filter({ hasText: en.driver }), en.check);
  await guard.page.getByText(en.driverFits).waitFor();
  await stage.look(guard, 'gate-good');
  await press(guard.page, en.letIn);
  await guard.page.getByText(zh.done_admitted).waitFor();
  expect(await show(good.token)).toEqual(says('verdict_used'));
  await guard.page.reload();
  await guard.page.waitForSelector('html[data-ready]');
  expect(await show(good.token)).toEqual(says('verdict_used'));
  await stage.look(guard, 'gate-used');
  expect(await stateOf(good.id)).toBe('created');
});

test('what it did reaches the exchange with the network, once', async () => {
  await guard.context.setOffline(false);
  await guard.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await guard.page.getByText(en.outcome_recorded, { exact: true }).waitFor();
  const rows = await seam.sql<{ plate: string; move: string }[]>`
    select p.plate, e.move from pass_event e join pickup_pass p on p.id = e.pass_id
     where p.delivery_order_id = ${order} and e.by_side = 'device'`;
  expect([...rows]).toEqual([{ plate: '晋B 11111', move: 'admit' }]);
});

test('a photo of the printed code is read, and the truck with another plate is sent away', async () => {
  const { token, id } = await pass('晋B 33333');
  const customer = await stage.enterAs(BUYER, DEMO_PASSWORD);
  await customer.go(`/deliveries/${order}`);
  const code = customer.page.getByRole('listitem').filter({ hasText: '晋B 33333' }).getByRole('img').first();
  const picture = await code.screenshot();
  await stage.look(customer, 'delivery-buyer');
  await guard.context.setOffline(true);
  await guard.go(PAGE);
  await guard.page.locator('input[type="file"]').setInputFiles({
    name: 'pass.png',
    mimeType: 'image/png',
    buffer: picture,
  });
  await guard.page.getByText(zh.verdict_good).waitFor();
  expect(token).toContain('.');
  await press(guard.page, en.sendAway);
  await guard.page.getByText(zh.done_refused).waitFor();
  await guard.context.setOffline(false);
  await guard.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect.poll(async () => stateOf(id), PATIENCE).toBe('refused');
  // What a delivery page shows of it: the schedule, and each step of each truck.
  await customer.go(`/deliveries/${order}`);
  const form = customer.page.locator('form[action="?/nominate"]');
  const { en: d } = deliveries;
  await fill(form, { [d.fromDay]: day(1), [d.toDay]: day(2), [d.tonnage]: '50' });
  await press(form, d.nominate);
  await customer.page.getByText(d.nominated, { exact: true }).waitFor();
  const truck = customer.page.getByRole('listitem').filter({ hasText: '晋B 33333' });
  await truck.locator('summary').click();
  await customer.page.getByText(`${d.move_refuse} · North gate`).waitFor();
  await stage.look(customer, 'delivery-schedule');
  await guard.go('/deliveries');
  await guard.page.getByText('North gate').first().waitFor();
  await stage.look(guard, 'deliveries-seller');
  expect(stage.complaints).toEqual([]);
});
