/**
 * Somebody in the room of an auction, over a real socket: every frame is held against the protocol, every
 * state comes through the client's own mirror, and a gap fails the test.
 */
import { type AuctionCommand, AuctionMirror, type AuctionState } from '@seam/client';
import { ServerFrame } from '@seam/protocol';
import { Compile } from 'typebox/compile';
import { expect } from 'vitest';
import { SocketClient } from '../exchange/testing/socket-client.ts';
import type { AuctionMarket } from './testing.ts';

const isServerFrame = Compile(ServerFrame);

/** What the market said of a command: its outcome, or the code of a refusal before it. */
export type Said = {
  readonly status: 'accepted' | 'rejected' | 'refused';
  readonly code?: string;
  readonly accepted?: Readonly<Record<string, string>>;
  readonly rank?: number | null;
  readonly allocated?: string | null;
};
type WithoutAuction<Command> = Command extends unknown ? Omit<Command, 'auctionId'> : never;

export class Seat {
  readonly who: string;
  readonly #line: SocketClient;
  readonly #auctionId: string;
  readonly #mirror = new AuctionMirror();
  #read = 0;
  #said = 0;

  private constructor(who: string, auctionId: string, line: SocketClient) {
    this.who = who;
    this.#auctionId = auctionId;
    this.#line = line;
  }

  static async at(market: AuctionMarket, who: string, auctionId: string): Promise<Seat> {
    const headers = { authorization: `Bearer ${who.padEnd(43, '-')}` };
    const line = new SocketClient(await market.socketUrl(), { headers });
    market.leaving.push(() => line.socket.terminate());
    await line.next('welcome');
    const seat = new Seat(who, auctionId, line);
    line.send({ t: 'subscribe', topic: `auction:${auctionId}` });
    await line.next('auction.snapshot');
    return seat;
  }

  /** The newest state. */
  get now(): AuctionState {
    for (; this.#read < this.#line.frames.length; this.#read += 1) {
      const frame = this.#line.frames[this.#read]!;
      expect(isServerFrame.Check(frame), JSON.stringify(frame)).toBe(true);
      if (frame.t === 'auction.snapshot' || frame.t === 'auction.update') {
        expect(this.#mirror.apply(frame)).toBe('applied');
      }
    }
    return this.#mirror.state!;
  }

  /** Frames of the auction so far. */
  get frames(): number {
    return this.#line.of('auction.update').length + this.#line.of('auction.snapshot').length;
  }

  /** Everything this viewer was ever sent. */
  get everything(): string {
    return JSON.stringify(this.#line.frames);
  }

  async sees(fits: (state: AuctionState) => boolean): Promise<AuctionState> {
    await expect.poll(() => fits(this.now), { interval: 10 }).toBe(true);
    return this.now;
  }

  async say(command: WithoutAuction<AuctionCommand>, commandId?: string): Promise<Said> {
    this.#said += 1;
    const id = commandId ?? `${this.who}-${this.#said}-command`;
    this.#line.send({ id, auctionId: this.#auctionId, ...command });
    const answers = () => [
      ...this.#line.of('ack').filter((frame) => frame.id === id),
      ...this.#line.of('err').filter((frame) => frame.id === id),
    ];
    const before = answers().length;
    await expect.poll(() => answers().length, { interval: 5 }).toBeGreaterThan(before);
    const frame = answers().at(-1)!;
    if (frame.t === 'err') {
      return { status: 'refused', code: frame.code, ...(frame.accepted && { accepted: frame.accepted }) };
    }
    return frame.outcome;
  }

  /** Accepted, or the test fails with what was said instead. */
  async does(command: WithoutAuction<AuctionCommand>): Promise<Said> {
    const said = await this.say(command);
    expect(said, JSON.stringify(command)).toMatchObject({ status: 'accepted' });
    return said;
  }
}
