/**
 * What the journal's events of order books become for people who read. Derived and repeatable: the projector
 * calls this once per entry, in order, together with its checkpoint; an entry applied again changes nothing.
 *
 * Trades and released money also ask for their consequences, each by a row with one key, so that
 * rebuilding the projection asks for nothing twice.
 */
import { type MarketEvent, type ScheduledPhase, isMarketCommand } from '@seam/engine';
import type { JournalEntry } from '../exchange/types.ts';
import type { Tx } from '../platform/db.ts';
import { enqueue } from '../platform/outbox.ts';
import { foldOrders } from './fold.ts';
import { scopeKey } from './kill-scope.ts';
import { NOMINATE_WITHIN_MS } from './limits.ts';
import { writeChanged, writePlaced, writeTrades } from './write-orders.ts';

/** Where and when: of the entry that is being applied. */
type Place = { readonly instrumentId: string; readonly seq: number; readonly at: Date };

export const TRADING = 'trading';

export const tradingProjection = {
  name: TRADING,
  async apply(tx: Tx, entry: JournalEntry): Promise<void> {
    const { command } = entry;
    if (!isMarketCommand(command) || entry.events[0]?.type === 'command_rejected') return;
    const events = entry.events as readonly MarketEvent[];
    const instrumentId =
      command.type === 'list_instrument' ? command.terms.instrumentId : command.instrumentId;
    const place = { instrumentId, seq: entry.seq, at: new Date(entry.at) };
    for (const event of events) await applyEvent(tx, entry, place, event);
    const folded = foldOrders(command, events);
    await writePlaced(tx, { ...place, commandId: entry.cmdId }, folded.placed);
    await writeChanged(tx, place, folded.changed);
    if (folded.trades.length > 0) {
      await writeTrades(tx, place, folded.trades);
      await askForCoal(tx, place);
    }
  },
};

async function applyEvent(tx: Tx, entry: JournalEntry, place: Place, event: MarketEvent): Promise<void> {
  const { instrumentId, seq, at } = place;
  switch (event.type) {
    case 'instrument_listed':
      await tx`insert into instrument (id, terms, listed_by, listed_at, last_seq)
        values (${instrumentId}, ${tx.json(event.terms)}, ${entry.actor ?? ''}, ${at}, ${seq}) on conflict do nothing`;
      return writeSession(tx, instrumentId, event.terms.session);
    case 'session_scheduled':
      return writeSession(tx, instrumentId, event.session);
    case 'phase_changed':
      await tx`update instrument set phase = ${event.phase}, last_seq = ${seq}
        where id = ${instrumentId} and last_seq <= ${seq}`;
      return;
    case 'random_end_drawn':
      await tx`update instrument_phase set seed = ${event.seed} where instrument_id = ${instrumentId}
        and commitment = encode(sha256(convert_to(${event.seed}, 'UTF8')), 'hex')`;
      return;
    case 'market_halted':
    case 'market_cancel_only':
      await tx`update instrument set mode = ${event.type === 'market_halted' ? 'halted' : 'cancel_only'},
          reason = ${event.reason}, stopped_seq = ${seq}, last_seq = ${seq}
        where id = ${instrumentId} and last_seq <= ${seq}`;
      return;
    case 'market_resumed':
      await tx`update instrument set mode = 'online', reason = null, stopped_seq = null, last_seq = ${seq}
        where id = ${instrumentId} and last_seq <= ${seq}`;
      return;
    case 'trading_blocked':
      await tx`insert into market_block (instrument_id, scope_key, scope, reason, set_seq, set_at)
        values (${instrumentId}, ${scopeKey(event.scope)}, ${tx.json(event.scope)}, ${event.reason}, ${seq}, ${at})
        on conflict do nothing`;
      return;
    case 'trading_unblocked':
      await tx`delete from market_block where instrument_id = ${instrumentId}
        and scope_key = ${scopeKey(event.scope)} and set_seq <= ${seq}`;
      return;
    case 'trade_settled':
      await tx`update market_trade set settled_seq = ${seq}
        where instrument_id = ${instrumentId} and trade_number = ${event.tradeNumber}`;
      return;
    default:
      return applyMoney(tx, entry, place, event);
  }
}

/** From here on the engine's word decides which holds are counted, and what of them comes back. */
async function applyMoney(tx: Tx, entry: JournalEntry, place: Place, event: MarketEvent): Promise<void> {
  const { instrumentId, seq } = place;
  if (event.type === 'exposure_allocated') {
    await tx`update exposure set state = 'allocated'
      where state = 'held' and 'exposure:' || id::text = ${entry.cmdId ?? ''}`;
  } else if (event.type === 'exposure_released') {
    await tx`insert into exposure_return (instrument_id, seq, account_id, amount)
      values (${instrumentId}, ${seq}, ${event.accountId}, ${event.amount}) on conflict do nothing`;
    await enqueue(tx, {
      effectKey: `exposure-return:${instrumentId}:${seq}`,
      topic: 'trading.return_exposure',
      payload: { instrumentId, seq },
    });
  }
}

async function writeSession(tx: Tx, instrumentId: string, session: readonly ScheduledPhase[]): Promise<void> {
  for (const phase of session) {
    const call = phase.phase === 'call' ? phase : undefined;
    await tx`insert into instrument_phase
        (instrument_id, starts_at, phase, no_cancel_ms, random_window_ms, commitment)
      values (${instrumentId}, ${new Date(phase.startsAt)}, ${phase.phase}, ${call?.noCancelMs ?? 0},
        ${call?.randomEnd?.windowMs ?? null}, ${call?.randomEnd?.commitment ?? null})
      on conflict do nothing`;
  }
}

/** The seller of each trade of this entry names its coal within a day. */
async function askForCoal(tx: Tx, { instrumentId, seq, at }: Place): Promise<void> {
  const nominateBy = new Date(at.getTime() + NOMINATE_WITHIN_MS);
  await tx`insert into trade_nomination (instrument_id, trade_number, buyer_id, seller_id, nominate_by)
    select instrument_id, trade_number, buyer_id, seller_id, ${nominateBy} from market_trade
     where instrument_id = ${instrumentId} and seq = ${seq} order by trade_number
    on conflict (instrument_id, trade_number) do nothing`;
  await enqueue(tx, {
    effectKey: `nominations-due:${instrumentId}:${seq}`,
    topic: 'trading.nominations_due',
    payload: { instrumentId, seq },
    notBefore: nominateBy,
  });
}
