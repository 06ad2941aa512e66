/**
 * The promises of an order book (reliability: O*, P15, P16, P18), checked on a history of one market from outside: from
 * commands and events alone, with lists. Throws with the promise that is broken.
 */
import type { InstrumentTerms } from '../../market/terms-types.ts';
import type { MarketEvent, OrderRequest, StampedMarketCommand } from '../../market/types.ts';
import { around, tickLots } from './naive-market.ts';
import type { Entry } from './workload.ts';

type Order = {
  readonly id: number;
  readonly accountId: string;
  readonly request: OrderRequest;
  price: number;
  quantity: number;
  filled: number;
  cancelled: number;
  /** Place in the history at which it got its place in the queue. */
  since: number;
};
type Account = { group: string; credit: boolean; limit: number; bound: number; armedAt: number | null };

/** What an onlooker knows of one market. */
type Onlooker = {
  readonly terms: InstrumentTerms;
  readonly orders: Map<number, Order>;
  readonly accounts: Map<string, Account>;
  readonly openLines: Set<string>;
  readonly trades: Map<number, { buy: Order; sell: Order; weights: [number, number]; quantity: number }>;
  readonly blocks: Map<string, Extract<StampedMarketCommand, { type: 'set_kill_switch' }>['scope']>;
  low: number;
  high: number;
  phase: string;
  mode: 'online' | 'cancel_only' | 'halted';
  clock: number;
};

type Place = {
  readonly m: Onlooker;
  readonly command: StampedMarketCommand;
  readonly events: Entry['events'];
};

/** @throws Error naming the seq and the promise. */
export function checkMarkets(entries: readonly Entry[]): void {
  const markets = new Map<string, Onlooker>();
  for (const { command, events } of entries) {
    if (events[0]?.type === 'command_rejected') {
      must(events.length === 1, command, 'a refusal stands alone');
      continue;
    }
    if (command.type === 'list_instrument') markets.set(command.terms.instrumentId, onlooker(command.terms));
    else {
      const m = markets.get(command.instrumentId);
      must(m !== undefined, command, 'events are of a listed market');
      if (m) checkEntry({ m, command, events });
    }
  }
}

function onlooker(terms: InstrumentTerms): Onlooker {
  const [low, high] = around(terms.referencePrice, terms.collar.hardBasisPoints);
  const maps = { orders: new Map(), accounts: new Map(), trades: new Map(), blocks: new Map() };
  return { ...maps, terms, openLines: new Set(), low, high, phase: 'closed', mode: 'online', clock: 0 };
}

function checkEntry(place: Place): void {
  const { m, command } = place;
  checkStopped(place);
  for (const event of place.events) if (event.type !== 'command_rejected') checkEvent(place, event);
  for (const order of m.orders.values()) {
    must(left(order) >= 0, command, 'O2: executed, cancelled and open add up to the quantity');
    const { timeInForce } = order.request;
    const atOnce = timeInForce === 'immediate_or_cancel' || timeInForce === 'fill_or_kill';
    must(!atOnce || left(order) === 0, command, 'O9: what must execute at once never rests');
    must(
      timeInForce !== 'fill_or_kill' || order.filled === 0 || order.filled === order.quantity,
      command,
      'O9: fill or kill executes all or nothing',
    );
    if (left(order) === 0) m.orders.delete(order.id);
  }
  if (m.phase === 'continuous' && m.mode === 'online') checkUncrossed(place);
  for (const [accountId, { limit, bound }] of m.accounts) {
    let exposure = bound;
    for (const order of m.orders.values())
      if (order.accountId === accountId) exposure += order.price * left(order);
    must(exposure <= limit, command, `O12: the exposure of ${accountId} is within its limit`);
  }
}

/** P18: nothing that a stop forbids comes after it. */
function checkStopped({ m, command, events }: Place): void {
  const has = (...types: MarketEvent['type'][]): boolean =>
    events.some(({ type }) => types.some((one) => one === type));
  const matched = has('order_accepted', 'order_amended', 'trade_executed', 'uncrossed');
  must(m.mode === 'online' || !matched, command, 'P18: nothing is taken or matched while stopped');
  const taken = command.type === 'cancel_order' || command.type === 'cancel_orders';
  must(m.mode !== 'halted' || !taken, command, 'P18: a halt refuses cancels too');
  if (!('accountId' in command) || !has('order_accepted', 'order_amended')) return;
  for (const scope of m.blocks.values())
    must(!within(m, scope, command.accountId), command, 'P18: a kill switch refuses');
}

type Scope = Extract<StampedMarketCommand, { type: 'set_kill_switch' }>['scope'];

function within(m: Onlooker, scope: Scope, accountId: string): boolean {
  if (scope.of === 'account') return scope.accountId === accountId;
  return scope.of !== 'owner_group' || m.accounts.get(accountId)?.group === scope.ownerGroup;
}

