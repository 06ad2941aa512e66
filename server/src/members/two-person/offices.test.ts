import { CENTRE_ROLES, PARTY_PROPOSAL_KINDS, ROUTES } from '@seam/protocol';
import { expect, it } from 'vitest';
import { forbids } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { holdsOffice } from './offices.ts';

const staff = (centreRoles: Principal['centreRoles']): Principal => ({
  personId: 'p',
  personName: 'P',
  organisationId: '',
  organisationStatus: '',
  roles: [],
  staff: true,
  centreRoles,
  robot: false,
  loginSessionId: 's',
});

it('a person of the centre who holds no office may do nothing in its name; with all of them, everything', () => {
  const routes = Object.values(ROUTES).filter(({ access }) => access === 'staff');
  expect(routes.length).toBeGreaterThan(20);
  const refused = (of: Principal) => routes.filter((route) => forbids(route, of) !== undefined).length;
  expect(refused(staff([]))).toBe(routes.length);
  expect(refused(staff(CENTRE_ROLES))).toBe(0);
  const decided = PARTY_PROPOSAL_KINDS.filter((kind) => kind !== 'bank_account');
  expect(decided.filter((kind) => holdsOffice(staff([]), kind))).toEqual([]);
  expect(decided.filter((kind) => holdsOffice(staff(CENTRE_ROLES), kind))).toEqual(decided);
});
