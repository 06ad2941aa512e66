/** Who holds what for a bidder: the ledger's hold beside the engine's allocation, from committed entries only. */
import type { JournalEntry } from '../types.ts';

const key = (auctionId: string, accountId: string): string => `${auctionId}\0${accountId}`;

function add(to: Map<string, bigint>, at: string, amount: bigint): void {
  to.set(at, (to.get(at) ?? 0n) + amount);
}

export class SecurityBook {
  readonly #put = new Map<string, bigint>();
  readonly #returned = new Map<string, bigint>();
  readonly #allocated = new Map<string, bigint>();

  /** The ledger holds more. */
  hold(auctionId: string, accountId: string, amount: bigint): void {
    const at = key(auctionId, accountId);
    add(this.#put, at, amount);
  }

  /** The ledger lets go. @returns what is broken by it. */
  release(auctionId: string, accountId: string, amount: bigint): string | undefined {
    add(this.#returned, key(auctionId, accountId), amount);
    return this.#check(auctionId, accountId);
  }

  /**
   * The database has lost its newest commits, and `entries` is what the journal has left: what the ledger
   * returned for an entry that is gone, it has not returned, for it learned of the entry from that database.
   */
  rewind(entries: readonly JournalEntry[]): void {
    this.#allocated.clear();
    const known = new Map<string, bigint>();
    for (const entry of entries) {
      this.engine(entry);
      for (const event of entry.events) {
        if (event.type === 'bid_security_released') {
          add(known, key(event.auctionId, event.accountId), BigInt(event.amount));
        }
      }
    }
    for (const [at, returned] of this.#returned) {
      const most = known.get(at) ?? 0n;
      if (returned > most) this.#returned.set(at, most);
    }
  }

  held(auctionId: string, accountId: string): bigint {
    return this.#heldAt(key(auctionId, accountId));
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
        add(this.#allocated, key(event.auctionId, event.accountId), -BigInt(event.amount));
      }
    }
    return undefined;
  }

  /** Holds that no allocation needs any more. */
  get idle(): string[] {
    return [...this.#put.keys()].filter((at) => this.#heldAt(at) > (this.#allocated.get(at) ?? 0n));
  }

  #heldAt(at: string): bigint {
    return (this.#put.get(at) ?? 0n) - (this.#returned.get(at) ?? 0n);
  }

  #check(auctionId: string, accountId: string): string | undefined {
    const at = key(auctionId, accountId);
    const [allocated, held] = [this.#allocated.get(at) ?? 0n, this.#heldAt(at)];
    if (held >= allocated) return undefined;
    return `${accountId} in ${auctionId}: the engine has ${allocated}, the ledger holds ${held}`;
  }
}
