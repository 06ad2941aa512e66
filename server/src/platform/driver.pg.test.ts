/** What the patched driver promises (server/patches/postgres.patch). */
import net from 'node:net';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => db.close());

/** As PostgreSQL ends a connection that an administrator terminates. */
function terminated(): Buffer {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0');
  const head = Buffer.from('E\0\0\0\0');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

/** Ends the first connections in the moment they ask for the types of arrays, which the driver does by itself. */
async function endsWhoAsksForTypes(times: number) {
  const { hostname, port } = new URL(db.url);
  let ended = 0;
  const proxy = net.createServer((client) => {
    const server = net.connect(Number(port || 5432), hostname);
    client.on('data', (bytes) => {
      if (ended < times && bytes.includes('typcategory')) {
        ended += 1;
        client.end(terminated());
        server.destroy();
      } else server.write(bytes);
    });
    server.on('data', (bytes) => client.writable && client.write(bytes));
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = new URL(db.url);
  url.host = `127.0.0.1:${(proxy.address() as net.AddressInfo).port}`;
  return { url: url.href, ended: () => ended, close: () => proxy.close() };
}

it('a connection that ends while it asks for its types is lost for nobody but its caller, who may ask again', async () => {
  const unheard: unknown[] = [];
  const hear = (error: unknown): void => void unheard.push(error);
  process.on('unhandledRejection', hear);
  const proxy = await endsWhoAsksForTypes(3);
  const sql = postgres(proxy.url, { max: 2, backoff: () => 0 });
  const ask = async (): Promise<string[]> => {
    const [row] = await sql<{ words: string[] }[]>`select array['a', 'b'] as words`;
    return row!.words;
  };
  const answers = await Promise.all(
    Array.from({ length: 6 }, async () => ask().catch(async () => ask().catch(async () => ask()))),
  );
  expect(answers).toEqual(Array.from({ length: 6 }, () => ['a', 'b']));
  expect(await sql.begin(async (tx) => tx`select 1 as one`)).toEqual([{ one: 1 }]);
  // Rejections are told of after the microtasks of their turn.
  await new Promise((resolve) => setImmediate(resolve));
  expect([proxy.ended(), unheard]).toEqual([3, []]);
  process.off('unhandledRejection', hear);
  await sql.end();
  proxy.close();
});

it('a transaction whose connection ends so begins on another', async () => {
  const proxy = await endsWhoAsksForTypes(1);
  const sql = postgres(proxy.url, { max: 1, backoff: () => 0 });
  expect(await sql.begin(async (tx) => tx`select 1 as one`)).toEqual([{ one: 1 }]);
  expect(proxy.ended()).toBe(1);
  await sql.end();
  proxy.close();
});

it('what comes after a query whose connection was ended is answered for itself, and the pool can be closed', async () => {
  const sql = postgres(db.url, {
    max: 1,
    backoff: () => 0,
    connection: { application_name: 'mortal-driver' },
  });
  const end = async (): Promise<number> =>
    (
      await db.sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'mortal-driver' and state = 'active' and query like '%pg_sleep%'`
    ).length;
  for (const nth of [1, 2]) {
    const long = sql`select pg_sleep(600)`.then(
      () => 'slept',
      () => 'ended',
    );
    await expect.poll(end).toBe(1);
    expect([nth, await long]).toEqual([nth, 'ended']);
    if (nth === 1) expect(await sql`select ${2}::int as two`).toEqual([{ two: 2 }]);
  }
  await sql.end();
});

it('what was about to be written to a connection that went keeps nothing from the next one', async () => {
  const { hostname, port } = new URL(db.url);
  let asked: net.Socket[] = [];
  const proxy = net.createServer((client) => {
    const server = net.connect(Number(port || 5432), hostname);
    client.on('data', (bytes) => {
      if (!bytes.includes('end us')) return void server.write(bytes);
      asked.push(client);
      // Both in one turn of the loop: the first to hear of it writes to the other, which is gone already.
      if (asked.length === 2) asked.forEach((one) => one.destroy());
    });
    server.on('data', (bytes) => client.writable && client.write(bytes));
    for (const socket of [client, server]) {
      socket.on('error', () => {});
      socket.on('close', () => [client, server].forEach((one) => one.destroy()));
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = new URL(db.url);
  url.host = `127.0.0.1:${(proxy.address() as net.AddressInfo).port}`;
  const sql = postgres(url.href, { max: 2, backoff: () => 0, connect_timeout: 60 });
  const one = async (n: number): Promise<number> => {
    const [row] = await sql<{ n: number }[]>`select ${n}::int as n, pg_sleep(0.02)`;
    return row!.n;
  };
  const lost = async (): Promise<unknown> =>
    sql`select 'end us'`.catch(() => Promise.allSettled([one(1), one(2)]));
  for (let round = 0; round < 5; round += 1) {
    asked = [];
    await Promise.all([one(3), one(4)]);
    await Promise.all([lost(), lost()]);
    expect(await Promise.all([one(5), one(6), one(7)])).toEqual([5, 6, 7]);
  }
  await sql.end();
  proxy.close();
});
