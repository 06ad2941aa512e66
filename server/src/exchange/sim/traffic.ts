/** What people do in the simulated market: schedule auctions, bid on them, step in, try the same id twice. */
import type { CommandBody } from '@seam/engine';
import { instant, lots, ticks } from '@seam/units';
import { auctionTerms } from '../testing/market.ts';
import type { Submission } from '../types.ts';
import type { SimSettlement } from './settlement.ts';
import { SimClient } from './sim-client.ts';
import type { SimEngine } from './sim-engine.ts';
import type { World } from './world.ts';

type Running = {
  readonly auctionId: string;
  readonly closesAt: number;
  readonly hardEndAt: number;
  /** Minor units to hold before bidding; undefined where the auction asks for none. */
  readonly security: string | undefined;
};

const AUCTIONS_AT_ONCE = 2;

export class Traffic {
  readonly clients: SimClient[] = [];
  readonly auctions: Running[] = [];
  readonly #world: World;
  readonly #engines: readonly SimEngine[];
  #settlement: SimSettlement | undefined;
  #made = 0;
  #running = 0;

  constructor(world: World, engines: readonly SimEngine[]) {
    this.#world = world;
    this.#engines = engines;
  }

  client(name: string): SimClient {
    const client = new SimClient(this.#world, this.#engines, name);
    this.clients.push(client);
    return client;
  }

  start(settlement: SimSettlement): void {
    this.#settlement = settlement;
    const { bidders, interventions } = this.#world.settings;
    this.#run(this.#operate(this.client('exchange')));
    for (let i = 0; i < bidders; i += 1) this.#run(this.#bid(this.client(`bidder${i}`)));
    if (interventions) this.#run(this.#intervene(this.client('staff')));
  }

  /** Nobody waits for an answer, or has more to do. */
  get isDone(): boolean {
    return this.#running === 0 && this.waiting === 0;
  }

  #run(person: Promise<void>): void {
    this.#running += 1;
    void person.finally(() => (this.#running -= 1));
  }

  get waiting(): number {
    return this.clients.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  get #isOver(): boolean {
    return this.#world.clock.now >= this.#world.calmAt;
  }

  async #operate(client: SimClient): Promise<void> {
    const { clock, pg } = this.#world;
    while (!this.#isOver) {
      const open = this.auctions.filter(({ hardEndAt }) => hardEndAt > pg.nowMs);
      if (open.length < AUCTIONS_AT_ONCE) await this.#schedule(client);
      await clock.pause(100);
    }
  }

  async #schedule(client: SimClient): Promise<void> {
    const { random, pg } = this.#world;
    this.#made += 1;
    const auctionId = `auction-${this.#made}`;
    const opensAt = Math.floor(pg.nowMs + random.between(-50, 400));
    const closesAt = opensAt + Math.floor(random.between(500, 4_000));
    const hardEndAt = closesAt + Math.floor(random.between(0, 1_500));
    const security = random.chance(0.5) ? '100000' : undefined;
    const terms = auctionTerms(auctionId, {
      opensAt: instant(opensAt),
      closesAt: instant(closesAt),
      softClose: {
        mode: 'window',
        windowMs: 300,
        extensionMs: 300,
        extensionsMax: 5,
        hardEndAt: instant(hardEndAt),
      },
      bidSecurity: { mode: 'fixed', amount: security ?? '0' },
    });
    const body = { type: 'schedule_auction', terms } as const;
    const done = client.command({ actor: 'exchange', cmdId: `schedule.${auctionId}`, body });
    this.auctions.push({ auctionId, closesAt, hardEndAt, security });
    await done;
  }

  async #bid(client: SimClient): Promise<void> {
    const { clock, random } = this.#world;
    const thinkMs = random.between(10, 150);
    const earlier: Submission[] = [];
    for (let n = 1; !this.#isOver; n += 1) {
      await clock.pause(random.between(0, 2 * thinkMs));
      if (random.chance(0.05) && earlier.length > 0) {
        await this.#again(client, random.pick(earlier));
        continue;
      }
      const submission = await this.#newBid(client, n);
      if (!submission) continue;
      const { status } = await client.command(submission);
      if (status === 'accepted' || random.chance(0.3)) earlier.push(submission);
    }
  }

  async #newBid({ name }: SimClient, n: number): Promise<Submission | undefined> {
    const { pg, random, checker } = this.#world;
    const open = this.auctions.filter(({ hardEndAt }) => hardEndAt > pg.nowMs - 50);
    if (open.length === 0) return undefined;
    const { auctionId, closesAt, security } = random.pick(open);
    if (security !== undefined) {
      const hold = { auctionId, accountId: name, amount: security, closesAt };
      if (!(await this.#settlement?.fund(hold))) return undefined;
    }
    const raises = checker.accepted.get(auctionId) ?? 0;
    const body = {
      type: 'place_bid',
      auctionId,
      accountId: name,
      price: ticks(800 + raises + random.below(4) - 1),
      quantity: lots(5 + random.below(60)),
      minimumAcceptable: lots(0),
    } as const;
    return { actor: name, cmdId: `${name}.${n}`, body };
  }

  /** The same command once more has the same answer; another under its id has none. */
  async #again(client: SimClient, submission: Submission): Promise<void> {
    const { random, checker } = this.#world;
    if (random.chance(0.7)) return void (await client.command(submission));
    const body = { ...submission.body, price: ticks(1) } as CommandBody;
    client.post({ ...submission, body }, (outcome) => {
      // Where the database lost the first one, its id is free again.
      if (outcome.status !== 'refused' && !checker.disaster)
        checker.fail('P4 an id belongs to its command', `${submission.cmdId} answered for another command`);
    });
  }

  async #intervene(client: SimClient): Promise<void> {
    const { clock, random, pg } = this.#world;
    for (let n = 1; !this.#isOver; n += 1) {
      await clock.pause(random.between(500, 3_000));
      const open = this.auctions.filter(({ hardEndAt }) => hardEndAt > pg.nowMs);
      if (open.length === 0) continue;
      const { auctionId } = random.pick(open);
      const act = (body: CommandBody) =>
        client.command({ actor: 'staff', cmdId: `staff.${n}.${body.type}`, body });
      if (random.chance(0.3)) await act({ type: 'void_auction', auctionId, reason: 'fault' });
      else if ((await act({ type: 'suspend_auction', auctionId, reason: 'fault' })).status === 'accepted') {
        await clock.pause(random.between(0, 1_000));
        await act({ type: 'resume_auction', auctionId });
      }
    }
  }
}
