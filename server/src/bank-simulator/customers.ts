/** The outside world: people with bank accounts, who pay the exchange and sometimes take it back. */
import type { Currency, Minor } from '@seam/units';
import { newId } from '../platform/id.ts';
import { type BankAccount, accountBy, book } from './books.ts';
import { BANK_BIC, type BankSimulatorDeps } from './deps.ts';
import { tellMovement } from './events.ts';

export type Refused = { readonly refused: string };

/** Opens an account, funded from outside. Opening the same number again for the same holder changes nothing. */
export async function openAccount(
  deps: BankSimulatorDeps,
  wanted: {
    readonly holderName: string;
    readonly legalId: string;
    readonly currency: Currency;
    readonly openingBalance: Minor;
    readonly accountNumber?: string;
    readonly bank?: BankAccount['bank'];
  },
): Promise<BankAccount | Refused> {
  const number =
    wanted.accountNumber ??
    `62${String(BigInt(`0x${newId().replaceAll('-', '').slice(16)}`) % 10n ** 17n).padStart(17, '0')}`;
  const at = deps.clock.now();
  const bank = wanted.bank ?? { kind: 'bic', code: BANK_BIC };
  return deps.sql.begin(async (tx) => {
    const { count } =
      await tx`insert into account (number, holder_name, legal_id, currency, bank_code_kind, bank_code, kind, opened_at)
      values (${number}, ${wanted.holderName}, ${wanted.legalId}, ${wanted.currency}, ${bank.kind}, ${bank.code}, 'customer',
              ${at.toISOString()}::text::timestamptz) on conflict do nothing`;
    const account = await accountBy(tx, { number });
    if (
      count === 0 &&
      (account?.holderName !== wanted.holderName ||
        account.legalId !== wanted.legalId ||
        account.currency !== wanted.currency)
    ) {
      return { refused: 'account_taken' };
    }
    if (count === 1 && wanted.openingBalance > 0n) {
      const outside = await accountBy(tx, { kind: 'outside', currency: wanted.currency });
      await book(tx, at, {
        key: `opening.${number}`,
        debit: outside!.number,
        credit: number,
        amount: wanted.openingBalance,
      });
    }
    return (await accountBy(tx, { number }))!;
  });
}

/** A customer pays the exchange (or anyone) from its online banking. */
export async function customerTransfer(
  deps: BankSimulatorDeps,
  transfer: {
    /** Made by the customer's client: the same transfer sent again moves once. */
    readonly transferId: string;
    readonly fromAccount: string;
    readonly toAccount: string | undefined;
    readonly amount: Minor;
    readonly reference: string | undefined;
    readonly remittance: string | undefined;
  },
): Promise<{ ref: string } | Refused> {
  const at = deps.clock.now();
  const answer = await deps.sql.begin(async (tx): Promise<{ ref: string } | Refused> => {
    const from = await accountBy(tx, { number: transfer.fromAccount });
    if (from?.kind !== 'customer') return { refused: 'account_unknown' };
    const to = transfer.toAccount
      ? await accountBy(tx, { number: transfer.toAccount })
      : await accountBy(tx, { kind: 'exchange', currency: from.currency });
    if (!to) return { refused: 'account_unknown' };
    const key = `customer.${transfer.transferId}`;
    const [before] = await tx`select from movement where key = ${key}`;
    const booked = await book(tx, at, {
      key,
      debit: from.number,
      credit: to.number,
      amount: transfer.amount,
      ...(transfer.reference ? { reference: transfer.reference } : {}),
      ...(transfer.remittance ? { remittance: transfer.remittance } : {}),
    });
    if ('refused' in booked) return booked;
    if (!before && to.kind === 'exchange') await tellMovement(deps, tx, at, { account: to, ref: booked.ref });
    return booked;
  });
  deps.wake();
  return answer;
}

/** The receiving side sends a payout back: the money returns to the exchange, naming the payment. */
export async function returnPayout(
  deps: BankSimulatorDeps,
  wanted: { endToEndId: string; reason: string },
): Promise<{ ref: string } | Refused> {
  return reverse(deps, { kind: 'payout', id: wanted.endToEndId, reason: wanted.reason });
}

/** The customer's bank takes a deposit back from the exchange. */
export async function returnDeposit(
  deps: BankSimulatorDeps,
  wanted: { ref: string; reason: string },
): Promise<{ ref: string } | Refused> {
  return reverse(deps, { kind: 'deposit', id: wanted.ref, reason: wanted.reason });
}

/** What the bank took from the exchange without an order comes back, naming the bank's reference of the debit. */
export async function giveBack(
  deps: BankSimulatorDeps,
  wanted: { ref: string; reason: string },
): Promise<{ ref: string } | Refused> {
  return reverse(deps, { kind: 'debit', id: wanted.ref, reason: wanted.reason });
}

async function reverse(
  deps: BankSimulatorDeps,
  wanted: { kind: 'payout' | 'deposit' | 'debit'; id: string; reason: string },
): Promise<{ ref: string } | Refused> {
  const at = deps.clock.now();
  const answer = await deps.sql.begin(async (tx): Promise<{ ref: string } | Refused> => {
    const [original] = await tx<
      {
        ref: string;
        debit: string;
        credit: string;
        amount: string;
        end_to_end_id: string | null;
        reference: string | null;
      }[]
    >`select ref, debit, credit, amount::text, end_to_end_id, reference from movement
       where return_reason is null and ${wanted.kind === 'payout' ? tx`end_to_end_id = ${wanted.id}` : tx`ref = ${wanted.id}`}`;
    const exchange =
      original &&
      (await accountBy(tx, { number: wanted.kind === 'deposit' ? original.credit : original.debit }));
    if (!original || exchange?.kind !== 'exchange') return { refused: 'movement_unknown' };
    const key = `return.${original.ref}`;
    const [before] = await tx`select from movement where key = ${key}`;
    const booked = await book(tx, at, {
      key,
      debit: original.credit,
      credit: original.debit,
      amount: BigInt(original.amount) as Minor,
      returnReason: wanted.reason,
      ...(original.end_to_end_id ? { endToEndId: original.end_to_end_id } : {}),
      ...(original.reference ? { reference: original.reference } : {}),
      ...(wanted.kind === 'debit' ? { remittance: `RETURN OF ${original.ref}` } : {}),
    });
    if ('refused' in booked) return booked;
    if (!before) await tellMovement(deps, tx, at, { account: exchange, ref: booked.ref });
    return booked;
  });
  deps.wake();
  return answer;
}
