import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { lot } from '../listings/testing.ts';
import { smtpMailer, stopToken } from '../mail/public.ts';
import { type PostOffice, openPostOffice } from '../mail/testing/post-office.ts';
import { doWork, dueWork } from '../platform/outbox.ts';
import { alertWork, findAlerts } from './alerts.ts';
import { MAIL_SECRET, type SearchMarket, openSearchMarket } from './testing/market.ts';

let market: SearchMarket;
let office: PostOffice;
beforeAll(async () => {
  market = await openSearchMarket();
  await market.db.sql`
    insert into organisation (id, name, kind, sells, buys, legal_id_kind, legal_id, country, address, contact_name,
      contact_email, contact_phone, status, status_since, created_at)
    values ('buyer', 'Buyer', 'buyer', false, true, 'lei', 'LEI00000000000000001', 'CN', '-', '-', 'c@d.cn', '-',
      'registered', now(), now())`;
  await market.db.sql`
    insert into person (id, organisation_id, name, email, password_hash, created_at)
    values ('person-buyer', 'buyer', 'Anna', 'anna@plant.example', '$argon2id$x', now())`;
});
afterAll(async () => market.close());
beforeEach(async () => {
  office = await openPostOffice();
  await market.db.sql`delete from saved_search`;
  await market.db.sql`delete from outbox`;
});
afterEach(async () => office.close());

const publish = async (patch: Record<string, unknown> = {}): Promise<string> =>
  (await market.call('seller', 'POST', '/v1/listings', lot(patch))).body.id;
const save = async (mail: 'en' | 'zh' | null, query: object = {}): Promise<string> =>
  (await market.call('buyer', 'POST', '/v1/saved-searches', { name: 'Low <ash>', query, mail })).body.id;
const alerts = async () => (await market.call('buyer', 'GET', '/v1/search-alerts')).body.items;

/** What the process does by itself: looks, tells, writes. @returns how the works on letters ended. */
async function work(url = office.url, topics = ['search.alert', 'search.mail']): Promise<string[]> {
  await findAlerts({ ...market.options, search: market.search });
  const mailer = smtpMailer({ url, from: 'alerts@seam.example', patienceMs: 10_000 });
  const mail = { mailer, secret: MAIL_SECRET, publicUrl: 'https://seam.example' };
  const all = alertWork({ ...mail, search: market.search, options: market.options });
  const handlers = new Map(all.map((handler) => [handler.topic, handler]));
  const ended: string[] = [];
  // Telling asks for letters: twice round.
  for (const topic of topics)
    for (const id of await dueWork(market.db.sql, 1_000)) {
      const [row] = await market.db.sql<{ topic: string }[]>`select topic from outbox where id = ${id}`;
      if (row?.topic === topic) {
        const result = await doWork(market.db.sql, handlers, id);
        if (topic === 'search.mail') ended.push(result);
      }
    }
  return ended;
}
const waitNoLonger = async () =>
  market.db.sql`update outbox set not_before = now() - interval '1 minute' where done_at is null`;

it('one alert is one letter, in the language of the search, however often it is looked at', async () => {
  await save('zh', { to: '32.4,119.4', costCurrency: 'CNY' });
  const id = await publish();
  expect(await work()).toEqual(['done']);
  expect(await work()).toEqual([]);
  expect(office.received).toHaveLength(1);
  const [mail] = office.received;
  expect(mail!.to).toEqual(['anna@plant.example']);
  const text = decoded(mail!.raw);
  expect(text).toContain('塔山');
  expect(text).toContain('到厂成本');
  expect(text).toContain(`https://seam.example/lots/${id}`);
  // The name is the visitor's own words: in HTML they are only words.
  expect(text).toContain('Low &lt;ash&gt;');
  expect((await alerts())[0]).toMatchObject({ mail: 'sent' });
});

it('writes to nobody who did not ask for it, and to everybody who did', async () => {
  await save(null);
  await save('en');
  await publish();
  expect(await work()).toEqual(['done']);
  const mails = (await alerts()).map(({ mail }: { mail: string | null }) => mail);
  expect(new Set(mails)).toEqual(new Set(['sent', null]));
});

