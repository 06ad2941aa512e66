/** Whom a kill switch stops: one text per scope, and which scopes an account is in. */
import type { Account, Market } from './state.ts';
import type { BlockScope } from './types.ts';

export function blockKey(scope: BlockScope): string {
  switch (scope.of) {
    case 'account':
      return `account:${scope.accountId}`;
    case 'owner_group':
      return `owner_group:${scope.ownerGroup}`;
    default:
      return scope.of;
  }
}

/** The widest scope that stops everybody, or null. */
export function marketBlock({ blocks }: Market): BlockScope['of'] | null {
  if (blocks.size === 0) return null;
  return blocks.has('exchange') ? 'exchange' : blocks.has('market') ? 'market' : null;
}

/** The widest scope that stops this account, or null. */
export function accountBlock({ blocks }: Market, account: Account): BlockScope['of'] | null {
  if (blocks.size === 0) return null;
  if (blocks.has(`owner_group:${account.ownerGroup}`)) return 'owner_group';
  return blocks.has(`account:${account.accountId}`) ? 'account' : null;
}

export function isWithin(scope: BlockScope, account: Account): boolean {
  switch (scope.of) {
    case 'account':
      return account.accountId === scope.accountId;
    case 'owner_group':
      return account.ownerGroup === scope.ownerGroup;
    default:
      return true;
  }
}
