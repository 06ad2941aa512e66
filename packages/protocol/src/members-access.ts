/**
 * Roles, in one place: what a person may do for its company, what one of the centre may do, and which routes
 * of the centre each office may write to. Reading is open to all of the centre's people; writing to its office.
 */
import { ROLES, type Role, type Route } from './route.ts';

/** Offices of the centre. An auditor reads all and writes none. */
export const CENTRE_ROLES = ['operator_admin', 'supervisor', 'risk_officer', 'auditor', 'support'] as const;
export type CentreRole = (typeof CENTRE_ROLES)[number];

/** Whose word carries another's: a legal representative signs without a separate power of attorney. */
const IMPLIED: Readonly<Partial<Record<Role, readonly Role[]>>> = {
  legal_representative: ['signatory', 'approver'],
};
/** Routes that other areas name by older roles, opened to those that came later. */
const ALSO: Readonly<Record<string, readonly Role[]>> = {
  'POST /v1/settlements/:id/acceptance': ['quality_officer'],
};

/** Which office writes to the routes of an area; an area that is not named is the operator's. */
const AREA_OFFICES: Readonly<Record<string, readonly CentreRole[]>> = {
  members: ['operator_admin', 'supervisor', 'risk_officer'],
  auctions: ['supervisor'],
  markets: ['supervisor'],
  contracts: ['operator_admin', 'supervisor'],
  settlement: ['risk_officer'],
  logistics: ['operator_admin', 'risk_officer'],
};
const ROUTE_OFFICES: Readonly<Record<string, readonly CentreRole[]>> = {
  'POST /v1/staff/instruments/:id/credit-lines': ['risk_officer'],
  'POST /v1/staff/open-work/:id/retry': ['operator_admin', 'risk_officer', 'support'],
};

const keyOf = ({ method, url }: Pick<Route, 'method' | 'url'>): string => `${method} ${url}`;

/** @returns the offices that may call a route of the centre. */
export function officesOf(route: Pick<Route, 'method' | 'url' | 'area'>): readonly CentreRole[] {
  if (route.method === 'GET') return CENTRE_ROLES;
  return ROUTE_OFFICES[keyOf(route)] ?? AREA_OFFICES[route.area] ?? ['operator_admin'];
}

/** The roles a person acts in: those given and those they carry. */
export function actingRoles(roles: readonly Role[]): readonly Role[] {
  return ROLES.filter((role) => roles.some((one) => one === role || IMPLIED[one]?.includes(role)));
}

/** @returns the roles of a company that may call `route`; undefined when it asks for none. */
export function rolesOf(route: Route): readonly Role[] | undefined {
  const { access } = route;
  if (typeof access !== 'object') return undefined;
  const named = [...access.roles, ...(ALSO[keyOf(route)] ?? [])];
  return ROLES.filter((role) => actingRoles([role]).some((one) => named.includes(one)));
}

/** One line for each route: who may call it. */
export function whoMayCall(route: Route): string {
  const { access } = route;
  if (access === 'staff') return `centre: ${officesOf(route).join(', ')}`;
  const who = typeof access === 'object' ? `company: ${rolesOf(route)!.join(', ')}` : access;
  const funded = route.fundedOnly ? ' · funded only' : '';
  return `${who}${route.activeOnly ? ' · active only' : ''}${funded}`;
}