it('tries again after the server was down or busy, until it is sent: one letter in the end', async () => {
  await save('en');
  await publish();
  const { url } = office;
  await office.close();
  expect(await work(url)).toEqual(['failed']);
  expect((await alerts())[0]).toMatchObject({ mail: 'waiting' });
  // Not before its time.
  expect(await work(url)).toEqual([]);
  office = await openPostOffice({ at: 'recipient', code: 450, words: 'greylisted' });
  await waitNoLonger();
  expect(await work()).toEqual(['failed']);
  office.refuse(undefined);
  await waitNoLonger();
  expect(await work()).toEqual(['done']);
  expect(office.received).toHaveLength(1);
  expect((await alerts())[0]).toMatchObject({ mail: 'sent' });
});

it('gives up a letter that the server refuses for good, and says so', async () => {
  await save('en');
  await publish();
  office.refuse({ at: 'recipient', code: 550, words: 'no such mailbox' });
  expect(await work()).toEqual(['done']);
  office.refuse(undefined);
  await waitNoLonger();
  expect(await work()).toEqual([]);
  expect((await alerts())[0]).toMatchObject({ mail: 'refused' });
  const [row] = await market.db.sql`select mail_answer from search_alert where mail = 'refused'`;
  expect(row!['mail_answer']).toContain('no such mailbox');
});

it('a letter whose end was not written down goes again under the same Message-ID', async () => {
  await save('en');
  await publish();
  expect(await work()).toEqual(['done']);
  await market.db
    .sql`update outbox set done_at = null, lease_epoch = lease_epoch + 1, leased_until = '-infinity'
    where topic = 'search.mail'
      and effect_key = (select effect_key from outbox where topic = 'search.mail' order by id desc limit 1)`;
  await market.db.sql`update search_alert set mail = 'waiting'`;
  expect(await work()).toEqual(['done']);
  const ids = office.received.map(({ headers }) => headers['message-id']);
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
  // Nothing waits any more: the work done once again writes nothing.
  await market.db
    .sql`update outbox set done_at = null, lease_epoch = lease_epoch + 1, leased_until = '-infinity'
    where topic = 'search.mail'`;
  await work();
  expect(office.received).toHaveLength(2);
});

it('writes no more once stopped by the link, which needs no login, nor of a lot that is gone', async () => {
  const id = await save('en');
  const token = stopToken(MAIL_SECRET, id);
  expect((await market.call(null, 'GET', `/v1/search-mail?token=${token}`)).body).toEqual({
    name: 'Low <ash>',
    active: true,
  });
  const lotId = await publish();
  await market.call('seller', 'POST', `/v1/listings/${lotId}/withdraw`);
  await findAlerts({ ...market.options, search: market.search });
  await publish();
  await findAlerts({ ...market.options, search: market.search });
  const stopped = { name: 'Low <ash>', active: false };
  for (let twice = 0; twice < 2; twice += 1)
    expect((await market.call(null, 'POST', '/v1/search-mail/stop', { token })).body).toEqual(stopped);
  await work();
  expect(office.received).toEqual([]);
  expect((await market.call(null, 'POST', '/v1/search-mail/stop', { token: `${token}x` })).status).toBe(404);
  const forged = stopToken('another secret', id);
  expect((await market.call(null, 'GET', `/v1/search-mail?token=${forged}`)).status).toBe(404);
});

it.each([
  [
    'its reader stops the letters',
    async (id: string) =>
      market.call(null, 'POST', '/v1/search-mail/stop', { token: stopToken(MAIL_SECRET, id) }),
  ],
  [
    'its reader is shut out',
    async () => market.db.sql`update person set disabled_at = now() where id = 'person-buyer'`,
  ],
])('does not send a letter that waits already when %s', async (_when, stop) => {
  const id = await save('en');
  await publish();
  await work(office.url, ['search.alert']);
  expect((await alerts())[0]).toMatchObject({ mail: 'waiting' });
  await stop(id);
  expect(await work()).toEqual(['done']);
  expect(office.received).toEqual([]);
  await market.db.sql`update person set disabled_at = null`;
  expect((await alerts())[0]).toMatchObject({ mail: null });
});

