/**
 * Which accounts exist and what each may do. The code of an account is its identity:
 *
 *   <owner>/<currency>/<kind>            org-7/CNY/free, platform/CNY/fees
 *   <owner>/<currency>/<kind>/<contract> org-7/CNY/escrow/contract-3
 *
 * The table is repeated in SQL (migrations/0003, 0035 and 0051), where it is enforced; a test compares
 * the two.
 */
import { CURRENCIES, type Currency } from '@seam/units';

/** The owner of the exchange's own accounts. No organisation may have this id. */
export const PLATFORM = 'platform';

/**
 * `funded`: debits, pending ones included, never exceed credits: the account cannot be overdrawn.
 * `normal`: the side on which its balance is a positive number.
 */
export const ACCOUNT_KINDS = {
  /** What an organisation may use as it likes. Deposits arrive here. */
  free: { owner: 'party', normal: 'credit', funded: true, perContract: false },
  /** Set aside for bids in any auction; each auction's part is a pending debit of it. */
  standing_deposit: { owner: 'party', normal: 'credit', funded: true, perContract: false },
  /** Bid security kept after an award. While it is only held it is a pending debit of `free`. */
  bid_security: { owner: 'party', normal: 'credit', funded: true, perContract: false },
  /** Bid security applied to a contract: secures its performance. */
  performance_security: { owner: 'party', normal: 'credit', funded: true, perContract: true },
  /** The buyer's money for one contract, out of both parties' reach until the final settlement. */
  escrow: { owner: 'party', normal: 'credit', funded: true, perContract: true },
  /** Earned, waiting for the payout. */
  payable: { owner: 'party', normal: 'credit', funded: true, perContract: false },
  /** What an organisation owes the exchange after its bank took a deposit back. */
  receivable: { owner: 'party', normal: 'debit', funded: false, perContract: false },
  /** Our money at the bank. Equals the statement once everything on its way has arrived. */
  bank_clearing: { owner: 'platform', normal: 'debit', funded: false, perContract: false },
  fees: { owner: 'platform', normal: 'credit', funded: true, perContract: false },
  /** Value added tax on fees, owed to the state. */
  tax: { owner: 'platform', normal: 'credit', funded: true, perContract: false },
  /** Money whose owner is not known yet, in either direction. Only two people clear it. */
  suspense: { owner: 'platform', normal: 'credit', funded: false, perContract: false },
  /** What the exchange holds or lacks of a currency by converting for others: every conversion passes it. */
  conversion: { owner: 'platform', normal: 'credit', funded: false, perContract: false },
} as const satisfies Record<string, AccountRule>;

type AccountRule = {
  readonly owner: 'party' | 'platform';
  readonly normal: 'credit' | 'debit';
  readonly funded: boolean;
  readonly perContract: boolean;
};

export type AccountKind = keyof typeof ACCOUNT_KINDS;
export type Account = {
  readonly owner: string;
  readonly currency: Currency;
  readonly kind: AccountKind;
  readonly contractId: string | null;
};
/** An account code as above. Made by `accountCode` only. */
export type AccountCode = string;

type ContractKind = 'escrow' | 'performance_security';
type PlatformKind = 'bank_clearing' | 'fees' | 'tax' | 'suspense' | 'conversion';
type PartyKind = Exclude<AccountKind, ContractKind | PlatformKind>;

const ID = /^[A-Za-z0-9_.:-]{1,64}$/;

/** Account of an organisation that is not bound to a contract. @throws RangeError on an id with `/`. */
export function partyAccount(orgId: string, currency: Currency, kind: PartyKind): AccountCode {
  return accountCode({ owner: orgId, currency, kind, contractId: null });
}

/** Account of an organisation for one contract. @throws RangeError on an id with `/`. */
export function contractAccount(
  orgId: string,
  currency: Currency,
  kind: ContractKind,
  contractId: string,
): AccountCode {
  return accountCode({ owner: orgId, currency, kind, contractId });
}

export function platformAccount(currency: Currency, kind: PlatformKind): AccountCode {
  return accountCode({ owner: PLATFORM, currency, kind, contractId: null });
}

/** @throws RangeError when owner, kind and contract do not fit each other or an id has other characters. */
export function accountCode(account: Account): AccountCode {
  const rule = ACCOUNT_KINDS[account.kind];
  if (!ID.test(account.owner)) throw new RangeError(`account owner: ${account.owner}`);
  if ((account.owner === PLATFORM) !== (rule.owner === 'platform')) {
    throw new RangeError(`${account.kind} is no account of ${account.owner}`);
  }
  if ((account.contractId !== null) !== rule.perContract) {
    throw new RangeError(`${account.kind} ${rule.perContract ? 'needs' : 'has no'} contract`);
  }
  const base = `${account.owner}/${account.currency}/${account.kind}`;
  if (account.contractId === null) return base;
  if (!ID.test(account.contractId)) throw new RangeError(`contract id: ${account.contractId}`);
  return `${base}/${account.contractId}`;
}

/** @throws RangeError when `code` is no account code. */
export function parseAccountCode(code: AccountCode): Account {
  const [owner = '', currency = '', kind = '', contractId = null, ...rest] = code.split('/');
  if (rest.length > 0 || !isCurrency(currency) || !Object.hasOwn(ACCOUNT_KINDS, kind)) {
    throw new RangeError(`no account code: ${code}`);
  }
  const account: Account = { owner, currency, kind: kind as AccountKind, contractId };
  accountCode(account);
  return account;
}

function isCurrency(text: string): text is Currency {
  return (CURRENCIES as readonly string[]).includes(text);
}
