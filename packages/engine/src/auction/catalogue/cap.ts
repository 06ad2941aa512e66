/**
 * How much of a catalogue one bidder and its group may still win.
 *
 * The rule: what a group has won of the lots that have ended, and what its standing bids bind it to in
 * the lot that runs, together never exceed the cap. A bid that would exceed it is refused. Other houses
 * let such a bid stand and void the win ("at most two lots, the third is void"): then somebody who may not
 * win drives the price of those who may, and the lot is lost at the end. A refused bid harms nobody.
 *
 * An award that is provisional or waits for its contract counts; one that has fallen does not. A place
 * among the waiting counts for nothing until an award comes to it, and then takes only what the cap leaves.
 */
import { type Lots, lots } from '@seam/units';
import { formatOf } from '../../formats/index.ts';
import type { Catalogue, EngineState, Won } from '../../state.ts';
import type { CommonTerms } from '../types.ts';
import type { CatalogueTerms, LotsCap } from './types.ts';

/** Says how much of one auction accounts may have, and remembers what of it was given meanwhile. */
export class CapRoom {
  readonly #rule: { cap: LotsCap; groupIds: CatalogueTerms['groupIds'] } | null;
  readonly #elsewhere: readonly (readonly Won[])[];
  readonly #quantity: Lots;
  #here: readonly Won[];

  /** @param here what accounts have of the auction itself. */
  constructor(state: EngineState, terms: CommonTerms, here: readonly Won[]) {
    const { catalogue: own, auctionId } = terms;
    this.#rule = own?.cap ? { cap: own.cap, groupIds: own.groupIds } : null;
    const catalogue = own && state.catalogues.get(own.catalogueId);
    this.#elsewhere = this.#rule && catalogue ? held(state, catalogue, auctionId) : [];
    this.#quantity = terms.quantity;
    this.#here = here;
  }

  /** Most lots of this auction that the account may have in all, with what the rest of its group has of it. */
  most(accountId: string): Lots {
    if (this.#rule === null) return this.#quantity;
    const { cap, groupIds } = this.#rule;
    const group = groupIds?.find((members) => members.includes(accountId)) ?? [accountId];
    const sum = (lines: readonly Won[]) =>
      lines.reduce((total, line) => (group.includes(line.accountId) ? total + line.quantity : total), 0);
    const others = this.#here.filter((line) => line.accountId !== accountId);
    if (cap.unit === 'lots') {
      const used = this.#elsewhere.filter((lines) => sum(lines) > 0).length;
      return used < cap.maximum ? this.#quantity : lots(0);
    }
    const used = this.#elsewhere.reduce((total, lines) => total + sum(lines), sum(others));
    return lots(Math.min(this.#quantity, Math.max(0, cap.maximum - used)));
  }

  /** What the account may get besides what it has of this auction. */
  more(accountId: string): Lots {
    const own = this.#here.reduce(
      (sum, line) => (line.accountId === accountId ? sum + line.quantity : sum),
      0,
    );
    return lots(Math.max(0, this.most(accountId) - own));
  }

  give(accountId: string, quantity: Lots): void {
    this.#here = [...this.#here, { accountId, quantity }];
  }
}

/** Of every other lot: what was won of it, or is bound to it. */
function held(state: EngineState, catalogue: Catalogue, except: string): (readonly Won[])[] {
  const won = Object.entries(catalogue.won).flatMap(([id, lines]) => (id === except ? [] : [lines]));
  const bound = catalogue.lots.flatMap((id) => {
    const auction = id === except ? undefined : state.auctions.get(id);
    return auction === undefined ? [] : [boundIn(auction)];
  });
  return [...won, ...bound];
}

/** What the bidders of a live auction are bound to. */
export function boundIn(auction: Parameters<ReturnType<typeof formatOf>['bound']>[0]): readonly Won[] {
  const format = formatOf(auction);
  return [...auction.bidders].map((accountId) => ({ accountId, quantity: format.bound(auction, accountId) }));
}
