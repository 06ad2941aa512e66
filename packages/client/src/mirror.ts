/**
 * A copy of one auction kept up to date by frames.
 *
 * Promise: whatever is lost, doubled or late, the copy is always a state that the server really had,
 * never goes back, and says so when it has missed something. Frames hold absolute totals, so that a
 * frame is applied whole or not at all.
 */
import type { AuctionSnapshotFrame, AuctionUpdateFrame } from '@seam/protocol';

export type AuctionState = Omit<AuctionSnapshotFrame, 't' | 'prev' | 'topic'>;
export type AuctionFrame = AuctionSnapshotFrame | AuctionUpdateFrame;
/** `gap`: something was missed, ask for a snapshot. */
export type Applied = 'applied' | 'stale' | 'gap';

export class AuctionMirror {
  #state: AuctionState | undefined;

  /** A new object for every frame: whoever kept the last one can compare. */
  get state(): AuctionState | undefined {
    return this.#state;
  }

  /** Place in the journal of the last frame, to resume from. */
  get seq(): number | undefined {
    return this.#state?.seq;
  }

  apply(frame: AuctionFrame): Applied {
    const known = this.#state;
    if (frame.t === 'auction.snapshot') {
      if (known !== undefined && frame.seq < known.seq) return 'stale';
      const { t: _t, prev: _prev, topic: _topic, ...state } = frame;
      this.#state = state;
      return 'applied';
    }
    if (known === undefined) return 'gap';
    if (frame.seq <= known.seq) return 'stale';
    if (frame.prev !== known.seq) return 'gap';
    const { t: _t, prev: _prev, topic: _topic, ...state } = frame;
    this.#state = { ...state, terms: known.terms };
    return 'applied';
  }
}
