import { CERTIFICATION_DECISIONS, ORGANISATION_STATUSES } from '@seam/protocol';
import { describe, expect, it } from 'vitest';
import { type CertificationMove, after, decisionsIn, waitsFor } from './lifecycle.ts';

const MOVES: readonly CertificationMove[] = [
  ...CERTIFICATION_DECISIONS,
  'submit',
  'notify_bank',
  'confirm_bank',
  'refuse_bank',
  'activate',
  'expire',
];

describe('the life of a party', () => {
  it('has exactly these moves', () => {
    const table = ORGANISATION_STATUSES.flatMap((status) =>
      MOVES.flatMap((move) => {
        const to = after(status, move);
        return to ? [`${status} --${move}--> ${to}`] : [];
      }),
    );
    expect(table.sort()).toEqual([
      'active --expire--> expired',
      'active --suspend--> suspended',
      'active --terminate--> terminated',
      'bank_confirmed --activate--> active',
      'bank_notified --confirm_bank--> bank_confirmed',
      'bank_notified --refuse_bank--> needs_info',
      'certified --confirm_bank--> bank_confirmed',
      'certified --notify_bank--> bank_notified',
      'certified --refuse_bank--> needs_info',
      'expired --submit--> under_review',
      'expired --terminate--> terminated',
      'needs_info --reject--> rejected',
      'needs_info --submit--> under_review',
      'registered --submit--> submitted',
      'submitted --start_review--> under_review',
      'suspended --reinstate--> active',
      'suspended --terminate--> terminated',
      'under_review --certify--> certified',
      'under_review --reject--> rejected',
      'under_review --request_info--> needs_info',
    ]);
  });

  it('leaves a terminated or rejected company where it is', () => {
    for (const status of ['terminated', 'rejected'] as const)
      expect(MOVES.filter((move) => after(status, move) !== undefined)).toEqual([]);
  });

  it('reaches active only after the word of the bank or by reinstating a member', () => {
    const waysIn = ORGANISATION_STATUSES.flatMap((status) =>
      MOVES.filter((move) => after(status, move) === 'active'),
    );
    expect(new Set(waysIn)).toEqual(new Set(['activate', 'reinstate']));
    expect(ORGANISATION_STATUSES.filter((status) => after(status, 'activate'))).toEqual(['bank_confirmed']);
  });

  it('never waits for the centre without a decision or a message of the centre being possible', () => {
    for (const status of ORGANISATION_STATUSES) {
      if (waitsFor(status) === 'centre')
        expect([
          decisionsIn(status).length > 0,
          after(status, 'notify_bank') !== undefined,
          after(status, 'activate') !== undefined,
        ]).toContain(true);
      if (waitsFor(status) === 'bank') expect(after(status, 'confirm_bank')).toBe('bank_confirmed');
      if (waitsFor(status) === 'company') expect(after(status, 'submit')).toBeDefined();
    }
  });
});
