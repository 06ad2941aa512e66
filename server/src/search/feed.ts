/**
 * Keeps an index equal to what PostgreSQL has committed. The table is asked several times a second for what
 * changed since the last look (migrations/0025_search.sql says how nothing is missed), so it does not matter
 * which process wrote, nor whether a message was lost. After any failure, and when another server answers
 * than did before, every lot's version is compared: that server may know less than the one before.
 */
import type { FastifyBaseLogger } from 'fastify';
import type { Sql } from 'postgres';
import type { Organisations } from '../listings/public.ts';
import { Fault } from '../platform/fault.ts';
import { BEHIND_MAX_MS, LOOK_EVERY_MS, READ_ROWS } from './limits.ts';
import type { LotRow } from './lot-row.ts';
import type { Lots } from './lots.ts';
import { readLots, readSellers, readSites } from './read-rows.ts';

export type FeedDeps = {
  readonly sql: Sql;
  readonly organisations: Organisations;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
};

/** How far the index has read, and of which server. */
type Mark = {
  /** Every transaction below it has been taken in. */
  readonly low: string;
  /** When that server started: a restarted one and a promoted stand-by both differ. */
  readonly server: string;
};

export class Feed {
  readonly #deps: FeedDeps;
  readonly #lots: Lots;
  /** Undefined: everything has to be compared. */
  #mark: Mark | undefined;
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** When the last look that succeeded began; what was committed before it is in the index. */
  #seenAt = Number.NEGATIVE_INFINITY;
  #asOf = new Date(0);
  #isDirty = false;

  constructor(lots: Lots, deps: FeedDeps) {
    this.#lots = lots;
    this.#deps = deps;
  }

  /** Takes in all that is on the market, then goes on looking. */
  async start(): Promise<void> {
    await this.look();
    this.#timer ??= setInterval(() => void this.#tick(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#looking?.catch(() => {});
  }

  /** Somebody in this process has just committed: the next search looks first. */
  nudge(): void {
    this.#isDirty = true;
  }

  /** Everything committed before this moment is in the index. */
  get asOf(): Date {
    return this.#asOf;
  }

  /** Waits until the index is young enough to answer from. @throws Fault `search.behind` when it cannot be. */
  async fresh(): Promise<void> {
    if (!this.#isDirty && performance.now() - this.#seenAt < BEHIND_MAX_MS) return;
    try {
      await this.look();
    } catch (error) {
      throw new Fault('search.behind', 'the database did not say what changed', {
        cause: error,
        retryAfterMs: 1_000,
      });
    }
  }

  /** Takes in what was committed before this call. */
  async look(): Promise<void> {
    // A look under way may have begun before what the caller waits for was committed.
    await this.#looking?.catch(() => {});
    this.#looking ??= this.#lookOnce().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #tick(): Promise<void> {
    if (this.#looking) return;
    await this.look().catch((error: unknown) => {
      this.#deps.log.error({ err: error }, 'the search does not see what changes');
    });
  }

  async #lookOnce(): Promise<void> {
    const began = performance.now();
    const asOf = new Date();
    this.#isDirty = false;
    try {
      this.#mark = this.#mark ? await this.#takeChanges(this.#mark) : await this.#compareAll();
    } catch (error) {
      this.#mark = undefined;
      this.#isDirty = true;
      throw error;
    }
    this.#seenAt = began;
    this.#asOf = asOf;
  }

  async #takeChanges(last: Mark): Promise<Mark> {
    const { sql } = this.#deps;
    // Numbers at or above xmax were given by another cluster, before a restore: the first reading had them.
    const changed = await sql<(Mark & { id: string | null; xid: string | null })[]>`
      select w.low::text as low, extract(epoch from pg_postmaster_start_time())::text as server, l.id, l.changed_xid::text as xid
        from (select pg_snapshot_xmin(s) as low, pg_snapshot_xmax(s) as high from pg_current_snapshot() s) w
        left join listing l on l.changed_xid >= ${last.low}::xid8 and l.changed_xid < w.high`;
    const { low, server } = changed[0]!;
    if (server !== last.server) return this.#compareAll();
    const ids = changed.flatMap(({ id, xid }) => (id !== null && !this.#has(id, xid!) ? [id] : []));
    await this.#takeIn(ids);
    return { low, server };
  }

  #has(id: string, xid: string): boolean {
    const slot = this.#lots.slotOf(id);
    return slot !== undefined && this.#lots.xids[slot] === xid;
  }

  /** Compares every lot on the market with the index; reads those that differ, drops those that have gone. */
  async #compareAll(): Promise<Mark> {
    const { sql } = this.#deps;
    // Taken first: what changes while this reads is found again by the next look.
    const [mark] = await sql<Mark[]>`
      select pg_snapshot_xmin(pg_current_snapshot())::text as low, extract(epoch from pg_postmaster_start_time())::text as server`;
    if (this.#lots.size === 0) await this.#readAll();
    else await this.#mend();
    return mark!;
  }

  async #readAll(): Promise<void> {
    for (let after = ''; ;) {
      const rows = await readLots(this.#deps.sql, { after, limit: READ_ROWS });
      await this.#put(rows);
      if (rows.length < READ_ROWS) return;
      after = rows.at(-1)!.id;
    }
  }

  async #mend(): Promise<void> {
    const there = new Map<string, string>();
    for (let after = ''; ;) {
      const rows = await this.#deps.sql<{ id: string; xid: string }[]>`
        select id, changed_xid::text as xid from listing
         where id > ${after} and state in ('published', 'in_auction') order by id limit ${READ_ROWS * 4}`;
      for (const { id, xid } of rows) there.set(id, xid);
      if (rows.length < READ_ROWS * 4) break;
      after = rows.at(-1)!.id;
    }
    // A map may lose entries while it is walked.
    for (const [id] of this.#lots.known()) if (!there.has(id)) this.#lots.remove(id);
    await this.#takeIn([...there].flatMap(([id, xid]) => (this.#has(id, xid) ? [] : [id])));
  }

  async #takeIn(ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += READ_ROWS) {
      const some = ids.slice(from, from + READ_ROWS);
      const rows = await readLots(this.#deps.sql, { ids: some });
      await this.#put(rows);
      const stay = new Set(rows.map(({ id }) => id));
      for (const id of some) if (!stay.has(id)) this.#lots.remove(id);
    }
  }

  /** What the lots speak of is brought before they are. */
  async #put(rows: readonly LotRow[]): Promise<void> {
    await bringNames(this.#deps, this.#lots, rows);
    for (const row of rows) this.#lots.put(row);
  }
}

/** Mines and places never change; a company's names may, and are asked for with each of its lots. */
export async function bringNames(
  { sql, organisations }: Pick<FeedDeps, 'sql' | 'organisations'>,
  lots: Lots,
  rows: readonly LotRow[],
): Promise<void> {
  const sites = new Set(
    rows.flatMap(({ mineId, deliveryPlaceId }) =>
      deliveryPlaceId === null ? [mineId] : [mineId, deliveryPlaceId],
    ),
  );
  const missing = [...sites].filter((id) => !lots.sites.has(id));
  for (const site of await readSites(sql, missing)) lots.sites.put(site);
  const sellers = new Set(rows.map(({ sellerId }) => sellerId));
  for (const seller of await readSellers(sql, organisations, [...sellers])) {
    const known = lots.sellers.find(seller.id);
    const old = known === undefined ? undefined : lots.sellers.items[known];
    if (old?.name !== seller.name || old.nameZh !== seller.nameZh) lots.sellers.put(seller);
  }
}
