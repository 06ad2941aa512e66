/** What histories have after the close, and in catalogues: terms that ask for it, and commands aimed at it. */
import { type Instant, instant } from '@seam/units';
import { type Awarding, awardingDeadline } from '../../auction/awarding/state.ts';
import type { EngineState } from '../../state.ts';
import type { AfterCloseTerms, CatalogueTerms, CommandBody } from '../../types.ts';

type Numbers = {
  readonly kind: number;
  readonly slot: number;
  readonly account: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
};

/** Every other auction is done with at its close; now and then out of the limits. */
export function afterCloseOf({ account, x, y, z }: Omit<Numbers, 'kind' | 'slot'>): AfterCloseTerms {
  const periodMs = y % 53 === 0 ? 0 : 40 + (x % 3) * 30;
  const withdrawAfterMs = [null, 0, 60, 60][z % 4] ?? null;
  const waiting = {
    biddersMaximum: y % 47 === 0 ? 10 : (x + y) % 4,
    confirmMs: 30 + (z % 4) * 20,
    signMs: 20 + (y % 3) * 20,
    withdrawAfterMs,
  };
  return {
    ...((account + x) % 3 === 0 ? { standstill: { periodMs } } : {}),
    ...((account + y) % 2 === 0 ? { waiting } : {}),
  };
}

/** Six lots of the last slot after the other are a catalogue; what they share follows from its number. */
export function catalogueOf(auctionId: string, { slot, y }: Pick<Numbers, 'slot' | 'y'>): Catalogued {
  if (slot !== 2 || y % 29 === 28) return {};
  const place = Number(auctionId.split('.')[1]);
  const number = Math.floor(place / 6);
  const catalogue = {
    catalogueId: `catalogue-${number}`,
    position: place - (y % 37 === 0 ? 1 : -1),
    pauseMs: y % 41 === 0 ? 3 : [0, 10, 5, 20][number % 4]!,
    ...CAPS[number % 4],
    ...(number % 4 > 1
      ? {
          groupIds: [
            ['account-0', 'account-1'],
            ['account-2', 'account-3'],
          ],
        }
      : {}),
  };
  return { catalogue, lotSize: number % 2 === 0 ? '50000' : '333' };
}

type Catalogued = { readonly catalogue?: CatalogueTerms; readonly lotSize?: string };

const CAPS = [
  { cap: { unit: 'lots', maximum: 1 } },
  { cap: { unit: 'quantity', maximum: 9 } },
  { cap: { unit: 'lots', maximum: 2 } },
  {},
] as const satisfies readonly Pick<CatalogueTerms, 'cap'>[];

/** Of one of the auctions whose award is not done with; undefined while there is none. */
export function afterCommand(state: EngineState, numbers: Numbers, at: Instant): CommandBody | undefined {
  const { x, y, z } = numbers;
  const all = [...state.awardings.values()];
  const awarding = all[x % Math.max(1, all.length)];
  if (awarding === undefined) return undefined;
  const { auctionId } = awarding.terms;
  if (z % 10 < 2) return timerOf(awarding, numbers, at);
  if (awarding.phase === 'standstill' ? z % 10 < 7 : z % 40 === 39)
    return inStandstill(awarding, numbers, at);
  const waits = awarding.waiting[y % Math.max(1, awarding.waiting.length)];
  if (z % 10 === 7) {
    return { type: 'withdraw_waiting', auctionId, accountId: waits?.accountId ?? `account-${x % 6}` };
  }
  return ofAward(awarding, numbers);
}

function timerOf(awarding: Awarding, { x, y }: Numbers, at: Instant): CommandBody {
  const { auctionId } = awarding.terms;
  const deadline = instant((awardingDeadline(awarding) ?? at) + (x % 7 === 0 ? 1 : 0));
  const isEnd = (awarding.phase === 'standstill') !== (y % 6 === 0);
  return { type: isEnd ? 'end_standstill' : 'lapse_awards', auctionId, deadline };
}

function inStandstill({ terms, standstillEndsAt }: Awarding, { x, y }: Numbers, at: Instant): CommandBody {
  const { auctionId } = terms;
  if (x % 5 === 0) {
    const until = instant((standstillEndsAt ?? at) + (y % 40) - 2);
    return { type: 'extend_standstill', auctionId, until, reason: 'a complaint' };
  }
  if (x % 5 === 1) {
    const remedy = y % 2 === 0 ? 'void' : 'hold_again';
    return { type: 'uphold_complaint', auctionId, remedy, reason: 'collusion' };
  }
  return { type: 'waive_reserve', auctionId };
}

function ofAward({ terms, awards }: Awarding, { kind, x, y }: Numbers): CommandBody {
  const open = awards.filter((line) => line.state === 'pending' || line.state === 'confirmed');
  const award = (y % 4 === 0 ? awards : open)[x % Math.max(1, y % 4 === 0 ? awards.length : open.length)];
  const { auctionId } = terms;
  const accountId = y % 19 === 0 ? 'account-0' : (award?.accountId ?? 'account-1');
  const of = { auctionId, accountId, number: award?.number ?? 7 };
  const isConfirmed = award?.state === 'confirmed';
  switch (kind % 8) {
    case 0:
    case 1:
      return { type: 'decline_award', ...of };
    case 2:
      return { type: isConfirmed ? 'lapse_award' : 'decline_award', ...of };
    case 3:
      return { type: 'release_award', ...of, reason: 'no signature' };
    case 4:
      return { type: 'conclude_award', ...of };
    default:
      return { type: isConfirmed === (y % 8 !== 1) ? 'conclude_award' : 'confirm_award', ...of };
  }
}
