/** Every command on paper, and the whole state as the text that the fast engine should write. */
import { instant } from '@seam/units';
import { canonicalJson } from '../../canonical.ts';
import { drawMs } from '../../market/random-end.ts';
import { validateInstrument, validateSession } from '../../market/terms.ts';
import type { MarketRejection, MarketTold, StampedMarketCommand } from '../../market/types.ts';
import { sha256 } from '../../sha256.ts';
import {
  type Deed,
  type NaiveMarket,
  accountIn,
  currentPhase,
  naiveExposure,
  newMarket,
  openOrders,
  refused,
  tickLots,
} from './naive-market.ts';
import { naiveCancelAll } from './naive-deals.ts';
import { naiveAmend, naiveCancel, naiveGate, naivePlace } from './naive-orders.ts';
import {
  naiveCollar,
  naiveConflict,
  naiveEndReopening,
  naiveMeetAgain,
  naiveNext,
  naiveReopen,
  naiveTurn,
} from './naive-session.ts';

export type NaiveMarkets = { seq: number; lastAt: number; markets: NaiveMarket[] };

/** What the command should bring. `told`: the fast engine's answer, of which only call auction pairs are believed. */
export function naiveStep(
  state: NaiveMarkets,
  command: StampedMarketCommand,
  told: readonly MarketTold[],
): MarketTold[] {
  state.seq = command.seq;
  state.lastAt = command.at;
  if (command.type === 'list_instrument') {
    const { terms } = command;
    if (state.markets.some((market) => market.terms.instrumentId === terms.instrumentId)) {
      return refused({ code: 'market_duplicate' });
    }
    const field = validateInstrument(terms, command.at);
    if (field !== null) return refused({ code: 'market_terms_invalid', field });
    state.markets.push(newMarket(terms));
    return [{ type: 'instrument_listed', terms }];
  }
  const market = state.markets.find(({ terms }) => terms.instrumentId === command.instrumentId);
  if (!market) return refused({ code: 'market_unknown' });
  const deed: Deed = { market, command, told, events: [] };
  const rejection = run(deed);
  return rejection ? refused(rejection) : deed.events;
}

const MEMBERS = ['place_order', 'place_orders', 'cancel_order', 'cancel_orders', 'amend_order'];

function run(deed: Deed): MarketRejection | undefined {
  const { market, command, events } = deed;
  const next = naiveNext(market);
  const isMember = MEMBERS.includes(command.type) || command.type.includes('cancel_on_disconnect');
  if (isMember && next && next.at <= command.at) return { code: 'market_turn_due' };
  switch (command.type) {
    case 'place_order':
      return naiveGate(market, command.accountId) ?? naivePlace(deed, command.accountId, command);
    case 'place_orders': {
      if (command.orders.length < 1 || command.orders.length > 50)
        return { code: 'batch_size_invalid', ordersMaximum: 50 };
      const closed = naiveGate(market, command.accountId);
      if (closed) return closed;
      for (const [line, request] of command.orders.entries()) {
        const rejection = naivePlace(deed, command.accountId, request, line);
        if (rejection) events.push({ type: 'order_rejected', line, rejection });
      }
      return undefined;
    }
    case 'cancel_order':
    case 'cancel_orders':
      return naiveCancel(deed, command);
    case 'amend_order':
      return naiveAmend(deed, command);
    case 'turn_market':
      return naiveTurn(deed, command.deadline);
    default:
      return control(deed, command) ?? undefined;
  }
}