function checkEvent(place: Place, event: MarketEvent): void {
  const { command } = place;
  switch (event.type) {
    case 'order_accepted':
      return accepted(place, event);
    case 'order_amended':
      return amended(place, event);
    case 'trade_executed':
      return traded(place, event);
    case 'uncrossed':
      for (const [index, { buyOrderId, sellOrderId, quantity }] of event.trades.entries()) {
        const [buy, sell] = [known(place, buyOrderId), known(place, sellOrderId)];
        const price = event.price ?? 0;
        must(buy.price >= price && sell.price <= price, command, 'O4: one price inside all limits');
        deal(place, { buy, sell, quantity, tradeNumber: event.firstTradeNumber + index });
      }
      return;
    case 'order_cancelled':
      known(place, event.orderId).cancelled += event.quantity;
      must(left(known(place, event.orderId)) === 0, command, 'O2: a cancelled order has nothing left');
      return;
    case 'orders_cancelled':
      for (const orderId of event.orderIds) {
        const order = known(place, orderId);
        order.cancelled += left(order);
      }
      return;
    default:
      return checkAround(place, event);
  }
}

function accepted(place: Place, event: Extract<MarketEvent, { type: 'order_accepted' }>): void {
  const { m, command } = place;
  if (command.type !== 'place_order' && command.type !== 'place_orders')
    throw new Error('an order out of nowhere');
  const request = command.type === 'place_order' ? command : command.orders[event.line ?? -1];
  if (!request) throw new Error('an order that is no line');
  const { price, quantity } = request;
  must(m.phase !== 'closed', command, 'no order while closed');
  must(Number.isInteger(price) && price >= m.low && price <= m.high, command, 'O10: within the collar');
  must(Number.isInteger(quantity) && quantity >= 1, command, 'O10: whole lots');
  must(price * quantity <= tickLots(m.terms, m.terms.maximumOrderNotional), command, 'O10: not too large');
  const [filled, cancelled, since] = [0, 0, m.clock++];
  const order = {
    id: event.orderId,
    accountId: command.accountId,
    request,
    price,
    quantity,
    filled,
    cancelled,
    since,
  };
  must(!m.orders.has(order.id), command, 'an order id is new');
  m.orders.set(order.id, order);
}

function amended(
  { m, command, ...place }: Place,
  event: Extract<MarketEvent, { type: 'order_amended' }>,
): void {
  if (command.type !== 'amend_order') throw new Error('an amend out of nowhere');
  const order = known({ m, command, ...place }, event.orderId);
  must(order.accountId === command.accountId, command, 'O6: a stranger changes nothing');
  const keeps = command.price === order.price && command.quantity < order.quantity;
  must(event.keepsPriority === keeps, command, 'O13: only less at the same price keeps its place');
  if (!keeps) order.since = m.clock++;
  order.price = command.price;
  order.quantity = command.quantity;
}

function traded(place: Place, event: Extract<MarketEvent, { type: 'trade_executed' }>): void {
  const { m, command } = place;
  const [taker, maker] = [known(place, event.takerOrderId), known(place, event.makerOrderId)];
  must(event.price === maker.price, command, 'O4: the price is the maker’s');
  const [buy, sell] = taker.request.side === 'buy' ? [taker, maker] : [maker, taker];
  must(buy.price >= event.price && sell.price <= event.price, command, 'O4: inside both limits');
  const arriving =
    command.type === 'place_order' || command.type === 'place_orders' || command.type === 'amend_order';
  if (arriving) {
    must(!taker.request.postOnly, command, 'O9: post-only never takes');
    for (const other of m.orders.values()) {
      if (other === taker || left(other) === 0 || other.request.side !== maker.request.side) continue;
      const better = other.request.side === 'sell' ? maker.price - other.price : other.price - maker.price;
      const first = better > 0 || (better === 0 && other.since < maker.since);
      must(
        !first || !surelyMeet(m, taker, other),
        command,
        'O3: the better, then the earlier executes first',
      );
    }
  }
  deal(place, { buy, sell, quantity: event.quantity, tradeNumber: event.tradeNumber });
}

type Deal = { buy: Order; sell: Order; quantity: number; tradeNumber: number };

function deal({ m, command }: Place, { buy, sell, quantity, tradeNumber }: Deal): void {
  const [buyer, seller] = [m.accounts.get(buy.accountId), m.accounts.get(sell.accountId)];
  if (!buyer || !seller) throw new Error('a trade of somebody unknown');
  must(buyer.group !== seller.group, command, 'O7, P16: no trade inside an owner group');
  must(tradeNumber === m.trades.size + 1, command, 'trades are numbered without gaps');
  const weights: [number, number] = [buy.price * quantity, sell.price * quantity];
  buyer.bound += weights[0];
  seller.bound += weights[1];
  for (const order of [buy, sell]) {
    order.filled += quantity;
    must(left(order) >= 0, command, 'O5: nobody executes more than is left');
  }
  m.trades.set(tradeNumber, { buy, sell, weights, quantity });
}

