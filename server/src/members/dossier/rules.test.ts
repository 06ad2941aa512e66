import { describe, expect, it } from 'vitest';
import { certifiedUntil, checkDays, checkDeclaration, missingOf, missingPapers } from './rules.ts';

const owner = (shareBasisPoints: number, control?: string) => ({
  name: `Owner of ${shareBasisPoints}`,
  country: 'CN',
  shareBasisPoints,
  ...(control === undefined ? {} : { control }),
});
const declared = (owners: ReturnType<typeof owner>[], ownersReason?: string) =>
  checkDeclaration({
    representative: { name: 'Li', identityNumber: '1' },
    owners,
    related: [],
    ...(ownersReason === undefined ? {} : { ownersReason }),
  })?.refused;

describe('owners', () => {
  it.each([
    [[10_000], undefined],
    [[6_000, 4_000], undefined],
    [[6_000, 4_001], 'member.owner_shares'],
    [[7_501], undefined],
    [[7_500], 'member.owners_unnamed'],
    [[], 'member.owners_unnamed'],
  ])('of %j: %s', (shares, code) => {
    expect(declared(shares.map((share) => owner(share)))).toBe(code);
  });

  it('need not be named when a reason is stated', () => {
    expect(declared([], 'Listed in Shanghai, widely held')).toBeUndefined();
  });

  it('without a share control by other means, which are named', () => {
    expect(declared([owner(10_000), owner(0)])).toBe('member.owner_without_control');
    expect(declared([owner(10_000), owner(0, 'appoints the directors')])).toBeUndefined();
  });
});

describe('days of a document', () => {
  const today = '2026-11-23';
  it.each([
    ['2026-11-23', undefined, undefined],
    ['2026-11-23', '2026-11-23', undefined],
    ['2026-11-24', undefined, 'party_document.dates'],
    ['2026-02-30', undefined, 'party_document.dates'],
    ['2026-11-01', '2026-10-31', 'party_document.dates'],
    ['2020-11-01', '2026-11-22', 'party_document.expired'],
    ['2020-11-01', '2026-13-01', 'party_document.dates'],
  ])('issued %s, until %s: %s', (issuedOn, expiresOn, code) => {
    expect(checkDays({ issuedOn, expiresOn }, today)?.refused).toBe(code);
  });
});

describe('papers', () => {
  const paper = (kind: 'business_licence' | 'representative_id', expiresOn: string | null) =>
    ({ kind, state: 'accepted', expiresOn }) as const;

  it('count through their last day and not one day longer', () => {
    const papers = [paper('business_licence', '2026-11-23'), paper('representative_id', null)];
    expect(missingPapers(papers, '2026-11-23')).toEqual([]);
    expect(missingPapers(papers, '2026-11-24')).toEqual(['business_licence']);
  });

  it('that wait or were refused do not count', () => {
    const states = ['pending', 'refused'] as const;
    for (const state of states)
      expect(missingPapers([{ ...paper('business_licence', null), state }], '2026-11-23')).toContain(
        'business_licence',
      );
  });

  it('certify until the first kind runs out, each kind by its longest paper', () => {
    const papers = [
      paper('business_licence', '2027-01-01'),
      paper('business_licence', '2028-01-01'),
      paper('representative_id', '2027-06-01'),
    ];
    expect(certifiedUntil(papers, '2026-11-23')).toBe('2027-06-01');
    expect(certifiedUntil([...papers, paper('representative_id', null)], '2026-11-23')).toBe('2028-01-01');
    expect(
      certifiedUntil([paper('business_licence', null), paper('representative_id', null)], '2026-11-23'),
    ).toBeNull();
  });

  it('that lack stop certification of whoever is none yet, and trading of a member', () => {
    const none = { declared: true, papers: [], people: 2, canSign: true };
    expect(missingOf({ ...none, status: 'under_review' }, '2026-11-23')[0]).toMatchObject({
      stops: 'certification',
    });
    expect(missingOf({ ...none, status: 'expired' }, '2026-11-23')[0]).toMatchObject({ stops: 'trading' });
  });
});
