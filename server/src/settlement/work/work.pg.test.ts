import type { HouseObligations } from '@seam/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { inTransaction } from '../../platform/http.ts';
import { isRefusal } from '../../platform/refusal.ts';
import { type WorkAction, actOnWork } from './act.ts';
import { type Asked, houseObligations } from './obligations.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => db.close());

async function seen(asked: Asked, personId = 'li'): Promise<HouseObligations> {
  const people = async (_connection: unknown, ids: readonly string[]) =>
    new Map(ids.map((id) => [id, `Ms ${id}`]));
  const page = await houseObligations(db.sql, { personId, people }, asked);
  if (isRefusal(page)) throw new Error(page.refused);
  return page;
}

async function work(subject: string, state: 'parked' | 'later' | 'due'): Promise<string> {
  const [row] = await db.sql<{ id: string }[]>`
    insert into outbox (effect_key, topic, payload, not_before, parked_at, attempts, last_error)
    values (${`k.${subject}`}, 'settlement.accept', ${db.sql.json({ contractId: subject })},
      now() + ${state === 'later' ? '1 day' : '0 s'}::text::interval, ${state === 'parked' ? new Date() : null},
      ${state === 'parked' ? 12 : 0}, ${state === 'parked' ? 'no money' : null}) returning id::text`;
  return row!.id;
}

const act = async (id: string, personId: string, action: WorkAction, reason?: string) =>
  inTransaction(db.sql, async (tx) => actOnWork(tx, { id, personId, action, reason }));

it('says of each piece of work what it waits for and what may be done', async () => {
  await work('a-parked', 'parked');
  await work('a-later', 'later');
  await work('a-due', 'due');
  const { items } = await seen({ subject: 'a-' });
  expect(items.map(({ subject, waitsFor, actions }) => [subject, waitsFor, actions])).toEqual(
    expect.arrayContaining([
      ['a-parked', 'centre', ['retry', 'take']],
      ['a-later', 'time', ['wake']],
      ['a-due', 'machine', []],
    ]),
  );
  expect((await seen({ subject: 'a-', waitsFor: 'centre' })).items).toHaveLength(1);
});

it('gives work to one of two who take it at once, and refuses the other', async () => {
  const id = await work('b', 'parked');
  const outcomes = await Promise.all([act(id, 'li', 'take'), act(id, 'wang', 'take')]);
  expect(outcomes.filter((one) => isRefusal(one)).map((one) => isRefusal(one) && one.refused)).toEqual([
    'work.taken',
  ]);
  const [winner, loser] = isRefusal(outcomes[0]) ? (['wang', 'li'] as const) : (['li', 'wang'] as const);
  const ofWinner = (await seen({ subject: 'b', area: 'work' }, winner)).items.find(
    ({ id: one }) => one === id,
  );
  expect(ofWinner).toMatchObject({
    owner: { name: `Ms ${winner}`, isMe: true },
    actions: ['retry', 'give_back', 'resolve'],
  });
  expect(await act(id, loser, 'resolve', 'mine')).toMatchObject({ refused: 'work.taken' });
  expect(await act(id, winner, 'resolve')).toMatchObject({ refused: 'request.invalid' });
  expect(await act(id, winner, 'resolve', 'paid by hand')).toEqual({});
  expect(await act(id, winner, 'retry')).toMatchObject({ refused: 'resource.not_found' });
  const [row] =
    await db.sql`select resolved_by, resolution, done_at is not null as done from outbox where id = ${id}`;
  expect(row).toEqual({ resolved_by: winner, resolution: 'paid by hand', done: true });
});

it('wakes what waits for its day, and not what a machine is about to do', async () => {
  const [later, due] = [await work('c-later', 'later'), await work('c-due', 'due')];
  expect(await act(later, 'li', 'wake')).toEqual({});
  expect(await act(due, 'li', 'wake')).toMatchObject({ refused: 'work.not_possible' });
  const { items } = await seen({ subject: 'c-' });
  expect(items.map(({ waitsFor }) => waitsFor)).toEqual(['machine', 'machine']);
});

it('shows every one once, page after page, whatever comes meanwhile, and refuses a cursor of nobody', async () => {
  for (let n = 0; n < 60; n += 1) await work(`d-${n}`, 'parked');
  const first = await seen({ subject: 'd-' });
  await work('d-new', 'parked');
  const second = await seen({ subject: 'd-', cursor: first.nextCursor! });
  const subjects = [...first.items, ...second.items].map(({ subject }) => subject);
  expect(new Set(subjects).size).toBe(61);
  expect(subjects).toHaveLength(61);
  expect(first.counts.find(({ area }) => area === 'work')!.count).toBeGreaterThanOrEqual(60);
  for (const cursor of ['garbage', Buffer.from('["x","y","z"]').toString('base64url')])
    expect(
      await houseObligations(db.sql, { personId: 'li', people: async () => new Map() }, { cursor }),
    ).toMatchObject({
      refused: 'request.invalid',
    });
});
