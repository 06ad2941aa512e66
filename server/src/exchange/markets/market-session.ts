/**
 * The order frames of one connection: what each may do, and the journal's answer to it. Authorised per
 * frame; an order is answered when the journal has it, and with nothing else before.
 */
import type { CommandBody, OrderRequest } from '@seam/engine';
import type { AckFrame, MarketClientFrame, ProblemCode } from '@seam/protocol';
import { instant } from '@seam/units';
import type { Principal } from '../../platform/principal.ts';
import type { Gateway } from '../gateway.ts';
import { beyondOrder } from '../person-limit.ts';
import { type Outcome, type Recorded, memberActor } from '../types.ts';
import { KeepAlive } from './keep-alive.ts';
import type { LiveMarket } from './live-market.ts';
import { type OffGrid, gridAmounts, orderRequest } from './order-input.ts';
import { cancelOutcome, orderOutcome, ordersOutcome, outcomeOf } from './order-outcome.ts';

export type MarketPort = {
  readonly gateway: Gateway;
  market(instrumentId: string): LiveMarket | undefined;
  now(): Date;
};

/** What to answer: the journal's outcome with the words for it, or why nothing was journaled. */
export type MarketAnswer =
  | {
      readonly outcome: Outcome;
      verdict(accepted: Accepted): AckFrame['outcome'];
      readonly market: LiveMarket;
    }
  | { readonly refused: ProblemCode; readonly accepted?: Readonly<Record<string, string>> };

type Accepted = Extract<Recorded, { status: 'accepted' }>;
type Verdict = (accepted: Accepted) => AckFrame['outcome'];
type Prepared = { readonly body: CommandBody; readonly verdict: Verdict; readonly cmdId?: string };

export class MarketSession {
  readonly #port: MarketPort;
  readonly #keepAlive: KeepAlive;

  constructor(port: MarketPort) {
    this.#port = port;
    this.#keepAlive = new KeepAlive(port);
  }

  /** The connection is gone: from now on the journaled deadlines run down. */
  end(): void {
    this.#keepAlive.end();
  }

  async handle(
    frame: MarketClientFrame,
    { organisationId: accountId, commitLimits }: Pick<Principal, 'organisationId' | 'commitLimits'>,
  ): Promise<MarketAnswer> {
    const market = this.#port.market(frame.instrumentId);
    if (!market) return { refused: 'market.unknown' };
    const prepared = this.#prepare(frame, { market, accountId });
    if ('refused' in prepared) return prepared;
    const { body, verdict, cmdId } = prepared;
    const beyond = beyondOrder(commitLimits, market.terms, body);
    if (beyond) return beyond;
    const outcome = await this.#port.gateway.submit({
      actor: memberActor(accountId),
      cmdId: cmdId ?? frame.id,
      body,
    });
    if (frame.t === 'cancel_on_disconnect' && outcome.status === 'accepted') {
      this.#keepAlive.set({ instrumentId: frame.instrumentId, accountId, afterMs: frame.afterMs });
    }
    return { outcome, verdict, market };
  }

  #prepare(
    frame: MarketClientFrame,
    { market, accountId }: { market: LiveMarket; accountId: string },
  ): Prepared | OffGrid {
    const { terms } = market;
    const { instrumentId } = terms;
    const to = { instrumentId, accountId };
    switch (frame.t) {
      case 'place_order': {
        const order = orderRequest(terms, frame);
        if ('refused' in order) return order;
        return {
          body: { type: 'place_order', ...to, ...order },
          verdict: ({ events }) => orderOutcome(terms, events, order.quantity),
        };
      }
      case 'place_orders': {
        const orders = frame.orders.map((order) => orderRequest(terms, order));
        const wrong = orders.findIndex((order) => 'refused' in order);
        const offGrid = orders[wrong];
        if (offGrid && 'refused' in offGrid) {
          return { ...offGrid, accepted: { ...offGrid.accepted, line: String(wrong) } };
        }
        const good = orders.filter((order): order is OrderRequest => !('refused' in order));
        const quantities = good.map(({ quantity }) => quantity);
        return {
          body: { type: 'place_orders', ...to, orders: good },
          verdict: ({ events }) => ordersOutcome(terms, events, quantities),
        };
      }
      case 'cancel_order': {
        const { orderId } = frame;
        return {
          body: { type: 'cancel_order', ...to, orderId },
          verdict: ({ events }) => cancelOutcome(events),
        };
      }
      case 'amend_order':
        return this.#amend(frame, market, accountId);
      case 'cancel_orders': {
        const side = frame.side === undefined ? {} : { side: frame.side };
        return {
          body: { type: 'cancel_orders', ...to, ...side },
          verdict: ({ events }) => cancelOutcome(events),
        };
      }
      case 'cancel_on_disconnect': {
        const verdict: Verdict = () => ({ status: 'accepted', cancelled: [] });
        if (frame.afterMs === null) return { body: { type: 'disarm_cancel_on_disconnect', ...to }, verdict };
        const cancelAt = instant(this.#port.now().getTime() + frame.afterMs);
        // The deadline is counted from each try: a retry is another command, with the same effect.
        const cmdId = `${frame.id}.${cancelAt}`;
        return { body: { type: 'arm_cancel_on_disconnect', ...to, cancelAt }, verdict, cmdId };
      }
    }
  }

  #amend(
    frame: Extract<MarketClientFrame, { t: 'amend_order' }>,
    { terms, orders }: LiveMarket,
    accountId: string,
  ): Prepared | OffGrid {
    const amounts = gridAmounts(terms, frame);
    if ('refused' in amounts) return amounts;
    const { orderId, confirm } = frame;
    const { instrumentId } = terms;
    const known = orders.get(orderId);
    const filledBefore = known ? known.quantity - known.remaining : 0;
    return {
      body: {
        type: 'amend_order',
        instrumentId,
        accountId,
        orderId,
        ...amounts,
        ...(confirm && { confirm }),
      },
      verdict: ({ events }) =>
        outcomeOf(terms, events as never, { orderId, quantity: amounts.quantity - filledBefore }),
    };
  }
}
