/** Fifty traders of fifty companies, and watchers of one: who a token belongs to. */
import type { Principal } from '../../src/platform/principal.ts';

export const tokenOf = (name: string): string => name.padEnd(43, '-');

/** @param token `tokenOf('bidder7')`, `tokenOf('watcher12')`. */
export function principalOf(token: string): Principal | null {
  const name = /^((?:bidder|watcher)\d+)-+$/.exec(token)?.[1];
  if (name === undefined) return null;
  return {
    personId: name,
    personName: name,
    organisationId: `org-${name}`,
    organisationStatus: 'active',
    roles: ['trader'],
    staff: false,
    centreRoles: [],
    robot: false,
    loginSessionId: `login-${name}`,
  };
}
