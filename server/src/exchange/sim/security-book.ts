/** Who holds what for a bidder: the ledger's hold beside the engine's allocation, from committed entries only. */
import type { JournalEntry } from '../types.ts';

const key = (auctionId: string, accountId: string): string => `${auctionId}\0${accountId}`;

export class SecurityBook {
  readonly #held = new Map<string, bigint>();
  readonly #allocated = new Map<string, bigint>();

  /** The ledger holds more. */
  hold(auctionId: string, accountId: string, amount: bigint): void {
    const at = key(auctionId, accountId);
    this.#held.set(at, (this.#held.get(at) ?? 0n) + amount);
  }

  /** The ledger lets go. @returns what is broken by it. */
  release(auctionId: string, accountId: string, amount: bigint): string | undefined {
    this.hold(auctionId, accountId, -amount);
    return this.#check(auctionId, accountId);
  }

  held(auctionId: string, accountId: string): bigint {
    return this.#held.get(key(auctionId, accountId)) ?? 0n;
  }

  /** An entry of the engine is committed. @returns what is broken by it. */
  engine({ events }: JournalEntry): string | undefined {
    for (const event of events) {
      if (event.type === 'bid_security_allocated') {
        this.#allocated.set(key(event.auctionId, event.accountId), BigInt(event.total));
        const broken = this.#check(event.auctionId, event.accountId);
        if (broken) return broken;
      }
      if (event.type === 'bid_security_released') {
        const at = key(event.auctionId, event.accountId);
        this.#allocated.set(at, (this.#allocated.get(at) ?? 0n) - BigInt(event.amount));
      }
    }
    return undefined;
  }

  /** Holds that no allocation needs any more. */
  get idle(): string[] {
    return [...this.#held].filter(([at, held]) => held > (this.#allocated.get(at) ?? 0n)).map(([at]) => at);
  }

  #check(auctionId: string, accountId: string): string | undefined {
    const at = key(auctionId, accountId);
    const [allocated, held] = [this.#allocated.get(at) ?? 0n, this.#held.get(at) ?? 0n];
    if (held >= allocated) return undefined;
    return `${accountId} in ${auctionId}: the engine has ${allocated}, the ledger holds ${held}`;
  }
}
