/**
 * The money beside the market: holds a bidder's security in the ledger first, then has the engine
 * allocate it, and lets go only of what the engine's journal has released (reliability.md 5.6).
 */
import type { JournalEntry } from '../types.ts';
import type { SimClient } from './sim-client.ts';
import type { World } from './world.ts';

const POLL_MS = 150;

export class SimSettlement {
  readonly #world: World;
  readonly #client: SimClient;
  readonly #funded = new Map<string, Promise<boolean>>();
  readonly #position: number[];

  constructor(world: World, client: SimClient) {
    this.#world = world;
    this.#client = client;
    this.#position = Array.from({ length: world.settings.shards }, () => 0);
    this.#follow();
  }

  /** Resolves with whether the bidder may bid. */
  fund(of: { auctionId: string; accountId: string; amount: string; closesAt: number }): Promise<boolean> {
    const id = `hold.${of.auctionId}.${of.accountId}`;
    let funded = this.#funded.get(id);
    if (!funded) this.#funded.set(id, (funded = this.#fund(id, of)));
    return funded;
  }

  async #fund(
    id: string,
    { auctionId, accountId, amount, closesAt }: Parameters<SimSettlement['fund']>[0],
  ): Promise<boolean> {
    const { checker, mutant, clock, pg } = this.#world;
    checker.security.hold(auctionId, accountId, BigInt(amount));
    const body = { type: 'allocate_bid_security', auctionId, accountId, amount } as const;
    const outcome = await this.#client.command({ actor: 'settlement', cmdId: id, body });
    if (outcome.status === 'rejected') this.#release(auctionId, accountId, amount);
    else if (mutant.releasesEarly)
      clock.after(closesAt - pg.nowMs, () => this.#release(auctionId, accountId, amount));
    return outcome.status === 'accepted';
  }

  /** Reads the journal behind its own position, as the projector does. */
  #follow(): void {
    const { clock, checker, settings } = this.#world;
    clock.after(POLL_MS, () => {
      for (let shard = 0; shard < settings.shards; shard += 1) {
        for (const entry of checker.entries(shard).slice(this.#position[shard])) {
          this.#position[shard] = entry.seq;
          if (!this.#world.mutant.releasesEarly) this.#settle(entry);
        }
      }
      this.#follow();
    });
  }

  #settle({ events }: JournalEntry): void {
    for (const event of events)
      if (event.type === 'bid_security_released')
        this.#release(event.auctionId, event.accountId, event.amount);
  }

  #release(auctionId: string, accountId: string, amount: string): void {
    const { checker } = this.#world;
    checker.ledger(checker.security.release(auctionId, accountId, BigInt(amount)));
  }
}
