/**
 * One lot of coal, from two unknown companies to the last payment, by people in real browsers, against
 * the product itself: its server, its database, its bank. The server is killed in the middle of the
 * auction. Each test is one step and goes on where the last one ended.
 */
import { usccCheckCharacter } from '@seam/units';
import { launchBrowser } from '@seam/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DEMO_PASSWORD, SECOND_STAFF, STAFF } from '../../server/src/demo/companies.ts';
import { type RunningSeam, runSeam } from '../../server/test/running-seam.ts';
import { expectJournalWhole, expectLedgerWhole, pdfsig } from '../../server/test/trade/evidence.ts';
import { logIn } from '../../server/test/trade/party.ts';
import { certificates } from '../src/lib/i18n/certificates.ts';
import { deliveries } from '../src/lib/i18n/deliveries.ts';
import * as company from './journey/company.ts';
import * as contract from './journey/contract.ts';
import * as delivery from './journey/delivery.ts';
import * as market from './journey/market.ts';
import * as room from './journey/room.ts';
import { type Person, type Stage, go, openStage } from './journey/stage.ts';

const legalId = (body: string): string => body + usccCheckCharacter(body);
const PRODUCER: company.NewCompany = {
  name: 'Blue Terrace Coal Co., Ltd.',
  legalId: legalId('91140100MA0JQ4K7B'),
  kind: 'kindProducer',
  accountNumber: '6222700000000101',
  admin: {
    name: 'Gao Shan',
    email: 'gao@blue.example',
    roles: ['trader', 'signatory', 'finance', 'dispatcher'],
  },
  people: [],
};
const BUYER: company.NewCompany = {
  name: 'East Bank Power Co., Ltd.',
  legalId: legalId('91310000MA1FL3B7D'),
  kind: 'kindBuyer',
  accountNumber: '6222700000000202',
  admin: { name: 'Lin Hai', email: 'lin@east.example', roles: ['trader', 'dispatcher'] },
  people: [
    { name: 'Wu Ming', email: 'wu@east.example' },
    { name: 'Xie Lan', email: 'xie@east.example' },
    { name: 'Song Jia', email: 'song@east.example' },
  ],
};

let browser: Browser;
let seam: RunningSeam;
let stage: Stage;
/** Who has entered so far; the second buyer is a member since before. */
const people = {} as Record<
  'producer' | 'buyer' | 'trader' | 'signatory' | 'finance' | 'rival' | 'staff' | 'colleague',
  Person
>;
const made = new Map<string, string>();
const idOf = (what: 'listing' | 'request' | 'auction' | 'contract' | 'order'): string => {
  const id = made.get(what);
  if (id === undefined) throw new Error(`an earlier step has made no ${what}`);
  return id;
};

beforeAll(async () => {
  [browser, seam] = await Promise.all([launchBrowser(), runSeam()]);
  stage = openStage(browser, seam.url, process.env['SEAM_SCREENSHOTS']);
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await stage.lookAtAll(`failed-${task.name.split(' ')[0]}`);
  process.stderr.write(seam.output().slice(-5_000));
});
afterAll(async () => {
  await stage?.close();
  await browser?.close();
  await seam?.stop();
});

test('1 two companies register, staff certify them, the bank confirms, and only then they may trade', async () => {
  people.staff = await stage.enterAs(STAFF.email, STAFF.password);
  people.colleague = await stage.enterAs(SECOND_STAFF.email, SECOND_STAFF.password);
  for (const [who, of] of [
    ['producer', PRODUCER],
    ['buyer', BUYER],
  ] as const) {
    const person = await stage.enter();
    people[who] = person;
    await company.openAccount(person, of);
    await stage.look(person, `${who}-demo-bank`);
    await company.register(person, of);
    await stage.look(person, `${who}-registered`);
    expect(await company.mayTrade(person, of)).toBe(false);
    await company.certify(people.staff, people.colleague, of);
    await stage.look(people.colleague, `${who}-certified`);
    await company.untilActive(person);
    await stage.look(person, `${who}-active`);
    expect(await company.mayTrade(person, of)).toBe(true);
  }
  const [trader, signatory, finance] = BUYER.people;
  people.trader = await stage.enterAs(trader!.email, company.PASSWORD);
  people.signatory = await stage.enterAs(signatory!.email, company.PASSWORD);
  people.finance = await stage.enterAs(finance!.email, company.PASSWORD);
  people.rival = await stage.enterAs('pearl-delta@seam.example', DEMO_PASSWORD);
});

