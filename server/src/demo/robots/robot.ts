/**
 * One robot: a member like any other, on the public API only. It logs in, sets security aside, bids, and
 * after any failure keeps quiet for a while; nothing it does throws.
 */
import { type Client, type LiveSocket, openSocket, randomId } from '@seam/client';
import { type AuctionSummary, auctionRoutes, memberRoutes } from '@seam/protocol';
import { formatMoney, parseMoney } from '@seam/units';
import { Bidder, type RobotLog } from './bidder.ts';
import { AUCTIONS_MAX, REST_AFTER_FAILURE_MS, REST_CEILING_MS } from './limits.ts';
import type { Random } from './random.ts';
import { securityFor, wishFor } from './strategy.ts';

export type RobotLogin = { readonly email: string; readonly password: string };
type Member = { readonly client: Client; readonly socket: LiveSocket; readonly organisationId: string };

export class Robot {
  readonly #of: { login: RobotLogin; client: Client; socketUrl: string; random: Random; log: RobotLog };
  readonly #bidders = new Map<string, Bidder>();
  /** Looked at and left alone: not one of its kind, or too dear. */
  readonly #passed = new Set<string>();
  #member: Member | undefined;
  #busy = false;
  #quietUntilMs = 0;
  #failures = 0;
  #awake = false;

  constructor(of: { login: RobotLogin; client: Client; socketUrl: string; random: Random; log: RobotLog }) {
    this.#of = of;
  }

  /** Takes up what is new among `auctions` and leaves what is not among them. Returns at once. */
  look(auctions: readonly AuctionSummary[]): void {
    this.#awake = true;
    for (const [id, bidder] of this.#bidders) {
      if (auctions.some((auction) => auction.id === id)) continue;
      bidder.leave();
      this.#bidders.delete(id);
    }
    for (const id of this.#passed)
      if (!auctions.some((auction) => auction.id === id)) this.#passed.delete(id);
    if (this.#member?.socket.status.state === 'ended') this.rest();
    if (this.#busy || Date.now() < this.#quietUntilMs) return;
    this.#busy = true;
    void this.#join(auctions)
      .then(() => {
        this.#failures = 0;
      })
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#busy = false;
      });
  }

  /** Bids no more, from this moment; `look` wakes it again. */
  rest(): void {
    this.#awake = false;
    for (const bidder of this.#bidders.values()) bidder.leave();
    this.#bidders.clear();
    this.#member?.socket.close();
    this.#member = undefined;
  }

  async #join(auctions: readonly AuctionSummary[]): Promise<void> {
    const open = auctions.filter(
      ({ id, state, format }) =>
        state === 'open' && format === 'english' && !this.#bidders.has(id) && !this.#passed.has(id),
    );
    if (open.length === 0) return;
    const member = (this.#member ??= await this.#logIn());
    for (const { id, owner } of open) {
      if (!this.#awake || this.#member !== member || this.#bidders.size >= AUCTIONS_MAX) return;
      const bidder = owner.id === member.organisationId ? null : await this.#prepare(member, id);
      if (bidder === null) this.#passed.add(id);
      else if (this.#awake && this.#member === member) this.#bidders.set(id, bidder());
    }
  }

  async #logIn(): Promise<Member> {
    const { login, client, socketUrl } = this.#of;
    const answer = await client.call(memberRoutes.login, { body: { ...login, token: true } });
    if (!answer.ok) throw new Error(`login: ${answer.problem.code}`);
    const { token, organisation } = answer.value;
    if (token === undefined || organisation === null) throw new Error('login: no token or no company');
    const socket = openSocket({ url: socketUrl, token });
    return { client: client.withToken(token), socket, organisationId: organisation.id };
  }

  /** Sets the security aside. @returns null when there is nothing to gain here for this robot. */
  async #prepare({ client, socket }: Member, id: string): Promise<(() => Bidder) | null> {
    const { random, log } = this.#of;
    const params = { id };
    const view = await client.call(auctionRoutes.auction, { params });
    const mine = await client.call(auctionRoutes.myAuctionPosition, { params });
    if (!view.ok || !mine.ok)
      throw new Error(`auction: ${view.ok ? (mine.ok ? '' : mine.problem.code) : view.problem.code}`);
    const wish = wishFor(view.value, random);
    const have = money(mine.value.securityAllocated) + money(mine.value.securityPending);
    const missing = securityFor(view.value, wish.quantityKg) - have;
    if (missing > money(mine.value.freeMoney)) return null;
    if (missing > 0n) {
      const held = await client.call(auctionRoutes.holdBidSecurity, {
        params,
        body: { amount: formatMoney(missing) },
        idempotencyKey: `robot-security.${randomId()}`,
      });
      if (!held.ok) {
        if (held.problem.status >= 500) throw new Error(`security: ${held.problem.code}`);
        return null;
      }
    }
    return () => new Bidder({ auctionId: id, socket, wish, random, log });
  }

  #failed(error: unknown): void {
    const restMs = Math.min(REST_CEILING_MS, REST_AFTER_FAILURE_MS * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    this.#quietUntilMs = Date.now() + restMs;
    // Whatever is wrong, it may be the login.
    this.rest();
    this.#of.log.warn({ err: error, robot: this.#of.login.email, restMs }, 'robot keeps quiet for a while');
  }
}

const money = (text: string): bigint => parseMoney(text) ?? 0n;
