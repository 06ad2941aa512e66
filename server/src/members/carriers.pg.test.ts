import { testDatabase, type TestDatabase } from '@seam/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isCarrier } from './carriers.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => {
  await db.close();
});

const add = async (id: string, of: { kind: string; sells?: boolean; legalId: string; status?: string }) =>
  db.sql`insert into organisation (id, name, kind, sells, buys, legal_id_kind, legal_id, country, address,
      contact_name, contact_email, contact_phone, status, status_since, created_at, active_at)
    values (${id}, ${id}, ${of.kind}, ${of.sells ?? false}, false, 'uscc', ${of.legalId}, 'CN', 'a', 'c', 'e', 'p',
      ${of.status ?? 'active'}, now(), now(), now())`;

it('a carrier neither sells nor buys, and everybody else does one of them', async () => {
  await add('carrier', { kind: 'carrier', legalId: '91140100MA0KX7T2C2' });
  await add('waiting', { kind: 'carrier', legalId: '91140100MA0KX7T2C4', status: 'under_review' });
  await add('producer', { kind: 'producer', sells: true, legalId: '91140100MA0KX7T2C3' });
  expect(
    await Promise.all(['carrier', 'waiting', 'producer', ''].map(async (id) => isCarrier(db.sql, id))),
  ).toEqual([true, false, false, false]);
  const refused = { code: '23514' };
  await expect(
    add('both', { kind: 'carrier', sells: true, legalId: '91140100MA0KX7T2C5' }),
  ).rejects.toMatchObject(refused);
  await expect(add('idle', { kind: 'trader', legalId: '91140100MA0KX7T2C6' })).rejects.toMatchObject(refused);
  await expect(add('short', { kind: 'carrier', legalId: '91' })).rejects.toMatchObject(refused);
});