test('2 signatories make keys in their browsers, and two of the centre issue certificates', async () => {
  await company.makeKey(people.producer, 'Mine office');
  await stage.look(people.producer, 'keys');
  await company.makeKey(people.signatory, 'Power station');
  await people.staff.go('/staff/certificates');
  await stage.look(people.staff, 'certificate-requests');
  await company.issueCertificate(people.staff, people.colleague, PRODUCER.admin.name);
  await stage.look(people.staff, 'certificate-requests-later');
  await company.issueCertificate(people.staff, people.colleague, BUYER.people[1]!.name);
  await people.colleague.go('/staff/certificates/all');
  await stage.look(people.colleague, 'certificates');
  await people.colleague.go('/staff/certificates/log');
  await people.colleague.page.getByText(certificates.en.chainHead).waitFor();
  await stage.look(people.colleague, 'certificate-log');
});

test('3 the producer offers a lot, the buyer asks for coal, the exchange names the lot, the producer answers', async () => {
  made.set('listing', await market.offerLot(people.producer, (name) => stage.look(people.producer, name)));
  await stage.look(people.producer, 'lot');
  made.set('request', await market.publishRequest(people.trader));
  await market.expectSuggested(people.trader, idOf('request'));
  await stage.look(people.trader, 'request');
  await market.answer(people.producer, idOf('request'));
  await stage.look(people.producer, 'answer');
  await market.expectAnswered(people.trader, idOf('request'));
});

test('4 the lot is sold by live auction, and a killed server loses no acknowledged bid', async () => {
  const { producer, trader, finance, rival } = people;
  await room.payIn(finance, '200000', '200,000.00');
  await stage.look(finance, 'money');
  made.set('auction', await room.scheduleAuction(producer, idOf('listing')));
  const path = `/auctions/${idOf('auction')}`;
  await Promise.all([trader.go(path), rival.go(path)]);
  await Promise.all([producer, trader, rival].map(room.untilOpen));
  // 10 % of 600.00 × 100 t.
  await room.holdSecurity(trader, '6000');
  await room.holdSecurity(rival, '6000');

  const second = await trader.context.newPage();
  await go(second, seam.url + path);
  const watching = [producer.page, trader.page, rival.page, second];
  await room.bid(trader, '600.00');
  await room.expectStanding(watching, ['600.00 100 t']);
  await trader.page
    .getByText(/^Extended once/)
    .first()
    .waitFor();
  await room.bid(rival, '605.00');
  await room.expectStanding(watching, ['605.00 100 t', '600.00 0']);
  await trader.page.getByText(room.texts.outbid, { exact: true }).first().waitFor();
  await room.bid(trader, '610.00');
  await room.expectStanding(watching, ['610.00 100 t', '605.00 0']);
  await stage.look(trader, 'auction-room');

  await seam.kill();
  await trader.page.getByText(room.texts.connStale).first().waitFor();
  await stage.look(trader, 'auction-room-without-server');
  await seam.start();
  await trader.page.getByText(room.texts.connLive, { exact: true }).first().waitFor();
  await room.expectStanding(watching, ['610.00 100 t', '605.00 0']);
  await room.bid(rival, '615.00');
  await room.bid(trader, '620.00');
  await room.expectStanding(watching, ['620.00 100 t', '615.00 0']);
  await second.reload();
  await room.expectStanding([second], ['620.00 100 t', '615.00 0']);
});

const PAGES = [
  '/',
  '/find',
  '/find/saved',
  '/lots/mine',
  '/requests',
  '/auctions',
  '/contracts',
  '/deliveries',
  '/money',
  '/company',
];
// While the auction runs.
test('4 every page of a member and of the centre fits a desk and a phone', async () => {
  const { producer, staff } = people;
  const fits = async ({ page }: Person): Promise<boolean> =>
    page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  for (const [person, paths] of [
    [
      producer,
      [
        ...PAGES,
        '/company/people',
        '/company/papers',
        '/company/account',
        '/deliveries/gate',
        '/help',
        '/glossary',
      ],
    ],
    [staff, ['/staff', '/staff/certification', '/staff/certificates', '/staff/ledger', '/staff/work']],
  ] as const) {
    for (const path of paths) {
      await person.go(path);
      await stage.look(person, `page${path.replaceAll('/', '-')}`);
      for (const width of [1440, 390]) {
        await person.page.setViewportSize({ width, height: 844 });
        expect(await fits(person), `${path} at ${width} px`).toBe(true);
      }
      await person.page.setViewportSize({ width: 1440, height: 900 });
    }
  }
});

