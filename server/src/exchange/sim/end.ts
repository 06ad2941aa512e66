/** What must hold when the bad day is over: everybody has an answer, every auction its end, every view the truth. */
import { canonicalJson } from '../canonical.ts';
import { GENESIS } from '../chain.ts';
import { CommandMemory } from '../command-memory.ts';
import { auditEntries } from '../crash/histories.ts';
import { LiveAuctions } from '../live-view.ts';
import { recover } from '../recovery.ts';
import { marketRules } from '../rules.ts';
import { silentLog } from '../types.ts';
import type { SimEngine } from './sim-engine.ts';
import { simSql } from './sim-sql.ts';
import type { Traffic } from './traffic.ts';
import type { World } from './world.ts';

type End = {
  readonly world: World;
  readonly engines: readonly SimEngine[];
  readonly traffic: Traffic;
  /** Sim ms by which the auctions have ended. */
  readonly limitMs: number;
};

export async function checkEnd({ world, engines, traffic, limitMs }: End): Promise<void> {
  const { checker, clock } = world;
  if (checker.violation || engines.some(({ isHalted }) => isHalted) || checker.disaster) return;
  if (!traffic.isDone)
    return checker.fail(
      'liveness: 60 s after the last fault all is answered',
      `${traffic.waiting} commands wait`,
    );
  await clock.run(limitMs, () => checker.violation !== undefined || checker.isQuiet);
  // Settlement reads the last releases.
  await clock.run(clock.now + 1_000, () => checker.violation !== undefined);
  if (checker.violation) return;
  if (!checker.isQuiet)
    return checker.fail('liveness: auctions end', `deadline ${checker.nextClose()?.at} stands`);
  const { wrongAwards, wrongCloses, doubled } = auditEntries(checker.allEntries);
  if (wrongAwards > 0) return checker.fail('A5 awards are the best bids', `${wrongAwards} differ`);
  if (wrongCloses > 0)
    return checker.fail('A2 A3 P12 closes are at their end, after all bids', `${wrongCloses} differ`);
  if (doubled > 0) return checker.fail('A3 nothing is sold twice', `${doubled} auctions`);
  for (let shard = 0; shard < world.settings.shards; shard += 1) {
    checkViews(world, engines, shard);
    await checkRecovery(world, shard);
  }
}

/** J7: what a leader shows is the fold of the journal. */
function checkViews({ checker, pg }: World, engines: readonly SimEngine[], shard: number): void {
  const fold = new LiveAuctions();
  for (const entry of checker.entries(shard)) fold.apply(entry);
  for (const engine of engines) {
    // One that was fenced while it stood still may not know yet; only the row says who leads.
    const leads = pg.tables.shard(shard).row.owner === engine.life?.name && engine.leads(shard);
    const view = leads ? engine.life?.views[shard] : undefined;
    const same = !view || canonical(view.snapshot()) === canonical(fold.snapshot());
    if (!same) checker.fail('J7 a view is the fold of the journal', `${engine.life?.name} shard ${shard}`);
  }
}

const canonical = (json: string): string => canonicalJson(JSON.parse(json));

/** J5: from every snapshot and from none, recovery comes to the same state. */
async function checkRecovery({ checker, pg }: World, shard: number): Promise<void> {
  const { row, snapshots } = pg.tables.shard(shard);
  const kept = snapshots;
  for (const snapshot of [undefined, ...kept]) {
    pg.tables.shard(shard).snapshots = snapshot ? [snapshot] : [];
    const sql = simSql(async (work) => {
      const context = { tables: pg.tables, nowMs: pg.nowMs, session: 0, isAlive: () => true };
      return work.run(context).result;
    });
    const head = {
      epoch: row.epoch,
      lastSeq: row.lastSeq,
      lastAt: row.lastAt,
      lastHash: row.lastHash,
      aliveAt: 0,
    };
    const { state } = await recover(sql, {
      rules: marketRules,
      shard,
      head,
      commands: new CommandMemory(),
      view: new LiveAuctions(),
      published: 0,
      publishedHash: GENESIS,
      publish: () => {},
      renew: async () => {},
      log: silentLog,
    });
    const same = marketRules.stateHash(state) === checker.stateHash(shard);
    if (!same)
      checker.fail('J5 recovery comes to the same state', `shard ${shard} from ${snapshot?.seq ?? 0}`);
  }
  pg.tables.shard(shard).snapshots = kept;
}
