/**
 * Bid security: held from `free` while a bid may stand, released to losers, retained from winners,
 * applied to the contract as performance security, released at its end or forfeited.
 */
import { type Currency, type Minor, minor } from '@seam/units';
import { type AccountCode, contractAccount, partyAccount } from './accounts.ts';
import { type Leg, type Posting, moves, posting } from './posting.ts';

export type BidSecurity = {
  /** Identity of the hold; the command that tells the engine carries it too. */
  readonly holdKey: string;
  readonly orgId: string;
  readonly currency: Currency;
  readonly amount: Minor;
  readonly auctionId: string;
  /** Whose money it is until it is kept, and where it returns to. Absent: `free`. */
  readonly from?: 'free' | 'standing_deposit';
};

function accounts(of: Pick<BidSecurity, 'orgId' | 'currency' | 'from'>): {
  debit: AccountCode;
  credit: AccountCode;
} {
  return {
    debit: partyAccount(of.orgId, of.currency, of.from ?? 'free'),
    credit: partyAccount(of.orgId, of.currency, 'bid_security'),
  };
}

export function holdBidSecurity(security: BidSecurity): Posting {
  return posting({
    effectKey: security.holdKey,
    reason: 'bid_security_held',
    subject: `auction:${security.auctionId}`,
    legs: [{ phase: 'pending', ...accounts(security), amount: security.amount }],
  });
}

/** The whole hold returns to `free`. */
export function releaseBidSecurity(security: BidSecurity): Posting {
  return posting({
    effectKey: `bid-security-resolved.${security.holdKey}`,
    reason: 'bid_security_released',
    subject: `auction:${security.auctionId}`,
    legs: [resolve(security, 0n)],
  });
}

/**
 * Resolves all holds of one organisation in one auction after its close: `retained` stays as bid
 * security, taken from the oldest holds first, the rest returns. One effect, so a crash cannot leave
 * half of it.
 * @throws RangeError when more is retained than held.
 */
export function resolveBidSecurity(input: {
  readonly auctionId: string;
  readonly orgId: string;
  readonly holds: readonly BidSecurity[];
  readonly retained: Minor;
}): Posting {
  const held = input.holds.reduce((sum, hold) => sum + hold.amount, 0n);
  if (input.retained < 0n || input.retained > held) {
    throw new RangeError(`retained ${input.retained} of ${held} held`);
  }
  let left: bigint = input.retained;
  const legs = input.holds.map((hold) => {
    const kept = left < hold.amount ? left : hold.amount;
    left -= kept;
    return resolve(hold, kept);
  });
  return posting({
    effectKey: `bid-security-close.${input.auctionId}.${input.orgId}`,
    reason: input.retained > 0n ? 'bid_security_retained' : 'bid_security_released',
    subject: `auction:${input.auctionId}`,
    legs,
  });
}

function resolve(security: BidSecurity, kept: bigint): Leg {
  const base = { holdKey: security.holdKey, ...accounts(security) };
  return kept === 0n
    ? { phase: 'void_pending', ...base, amount: security.amount }
    : { phase: 'post_pending', ...base, amount: minor(kept) };
}

export type ContractSecurity = {
  readonly contractId: string;
  readonly orgId: string;
  readonly currency: Currency;
  readonly amount: Minor;
};

/** Retained bid security becomes performance security of the contract. */
export function applyBidSecurity(security: ContractSecurity): Posting {
  const { orgId, currency, contractId, amount } = security;
  return posting({
    effectKey: `security-applied.${contractId}.${orgId}`,
    reason: 'bid_security_applied',
    subject: `contract:${contractId}`,
    legs: moves([
      {
        debit: partyAccount(orgId, currency, 'bid_security'),
        credit: contractAccount(orgId, currency, 'performance_security', contractId),
        amount,
      },
    ]),
  });
}

/** The contract is done, or will not come: what is left of the security is free again. */
export function releaseSecurity(security: ContractSecurity): Posting {
  const { orgId, currency, contractId, amount } = security;
  return posting({
    effectKey: `security-released.${contractId}.${orgId}`,
    reason: 'security_released',
    subject: `contract:${contractId}`,
    legs: moves([
      {
        debit: contractAccount(orgId, currency, 'performance_security', contractId),
        credit: partyAccount(orgId, currency, 'free'),
        amount,
      },
    ]),
  });
}

/**
 * A default: security goes to whom the rules name, usually the other party's `payable`.
 * @param from where the security is: before the contract `bid_security`, after it
 *   `performance_security`.
 */
export function forfeitSecurity(input: {
  readonly subject: `auction:${string}` | `contract:${string}`;
  readonly orgId: string;
  readonly from: AccountCode;
  readonly to: AccountCode;
  readonly amount: Minor;
  /** Of the decision, where one may be followed by another. */
  readonly caseId?: string;
}): Posting {
  return posting({
    effectKey: input.caseId
      ? `security-forfeited.${input.caseId}`
      : `security-forfeited.${input.subject}.${input.orgId}`,
    reason: 'security_forfeited',
    subject: input.subject,
    legs: moves([{ debit: input.from, credit: input.to, amount: input.amount }]),
  });
}

/**
 * A forfeiture that should not have been: the same amount the other way, as a new transfer. It goes back behind
 * the contract while that lasts, and is free where there is nothing left to secure.
 */
export function restoreSecurity(input: {
  readonly caseId: string;
  readonly subject: `contract:${string}`;
  /** Who had received it. */
  readonly from: AccountCode;
  readonly to: AccountCode;
  readonly amount: Minor;
}): Posting {
  return posting({
    effectKey: `security-restored.${input.caseId}`,
    reason: 'security_restored',
    subject: input.subject,
    legs: moves([{ debit: input.from, credit: input.to, amount: input.amount }]),
  });
}

/**
 * Free money becomes a standing deposit, or what of it no auction holds becomes free again. It stands alone: no
 * row beside the ledger says it too.
 */
export function moveStandingDeposit(of: {
  /** Names the company's command for ever. */
  readonly commandId: string;
  readonly orgId: string;
  readonly currency: Currency;
  readonly amount: Minor;
  readonly direction: 'in' | 'out';
}): Posting {
  const free = partyAccount(of.orgId, of.currency, 'free');
  const standing = partyAccount(of.orgId, of.currency, 'standing_deposit');
  const [debit, credit] = of.direction === 'in' ? [free, standing] : [standing, free];
  return posting({
    effectKey: `standing-deposit.${of.orgId}.${of.commandId}`,
    reason: of.direction === 'in' ? 'standing_deposit_given' : 'standing_deposit_taken',
    subject: `standing_deposit:${of.currency}`,
    legs: [{ phase: 'posted', debit, credit, amount: of.amount }],
  });
}

/** A party puts its own free money behind its promise: a seller as a buyer. */
export function giveBond(bond: ContractSecurity & { readonly bondId: string }): Posting {
  const { orgId, currency, contractId, amount } = bond;
  return posting({
    effectKey: `bond.${bond.bondId}`,
    reason: 'bond_given',
    subject: `contract:${contractId}`,
    legs: moves([
      {
        debit: partyAccount(orgId, currency, 'free'),
        credit: contractAccount(orgId, currency, 'performance_security', contractId),
        amount,
      },
    ]),
  });
}
