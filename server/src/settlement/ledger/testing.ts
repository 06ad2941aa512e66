/** What tests of the ledger share. Each works with companies of its own: history cannot be wiped between them. */
import { type Leg, type Posting, partyAccount, platformAccount } from '@seam/ledger';
import { minor } from '@seam/units';
import type { Sql } from 'postgres';
import { post } from './ledger.ts';
import { balances } from './read.ts';

let made = 0;
/** A name that this process has not used. */
export function fresh(name: string): string {
  made += 1;
  return `${name}-${made}`;
}

export const free = (orgId: string) => partyAccount(orgId, 'CNY', 'free');
export const bank = platformAccount('CNY', 'bank_clearing');

/** Own organisations and keys for each run of a property; the platform's accounts are shared. */
export function inNamespace(posting: Posting, name: string): Posting {
  const rename = (code: string): string => (code.startsWith('platform/') ? code : `${name}-${code}`);
  return {
    ...posting,
    effectKey: `${name}.${posting.effectKey}`,
    legs: posting.legs.map((leg) => ({
      ...leg,
      debit: rename(leg.debit),
      credit: rename(leg.credit),
      ...('holdKey' in leg ? { holdKey: `${name}.${leg.holdKey}` } : {}),
    })) as Leg[],
  };
}

/** As `OracleLedger.balance` gives them. */
export async function totalsOf(sql: Sql, account: string) {
  const [row] = await sql`select debits_posted, credits_posted, debits_pending, credits_pending
    from ledger_account where code = ${account}`;
  return {
    debitsPosted: BigInt(row!['debits_posted'] as string),
    creditsPosted: BigInt(row!['credits_posted'] as string),
    debitsPending: BigInt(row!['debits_pending'] as string),
    creditsPending: BigInt(row!['credits_pending'] as string),
  };
}

export function transfer(
  effectKey: string,
  ...legs: [debit: string, credit: string, amount: bigint][]
): Posting {
  return {
    effectKey,
    reason: 'correction',
    subject: 'test:1',
    legs: legs.map(([debit, credit, amount]): Leg => ({
      phase: 'posted',
      debit,
      credit,
      amount: minor(amount),
    })),
  };
}

/** A new organisation with this much free money, minor units. */
export async function organisationWith(sql: Sql, amount: bigint): Promise<string> {
  const orgId = fresh('org');
  const funded = await post(sql, transfer(`fund.${orgId}`, [bank, free(orgId), amount]));
  if (!funded.ok) throw new Error(funded.code);
  return orgId;
}

export const security = (orgId: string, amount: bigint, auctionId: string, holdKey = fresh('hold')) =>
  ({ holdKey, orgId, currency: 'CNY', amount: minor(amount), auctionId }) as const;

export async function sqlState(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'no error';
}

export async function freeOf(sql: Sql, orgId: string) {
  const found = (await balances(sql, orgId)).find((account) => account.kind === 'free');
  return { balance: found?.balance, held: found?.held, available: found?.available };
}
