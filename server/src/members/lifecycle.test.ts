import { CERTIFICATION_DECISIONS, ORGANISATION_STATUSES } from '@seam/protocol';
import { describe, expect, it } from 'vitest';
import { type CertificationMove, after, decisionsIn, waitsFor } from './lifecycle.ts';

const MOVES: readonly CertificationMove[] = [
  ...CERTIFICATION_DECISIONS,
  'submit',
  'notify_bank',
  'confirm_bank',
  'refuse_bank',
];

describe('the life of a certification', () => {
  it('has exactly these moves', () => {
    const table = ORGANISATION_STATUSES.flatMap((status) =>
      MOVES.flatMap((move) => {
        const to = after(status, move);
        return to ? [`${status} --${move}--> ${to}`] : [];
      }),
    );
    expect(table.sort()).toEqual([
      'active --suspend--> suspended',
      'bank_notified --confirm_bank--> active',
      'bank_notified --refuse_bank--> needs_info',
      'certified --confirm_bank--> active',
      'certified --notify_bank--> bank_notified',
      'certified --refuse_bank--> needs_info',
      'needs_info --reject--> rejected',
      'needs_info --submit--> under_review',
      'registered --submit--> under_review',
      'suspended --reinstate--> active',
      'under_review --certify--> certified',
      'under_review --reject--> rejected',
      'under_review --request_info--> needs_info',
    ]);
  });

  it('reaches active only by the word of the bank or by reinstating a member', () => {
    const waysIn = ORGANISATION_STATUSES.flatMap((status) =>
      MOVES.filter((move) => after(status, move) === 'active'),
    );
    expect(new Set(waysIn)).toEqual(new Set(['confirm_bank', 'reinstate']));
  });

  it('never waits for the centre without a decision or a message of the centre being possible', () => {
    for (const status of ORGANISATION_STATUSES) {
      if (waitsFor(status) === 'centre')
        expect([decisionsIn(status).length > 0, after(status, 'notify_bank') !== undefined]).toContain(true);
      if (waitsFor(status) === 'bank') expect(after(status, 'confirm_bank')).toBe('active');
      if (waitsFor(status) === 'company') expect(after(status, 'submit')).toBe('under_review');
    }
  });
});
