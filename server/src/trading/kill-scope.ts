/** Whom a kill switch stops: as people write it, as the engine takes it, and one text for each. */
import type { BlockScope } from '@seam/engine';
import type { KillScope } from '@seam/protocol';

export function blockScope(scope: KillScope): BlockScope {
  return scope.of === 'account' ? { of: 'account', accountId: scope.organisationId } : scope;
}

export function killScope(scope: BlockScope): KillScope {
  return scope.of === 'account' ? { of: 'account', organisationId: scope.accountId } : scope;
}

export function scopeKey(scope: BlockScope): string {
  switch (scope.of) {
    case 'account':
      return `account:${scope.accountId}`;
    case 'owner_group':
      return `owner_group:${scope.ownerGroup}`;
    default:
      return scope.of;
  }
}
