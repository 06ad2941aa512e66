import { expect, test } from 'vitest';
import { announcementOf } from './announce.ts';

const clock = (round: number) =>
  ({
    format: 'clock',
    round,
    price: `${600 + round * 10}.00`,
    nextPrice: null,
    endsAt: '',
    demand: null,
    stopped: false,
  }) as const;
const english = { format: 'english' } as const;
const seen = { state: 'open', extensions: 0, closesAt: 'T', my: null, room: english } as const;
const my = (allocated: string) =>
  ({ allocated, quantity: '200.000', room: null }) as NonNullable<Parameters<typeof announcementOf>[1]['my']>;

test('a new round is said with its price, and only while the auction runs', () => {
  const [before, now] = [clock(2), clock(3)].map((room) => ({ ...seen, room }));
  expect(announcementOf(before!, now!)).toEqual({ kind: 'round', round: 3, price: '630.00' });
  expect(announcementOf(before!, { ...now!, state: 'awarded' })).toBeNull();
});

test('being outbid is said before the extension that it brought', () => {
  const before = { ...seen, my: my('200.000') };
  const now = { ...seen, my: my('50.000'), extensions: 1, closesAt: 'later' };
  expect(announcementOf(before, now)).toEqual({ kind: 'outbid', allocated: '50.000', quantity: '200.000' });
  expect(announcementOf(seen, { ...seen, extensions: 1, closesAt: 'later' })).toEqual({
    kind: 'extended',
    extensions: 1,
    closesAt: 'later',
  });
});

test('an end that moves though no bid moved it was moved for an outage, a resumed auction was not', () => {
  const [before, later] = ['2026-11-23T09:00:00Z', '2026-11-23T09:15:00Z'];
  const at = (closesAt: string, more: Partial<Parameters<typeof announcementOf>[0]> = {}) => ({
    ...seen,
    closesAt,
    ...more,
  });
  expect(announcementOf(at(before), at(later))).toEqual({ kind: 'outage', closesAt: later });
  expect(announcementOf(at(before), at(later, { extensions: 1 }))?.kind).toBe('extended');
  expect(announcementOf(at(before, { state: 'suspended' }), at(later))).toBeNull();
  expect(announcementOf(at(later), at(before))).toBeNull();
});

test('a phase that follows another is said once', () => {
  const sealed = (phase: 'submission' | 'opening'): Parameters<typeof announcementOf>[0] => ({
    ...seen,
    room: {
      format: 'sealed_bid',
      phase,
      endsAt: '',
      sealedCount: null,
      sharesGiven: [],
      decrypted: false,
      opened: [],
      reservePrice: null,
    },
  });
  expect(announcementOf(sealed('submission'), sealed('opening'))).toEqual({
    kind: 'phase',
    phase: 'opening',
  });
  expect(announcementOf(sealed('opening'), sealed('opening'))).toBeNull();
});