function control(deed: Deed, command: StampedMarketCommand): MarketRejection | undefined {
  const { market, events } = deed;
  const isText = (text: string, most: number): boolean => text.length >= 1 && text.length <= most;
  const two = (approvals: readonly [string, string]): boolean =>
    isText(approvals[0], 128) && isText(approvals[1], 128) && approvals[0] !== approvals[1];
  const blockOf = (scope: object) =>
    market.blocks.find((block) => canonicalJson(block.scope) === canonicalJson({ ...scope }));
  switch (command.type) {
    case 'halt_market':
    case 'set_cancel_only': {
      const mode = command.type === 'halt_market' ? 'halted' : 'cancel_only';
      if (!isText(command.staffId, 128)) return { code: 'market_approvals_invalid' };
      if (market.mode === mode || !isText(command.reason, 200)) return naiveConflict(market);
      market.mode = mode;
      events.push({
        type: mode === 'halted' ? 'market_halted' : 'market_cancel_only',
        reason: command.reason,
      });
      naiveEndReopening(deed);
      return undefined;
    }
    case 'resume_market':
      if (market.mode === 'online') return naiveConflict(market);
      if (!two(command.approvals)) return { code: 'market_approvals_invalid' };
      market.mode = 'online';
      events.push({ type: 'market_resumed' });
      if (currentPhase(market) === 'continuous') naiveReopen(deed, market.terms.reopeningCallMs, 'reopening');
      return undefined;
    case 'set_kill_switch': {
      const { scope, reason } = command;
      if (!isText(command.staffId, 128)) return { code: 'market_approvals_invalid' };
      const ids = [
        scope.of === 'account' ? scope.accountId : 'x',
        scope.of === 'owner_group' ? scope.ownerGroup : 'x',
      ];
      if (!ids.every((id) => isText(id, 128)) || !isText(reason, 200)) return naiveConflict(market);
      if (blockOf(scope)) return { code: 'trading_blocked', scope: scope.of };
      market.blocks.push({ scope, reason });
      events.push({ type: 'trading_blocked', scope, reason });
      const struck = openOrders(market).filter(({ accountId }) => {
        if (scope.of === 'account') return accountId === scope.accountId;
        return scope.of !== 'owner_group' || accountIn(market, accountId)!.ownerGroup === scope.ownerGroup;
      });
      naiveCancelAll(deed, struck, 'kill_switch');
      return undefined;
    }
    case 'lift_kill_switch': {
      const block = blockOf(command.scope);
      if (!block) return { code: 'trading_not_blocked' };
      if (!two(command.approvals)) return { code: 'market_approvals_invalid' };
      market.blocks = market.blocks.filter((other) => other !== block);
      events.push({ type: 'trading_unblocked', scope: command.scope });
      return undefined;
    }
    case 'draw_random_end': {
      const current = market.phases[market.begun - 1];
      const next = market.phases[market.begun];
      const random = current?.phase === 'call' ? current.randomEnd : null;
      if (!random || !next || market.drawnEndAt !== null) return naiveConflict(market);
      const opensAt = next.startsAt - random.windowMs;
      if (command.at < opensAt) return { code: 'seed_too_early', opensAt: instant(opensAt) };
      if (command.seed.length > 128 || sha256(command.seed) !== random.commitment)
        return { code: 'seed_invalid' };
      const drawn = opensAt + drawMs(command.seed, market.terms.instrumentId, next.startsAt, random.windowMs);
      market.drawnEndAt = Math.max(drawn, command.at);
      events.push({ type: 'random_end_drawn', seed: command.seed, endsAt: instant(market.drawnEndAt) });
      return undefined;
    }
    default:
      return administer(deed, command);
  }
}

const isAmount = (text: string, least: bigint): boolean =>
  /^(0|[1-9][0-9]{0,15})$/.test(text) && BigInt(text) >= least && BigInt(text) <= 10n ** 15n;
const isId = (text: string): boolean => text.length >= 1 && text.length <= 128;

