/** Whom a kill switch stops, as the form says it. */
import type { KillScope } from '@seam/protocol';

/** @returns null when the scope is of a company and none is named. */
export function readScope(of: string, company: string): KillScope | null {
  if (of === 'market' || of === 'exchange') return { of };
  if (company === '') return null;
  return of === 'owner_group' ? { of, ownerGroup: company } : { of: 'account', organisationId: company };
}

/** The company of a scope; '' when it is everybody. */
export function companyOf(scope: KillScope): string {
  if (scope.of === 'account') return scope.organisationId;
  return scope.of === 'owner_group' ? scope.ownerGroup : '';
}

/** The trail writes a scope as `account:<id>`, and before it what an agreement is for: `lift:account:<id>`. */
export function scopeOfTrail(about: string): { of: KillScope['of']; company: string } | null {
  const [of, company = ''] = about.replace(/^lift:/, '').split(':');
  const known = (['account', 'owner_group', 'market', 'exchange'] as const).find((one) => one === of);
  return known === undefined ? null : { of: known, company };
}