it('is stopped by one click in the mail program: the form that its headers name, posted without a login', async () => {
  const id = await save('en');
  await publish();
  await work();
  const { headers } = office.received[0]!;
  expect(headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
  const url = /^<https:\/\/seam\.example(\/v1\/[^>]+)>$/.exec(headers['list-unsubscribe']!)![1]!;
  const post = async (payload: string, type: string, to = url) =>
    market.app.inject({ method: 'POST', url: to, headers: { 'content-type': type }, payload });
  const form = 'application/x-www-form-urlencoded';
  const isOn = async (): Promise<boolean> =>
    (await market.call(null, 'GET', `/v1/search-mail?token=${stopToken(MAIL_SECRET, id)}`)).body.active;

  // Whoever only looks stops nothing: a reader is led to the page, another form is no stop, nor is a forged link.
  const looked = await market.app.inject({ method: 'GET', url });
  expect(looked.statusCode).toBe(303);
  expect(looked.headers.location).toBe(`/find/stop-mail${url.slice(url.indexOf('?'))}`);
  expect((await post('List-Unsubscribe=Later', form)).statusCode).toBe(400);
  expect((await post('', form)).statusCode).toBe(400);
  const forged = url.replace(/token=.*/, `token=${stopToken('another secret', id)}`);
  expect((await post('List-Unsubscribe=One-Click', form, forged)).statusCode).toBe(404);
  expect(await isOn()).toBe(true);

  const parts =
    '--b1\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b1--\r\n';
  expect((await post(parts, 'multipart/form-data; boundary=b1')).statusCode).toBe(200);
  expect(await isOn()).toBe(false);
  await market.call('buyer', 'POST', `/v1/saved-searches/${id}`, { mail: 'en' });
  for (let twice = 0; twice < 2; twice += 1) {
    expect((await post('List-Unsubscribe=One-Click', form)).statusCode).toBe(200);
    expect(await isOn()).toBe(false);
  }
  await publish();
  await work();
  expect(office.received).toHaveLength(1);
  await market.call('buyer', 'DELETE', `/v1/saved-searches/${id}`);
  expect((await post('List-Unsubscribe=One-Click', form)).statusCode).toBe(200);
});

it('is changed by its owner alone: a moved limit tells only of what comes after', async () => {
  const id = await save(null, { to: '32.4,119.4', costCurrency: 'CNY', landedMax: '1' });
  await publish();
  await work();
  expect(await alerts()).toEqual([]);
  const change = async (as: 'buyer' | 'other', body: object) =>
    market.call(as, 'POST', `/v1/saved-searches/${id}`, body);
  expect((await change('other', { landedMax: '900' })).status).toBe(404);
  expect((await change('buyer', { landedMax: '900', mail: 'en', name: 'New' })).body).toMatchObject({
    name: 'New',
    mail: 'en',
    query: { landedMax: '900' },
  });
  await work();
  expect(await alerts()).toEqual([]);
  const fits = await publish();
  await work();
  expect((await alerts()).map((each: { lot: { id: string } }) => each.lot.id)).toEqual([fits]);
  expect((await change('buyer', { landedMax: null, mail: null })).body).toMatchObject({
    name: 'New',
    mail: null,
  });
  const bare = await save(null);
  const refused = await market.call('buyer', 'POST', `/v1/saved-searches/${bare}`, { landedMax: '5' });
  expect(refused.body.code).toBe('search.destination_required');
});

/** The parts of a letter as their reader sees them. */
function decoded(raw: string): string {
  return raw
    .split(/\r\n--[^\r\n]+\r\n/)
    .map((part) => {
      const [head = '', ...body] = part.split('\r\n\r\n');
      const text = body.join('\r\n\r\n');
      if (/base64/i.test(head)) return Buffer.from(text, 'base64').toString();
      return Buffer.from(
        text
          .replaceAll('=\r\n', '')
          .replaceAll(/=([0-9A-F]{2})/g, (_whole, hex: string) =>
            String.fromCodePoint(Number.parseInt(hex, 16)),
          ),
        'latin1',
      ).toString();
    })
    .join('\n');
}
