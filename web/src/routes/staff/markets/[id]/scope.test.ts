import { expect, test } from 'vitest';
import { companyOf, readScope, scopeOfTrail } from './scope.ts';

test('a scope of a company needs one, a scope of everybody does not', () => {
  expect(readScope('account', '')).toBeNull();
  expect(readScope('owner_group', '')).toBeNull();
  expect(readScope('account', 'a')).toEqual({ of: 'account', organisationId: 'a' });
  expect(readScope('owner_group', 'a')).toEqual({ of: 'owner_group', ownerGroup: 'a' });
  expect(readScope('market', 'a')).toEqual({ of: 'market' });
  expect(readScope('exchange', '')).toEqual({ of: 'exchange' });
});

test('what was read from a form is the scope that its company comes from', () => {
  for (const of of ['account', 'owner_group']) expect(companyOf(readScope(of, 'a')!)).toBe('a');
  for (const of of ['market', 'exchange']) expect(companyOf(readScope(of, '')!)).toBe('');
});

test('the trail’s scopes are read, also those of an agreement', () => {
  expect(scopeOfTrail('account:a')).toEqual({ of: 'account', company: 'a' });
  expect(scopeOfTrail('lift:owner_group:a')).toEqual({ of: 'owner_group', company: 'a' });
  expect(scopeOfTrail('exchange')).toEqual({ of: 'exchange', company: '' });
  expect(scopeOfTrail('resume')).toBeNull();
});