/** True when no rule can keep the two apart, whatever the lines between them bear. */
function surelyMeet(m: Onlooker, a: Order, b: Order): boolean {
  const [first, second] = [m.accounts.get(a.accountId), m.accounts.get(b.accountId)];
  if (!first || !second || first.group === second.group) return false;
  const open =
    m.openLines.has(`${a.accountId}>${b.accountId}`) && m.openLines.has(`${b.accountId}>${a.accountId}`);
  return !first.credit || !second.credit || open;
}

/** O1: what crosses are members that may not trade with each other. */
function checkUncrossed({ m, command }: Place): void {
  const orders = [...m.orders.values()];
  for (const buy of orders) {
    if (buy.request.side !== 'buy') continue;
    for (const sell of orders) {
      if (sell.request.side !== 'sell' || buy.price < sell.price) continue;
      must(!surelyMeet(m, buy, sell), command, 'O1: who may trade does not stay crossed');
      const sameGroup = m.accounts.get(buy.accountId)?.group === m.accounts.get(sell.accountId)?.group;
      must(!sameGroup, command, 'P16: nobody stays crossed with itself');
    }
  }
}

function checkAround({ m, command, events }: Place, event: MarketEvent): void {
  switch (event.type) {
    case 'account_admitted': {
      const { accountId, ownerGroup, settlementClass } = event;
      const before = m.accounts.get(accountId) ?? { limit: 0, bound: 0, armedAt: null };
      m.accounts.set(accountId, { ...before, group: ownerGroup, credit: settlementClass === 'credit' });
      return;
    }
    case 'exposure_allocated':
    case 'exposure_released':
      accountOf(m, event.accountId).limit = tickLots(m.terms, event.total);
      return;
    case 'credit_line_set':
      m.openLines[event.amount === 'open' ? 'add' : 'delete'](`${event.from}>${event.to}`);
      return;
    case 'trade_settled': {
      const trade = m.trades.get(event.tradeNumber);
      if (!trade) throw new Error('a settled trade that never was');
      accountOf(m, trade.buy.accountId).bound -= trade.weights[0];
      accountOf(m, trade.sell.accountId).bound -= trade.weights[1];
      trade.weights = [0, 0];
      return;
    }
    case 'cancel_on_disconnect_armed':
      accountOf(m, event.accountId).armedAt = event.cancelAt;
      return;
    case 'cancel_on_disconnect_disarmed':
      accountOf(m, event.accountId).armedAt = null;
      return;
    case 'cancel_on_disconnect_fired': {
      const account = accountOf(m, event.accountId);
      must(
        account.armedAt !== null && command.at >= account.armedAt,
        command,
        'P15: fires once, at its time',
      );
      account.armedAt = null;
      const next = events[events.indexOf(event) + 1];
      const gone = next?.type === 'orders_cancelled' ? next.orderIds : [];
      const own = [...m.orders.values()].filter(({ accountId }) => accountId === event.accountId);
      must(
        own.every(({ id }) => gone.includes(id)),
        command,
        'P15: all orders of the account go',
      );
      return;
    }
    case 'trading_blocked':
      m.blocks.set(JSON.stringify(event.scope), event.scope);
      return;
    case 'trading_unblocked':
      must(m.blocks.delete(JSON.stringify(event.scope)), command, 'what is lifted was set');
      return;
    case 'phase_changed':
      m.phase = event.phase;
      return;
    case 'collar_changed':
      m.low = event.priceMinimum;
      m.high = event.priceMaximum;
      return;
    case 'market_halted':
      m.mode = 'halted';
      return;
    case 'market_cancel_only':
      m.mode = 'cancel_only';
      return;
    case 'market_resumed':
      must(m.mode !== 'online', command, 'only what was stopped is resumed');
      m.mode = 'online';
      return;
    default:
  }
}

function accountOf(m: Onlooker, accountId: string): Account {
  const account = m.accounts.get(accountId);
  if (!account) throw new Error(`${accountId} is unknown`);
  return account;
}

function known({ m, command }: Place, orderId: number): Order {
  const order = m.orders.get(orderId);
  if (!order) throw new Error(`seq ${command.seq}: order ${orderId} does not rest`);
  return order;
}

const left = (order: Order): number => order.quantity - order.filled - order.cancelled;

function must(holds: boolean, command: StampedMarketCommand, promise: string): void {
  if (!holds) throw new Error(`seq ${command.seq}: broken promise: ${promise}`);
}