function administer(deed: Deed, command: StampedMarketCommand): MarketRejection | undefined {
  const { market, events } = deed;
  switch (command.type) {
    case 'schedule_session': {
      const last = market.phases.at(-1)!.startsAt;
      const field = validateSession(
        command.session,
        Math.max(last, command.at),
        market.phases.length - market.begun,
      );
      if (field !== null) return { code: 'market_terms_invalid', field };
      market.phases.push(...command.session);
      events.push({ type: 'session_scheduled', session: command.session });
      return undefined;
    }
    case 'admit_account': {
      const { accountId, ownerGroup, settlementClass } = command;
      if (!isId(accountId)) return { code: 'account_invalid', field: 'accountId' };
      if (!isId(ownerGroup)) return { code: 'account_invalid', field: 'ownerGroup' };
      if (!['escrow', 'credit'].includes(settlementClass))
        return { code: 'account_invalid', field: 'settlementClass' };
      const orders = openOrders(market, accountId).length;
      if (orders > 0) return { code: 'account_has_orders', orders };
      if (!accountIn(market, accountId)) {
        market.accounts.push({ accountId, ownerGroup, settlementClass, limit: 0n, cancelAt: null });
        market.book.accounts.push({ group: 0, limit: 0, executed: 0n, lines: new Set() });
      }
      Object.assign(accountIn(market, accountId)!, { ownerGroup, settlementClass });
      for (const [index, { group }] of market.accounts.map((one) => ({ group: one.ownerGroup })).entries()) {
        market.book.accounts[index]!.group = market.accounts.findIndex((one) => one.ownerGroup === group) + 1;
      }
      events.push({ type: 'account_admitted', accountId, ownerGroup, settlementClass });
      return undefined;
    }
    case 'allocate_exposure':
    case 'release_exposure':
      return limit(deed, command);
    case 'set_credit_line': {
      const { from, to, amount } = command;
      if (!accountIn(market, from)) return { code: 'credit_line_invalid', field: 'from' };
      if (!accountIn(market, to) || from === to) return { code: 'credit_line_invalid', field: 'to' };
      if (amount !== 'open' && !isAmount(amount, 0n)) return { code: 'credit_line_invalid', field: 'amount' };
      market.lines = market.lines.filter((line) => line.from !== from || line.to !== to);
      market.lines.push({ from, to, amount });
      events.push({ type: 'credit_line_set', from, to, amount });
      naiveMeetAgain(deed);
      return undefined;
    }
    case 'settle_trade': {
      const trade = market.trades.find(
        ({ tradeNumber, settled }) => tradeNumber === command.tradeNumber && !settled,
      );
      if (!trade) return { code: 'trade_unknown' };
      trade.settled = true;
      for (const [accountId, weight] of [
        [trade.buyer, trade.buyWeight],
        [trade.seller, trade.sellWeight],
      ] as const) {
        const account = market.accounts.findIndex((one) => one.accountId === accountId);
        market.book.run({ type: 'release', account, amount: weight });
      }
      events.push({ type: 'trade_settled', tradeNumber: command.tradeNumber });
      if (trade.onCredit) naiveMeetAgain(deed);
      return undefined;
    }
    case 'set_reference_price': {
      if (currentPhase(market) !== 'closed' && market.mode !== 'halted') return naiveConflict(market);
      const whole = Number.isInteger(command.price) && command.price >= 1 && command.price <= 500_000_000;
      if (!whole) return { code: 'market_terms_invalid', field: 'price' };
      naiveCollar(deed, command.price);
      return undefined;
    }
    case 'arm_cancel_on_disconnect': {
      const account = accountIn(market, command.accountId);
      if (!account) return { code: 'account_not_admitted' };
      const late = command.cancelAt - command.at;
      if (!(Number.isInteger(late) && late >= 1 && late <= 3_600_000)) {
        const [earliest, latest] = [instant(command.at + 1), instant(command.at + 3_600_000)];
        return { code: 'disconnect_deadline_invalid', earliest, latest };
      }
      account.cancelAt = command.cancelAt;
      events.push({
        type: 'cancel_on_disconnect_armed',
        accountId: command.accountId,
        cancelAt: command.cancelAt,
      });
      return undefined;
    }
    case 'disarm_cancel_on_disconnect': {
      const account = accountIn(market, command.accountId);
      if (!account) return { code: 'account_not_admitted' };
      if (account.cancelAt === null) return { code: 'disconnect_not_armed' };
      account.cancelAt = null;
      events.push({ type: 'cancel_on_disconnect_disarmed', accountId: command.accountId });
      return undefined;
    }
    default:
      throw new Error(`no rule on paper for ${command.type}`);
  }
}

type LimitCommand = Extract<StampedMarketCommand, { type: 'allocate_exposure' | 'release_exposure' }>;

function limit(
  { market, events }: Deed,
  { type, accountId, amount }: LimitCommand,
): MarketRejection | undefined {
  const index = market.accounts.findIndex((account) => account.accountId === accountId);
  const account = market.accounts[index];
  if (!account) return { code: 'account_not_admitted' };
  if (!isAmount(amount, 1n)) return { code: 'exposure_invalid' };
  const raised = type === 'allocate_exposure';
  const total = account.limit + (raised ? BigInt(amount) : -BigInt(amount));
  if (raised && total > 10n ** 15n) return { code: 'exposure_invalid' };
  const { tickSize, lotSize } = market.terms;
  const thousandths = BigInt(naiveExposure(market, accountId)) * BigInt(tickSize) * BigInt(lotSize);
  const bound = thousandths / 1000n + (thousandths % 1000n > 0n ? 1n : 0n);
  if (!raised && total < bound)
    return { code: 'exposure_in_use', amountMaximum: (account.limit - bound).toString() };
  account.limit = total;
  market.book.accounts[index]!.limit = tickLots(market.terms, total.toString());
  events.push({
    type: raised ? 'exposure_allocated' : 'exposure_released',
    accountId,
    amount,
    total: total.toString(),
  });
  return undefined;
}
