/** What waits for the centre's people and runs out for a company: in their lists, and by mail. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { smtpMailer } from '../../mail/public.ts';
import { type PostOffice, openPostOffice } from '../../mail/testing/post-office.ts';
import { World } from '../test/world.ts';
import { demoPaper } from './demo-paper.ts';

let world: World;
let office: PostOffice;
let centre: { id: string; token: string };
let second: { id: string; token: string };
beforeAll(async () => {
  world = await World.open();
  centre = await world.staff();
  second = await world.second();
});
afterAll(async () => world.close());
beforeEach(async () => {
  office = await openPostOffice();
  world.mailer = smtpMailer({ url: office.url, from: 'centre@seam.example', patienceMs: 10_000 });
  await world.db.sql`delete from person_notice`;
  await world.db.sql`delete from outbox`;
});
afterEach(async () => office.close());

const notices = async (token: string) =>
  (await world.ask('GET', '/v1/notices', { token })).body['items'] as {
    id: string;
    kind: string;
    subject: string;
    link: string | null;
  }[];
const post = () => office.received.flatMap(({ to }) => to).toSorted();
const letters = async () =>
  (await world.db.sql<{ mail: string | null }[]>`select mail from person_notice order by id`).map(
    ({ mail }) => mail,
  );

it('a company that submits is told to who certifies, until one of them has taken it up', async () => {
  const { id, input } = await world.register();
  const told = await notices(centre.token);
  expect(told).toMatchObject([
    {
      kind: 'certification_waits',
      subject: input.organisation.name,
      link: `/staff/certification/${id}`,
    },
  ]);
  await world.work();
  expect(post()).toEqual(['centre@seam.example', 'second@seam.example']);
  expect(office.received[0]!.headers['list-unsubscribe']).toBeUndefined();
  await world.propose(second.token, id, 'start_review');
  expect(await notices(centre.token)).toEqual([]);
});

it('a proposal is told to who may be the second person, and to nobody once it is decided', async () => {
  const { id } = await world.register();
  await world.dossier(id);
  await world.propose(centre.token, id, 'certify');
  const waits = async (token: string) => (await notices(token)).map(({ kind }) => kind);
  expect(await waits(centre.token)).toEqual([]);
  expect(await waits(second.token)).toEqual(['proposal_waits']);
  await world.approve(second.token, (await world.proposalOf(id, 'certify'))!);
  expect(await waits(second.token)).toEqual([]);
  // Settled before the letter went: nobody is written to.
  await world.work();
  expect(post()).toEqual([]);
});

it('a paper that runs out is told to the administrators by mail, once however often the work is done', async () => {
  const { id, input } = await world.register();
  await world.dossier(id);
  const { sql } = world.db;
  const [row] = await sql<{ id: string }[]>`update party_document
    set expires_on = (now() + interval '7 days')::date where organisation_id = ${id} and kind = 'business_licence'
    returning id`;
  await sql`update organisation set status = 'active', certified_at = now(), active_at = now() where id = ${id}`;
  await sql`delete from person_notice`;
  await sql`delete from outbox`;
  await sql`insert into outbox (effect_key, topic, payload) values
    (${`members.document_due:${row!.id}:7`}, 'members.document_due', ${sql.json({ documentId: row!.id })})`;
  await world.work();
  await world.work();
  expect(post()).toEqual([input.admin.email]);
  await sql`update outbox set done_at = null, lease_epoch = lease_epoch + 1, leased_until = '-infinity'`;
  await world.work();
  await world.work();
  expect(post()).toEqual([input.admin.email]);
  expect(await letters()).toEqual(['sent']);
});

it('a letter waits for a mail server that is away, and is given up when it is refused for good', async () => {
  await world.register();
  const { url } = office;
  await office.close();
  await world.work();
  expect(await letters()).toEqual(['waiting', 'waiting']);
  office = await openPostOffice({ at: 'recipient', code: 550, words: 'no such mailbox' });
  world.mailer = smtpMailer({ url: office.url, from: 'centre@seam.example', patienceMs: 10_000 });
  expect(office.url).not.toBe('');
  expect(url).not.toBe('');
  await world.retryNow();
  await world.work();
  expect(await letters()).toEqual(['refused', 'refused']);
});

it('without mail the list alone tells; a new paper of a member is told too', async () => {
  const { id, input } = await world.register();
  await world.db
    .sql`update organisation set status = 'active', certified_at = now(), active_at = now() where id = ${id}`;
  await world.db.sql`delete from person_notice`;
  world.mailer = undefined;
  const added = await world.ask('POST', '/v1/company/documents', {
    token: await world.token(input.admin.email),
    body: {
      kind: 'business_licence',
      number: 'L-2',
      issuedOn: '2024-01-01',
      fileName: 'licence.pdf',
      file: demoPaper('another licence').toString('base64'),
    },
  });
  expect(added.status).toBe(201);
  await world.work();
  expect((await notices(centre.token)).map(({ kind }) => kind)).toEqual(['document_waits']);
  expect(await letters()).toEqual([null, null]);
  const judged = { token: centre.token, body: { accept: true } };
  const url = `/v1/staff/certifications/${id}/documents/${added.body['id']}/decision`;
  expect((await world.ask('POST', url, judged)).status).toBe(200);
  expect(await notices(second.token)).toEqual([]);
});