test('5 it closes by the rules; the loser has all its money back, the winner only what it did not promise', async () => {
  const { trader, rival } = people;
  const link = trader.page.getByRole('link', { name: room.texts.toContract });
  await link.waitFor({ timeout: 300_000 });
  await trader.page.getByText(/^You won 100\s?t at CNY\s?620\.00/).waitFor();
  await rival.page.getByText(room.texts.youLost).waitFor();
  // Each bid that was acknowledged, three before the server died and two after.
  await rival.page.getByText('bids 5 · bidders 2').waitFor();
  await stage.look(trader, 'auction-won');
  await stage.look(rival, 'auction-lost');
  made.set('contract', (await link.getAttribute('href'))!.split('/').at(-1)!);

  await room.expectOnMoneyPage(people.rival, '60,000,000.00');
  await room.expectOnMoneyPage(people.finance, '194,000.00');
});

test('6 seller, buyer and centre sign, and pdfsig and a stranger’s browser find three good signatures', async () => {
  await contract.sign(people.producer, idOf('contract'), () =>
    stage.look(people.producer, 'contract-seller'),
  );
  await contract.sign(people.signatory, idOf('contract'), () =>
    stage.look(people.signatory, 'contract-buyer'),
  );
  const file = await contract.sealedFile(people.signatory);
  await stage.look(people.signatory, 'contract-binding');
  const root = await (await fetch(`${seam.url}/v1/pki/root.cer`)).bytes();
  expect(pdfsig(file, root)).toEqual({ valid: 3, trusted: 3, total: true });

  const stranger = await stage.enter();
  expect(await contract.verifyAsStranger(stranger, file)).toBe('Valid');
  await stage.look(stranger, 'verified');
  const forged = Buffer.from(file);
  forged.write('9', forged.indexOf('/CreationDate') + 18, 'latin1');
  expect(await contract.verifyAsStranger(stranger, forged)).toBe('Not valid');
  await stage.look(stranger, 'verified-forged');
});

test('7 paid into escrow, weighed, analysed, adjusted, paid out by the bank, and rated', async () => {
  const { producer, buyer, finance, staff } = people;
  await delivery.payProvisional(finance, idOf('contract'));
  await stage.look(finance, 'settlement-paid');
  made.set('order', await delivery.deliveryPath(finance, idOf('contract')));
  const order = idOf('order');
  const passes = [
    await delivery.issuePass(buyer, order, '晋A 88881'),
    await delivery.issuePass(buyer, order, '晋A 88882'),
  ];
  await stage.look(buyer, 'passes');

  // A truck that leaves brings its part at once.
  const before = await delivery.balanceAtBank(producer, PRODUCER.accountNumber);
  await delivery.weigh(producer, order, { pass: passes[0]!, number: 'W-1', gross: '116.020' });
  await producer.page.getByRole('alert').first().waitFor();
  await stage.look(producer, 'weighing-refused');
  await producer.go(order);
  await producer.page.getByText(deliveries.en.noTickets).waitFor();
  for (const [n, pass] of passes.entries()) {
    await delivery.weigh(producer, order, { pass, number: `W-${n + 1}`, gross: '66.000' });
    await producer.page.getByText(deliveries.en.recorded.replace('{number}', `W-${n + 1}`)).waitFor();
  }
  await stage.look(producer, 'weighed');
  await delivery.recordAnalysis(staff, order);
  await stage.look(staff, 'analysis');

  await delivery.acceptResult(finance, idOf('contract'));
  await delivery.rate(finance, idOf('contract'));
  await delivery.rate(producer, idOf('contract'));
  await stage.look(producer, 'settlement-closed');
  // 620.00 less 1 % for one point of ash × 100 t = 61,380.00; fee 0.2 % = 122.76 and tax 6 % of it = 7.37.
  const page = await producer.page.getByRole('main').textContent();
  for (const amount of ['62,000.00', '61,380.00', '122.76', '7.37', '61,249.87'])
    expect(page).toContain(amount);
  expect(before).toContain('100,000,000.00');
  expect(await delivery.balanceAtBank(producer, PRODUCER.accountNumber)).toContain('100,061,249.87');
  // 200,000.00 paid in, less 61,380.00 for the coal; the rest of the escrow and the security are free again.
  await room.expectOnMoneyPage(finance, '138,620.00');
});

test('8 the ledger sums to zero, the journal is whole from its first entry, and no page broke', async () => {
  await expectLedgerWhole(await logIn(seam.url, STAFF.email, STAFF.password), seam.sql);
  expect(await expectJournalWhole(seam.sql)).toBeGreaterThanOrEqual(8);
  expect(stage.complaints).toEqual([]);
});
