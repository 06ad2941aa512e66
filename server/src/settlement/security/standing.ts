/**
 * One standing deposit that covers a company's bids in many auctions. What an auction holds of it is on hold in
 * the deposit's own account, so that nothing covers twice; what an auction gives back is there for the next one.
 */
import { moveStandingDeposit } from '@seam/ledger';
import type { StandingDepositView } from '@seam/protocol';
import { type Currency, formatMoney, minor, parseMoney } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import type { LedgerPoster } from '../ledger/poster.ts';
import { balances } from '../ledger/read.ts';
import { LEDGER_STATES, LedgerMistake } from '../ledger/wire.ts';
import { insufficient } from '../trade/row.ts';

/**
 * A transfer that stands alone: the ledger's own key makes a repeat harmless, so that it goes with those of other
 * companies in one statement.
 */
export async function moveStanding(
  poster: Pick<LedgerPoster, 'post'>,
  { organisationId: orgId }: Pick<Principal, 'organisationId'>,
  of: {
    readonly commandId: string;
    readonly currency: Currency;
    readonly amount: string;
    readonly direction: 'in' | 'out';
  },
): Promise<Refusal | undefined> {
  const amount = parseMoney(of.amount) ?? 0n;
  if (amount <= 0n) return refuse('request.invalid', { fields: { amount: 'not_positive' } });
  try {
    const moved = await poster.post(moveStandingDeposit({ ...of, orgId, amount: minor(amount) }));
    return moved.ok ? undefined : insufficient(moved);
  } catch (error) {
    if (error instanceof LedgerMistake && error.code === LEDGER_STATES.effectKeyReused) {
      return refuse('request.idempotency_conflict');
    }
    throw error;
  }
}

/** By currency; none where there never was one. */
export async function standingDeposits(
  connection: Connection,
  orgId: string,
): Promise<StandingDepositView[]> {
  const accounts = (await balances(connection, orgId)).filter(({ kind }) => kind === 'standing_deposit');
  const holds = await connection<
    { currency: string; id: string; title: string; amount: string; since: Date }[]
  >`
    select h.currency, a.id, a.title, sum(h.amount)::text as amount, min(h.held_at) as since
      from ledger_hold h join auction a on h.subject = 'auction:' || a.id
     where h.debit_account = any(${accounts.map(({ code }) => code)}) and h.state = 'held'
     group by h.currency, a.id, a.title order by since, a.id`;
  return accounts.map(({ currency, balance, held, available }) => ({
    currency,
    balance: formatMoney(balance),
    held: formatMoney(held),
    available: formatMoney(available),
    auctions: holds
      .filter((hold) => hold.currency === currency)
      .map(({ id, title, amount, since }) => ({
        id,
        title,
        amount: formatMoney(BigInt(amount)),
        since: since.toISOString(),
      })),
  }));
}
