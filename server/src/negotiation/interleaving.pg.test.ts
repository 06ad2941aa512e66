import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Table, openTable } from './testing/table.ts';

let table: Table;
beforeAll(async () => {
  table = await openTable();
});
afterAll(async () => table.close());

type Who = 'buyer' | 'seller';
type Step =
  | { readonly do: 'offer'; readonly who: Who; readonly tonnes: number; readonly minutes: number }
  | { readonly do: 'accept' | 'reject' | 'withdraw'; readonly who: Who; readonly back: number }
  | { readonly do: 'wait'; readonly seconds: number };

const who = fc.constantFrom<Who>('buyer', 'seller');
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('offer' as const),
        who,
        tonnes: fc.integer({ min: 1, max: 12_000 }),
        minutes: fc.integer({ min: 2, max: 5 }),
      }),
    },
    {
      weight: 4,
      // Mostly the last offer, at times the one before it.
      arbitrary: fc.record({
        do: fc.constantFrom('accept' as const, 'reject' as const, 'withdraw' as const),
        who,
        back: fc.constantFrom(0, 0, 0, 1),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 59, 120, 300) }),
    },
  ),
  { minLength: 4, maxLength: 14 },
);

/** Obviously right: a list of offers, looked at from the end, on a clock in its hand. */
class Twin {
  readonly offers: { who: Who; kg: bigint; until: number; open: boolean }[] = [];
  leftKg = 10_000_000n;
  agreed = false;

  step(step: Exclude<Step, { do: 'wait' }>, now: number): string {
    if (this.agreed) return 'negotiation.agreed';
    const last = this.offers.at(-1);
    const stands = last !== undefined && last.open && now < last.until;
    if (step.do === 'offer') {
      if (stands && last.who === step.who) return 'negotiation.offer_standing';
      if (last) last.open = false;
      const kg = BigInt(step.tonnes) * 1000n;
      this.offers.push({ who: step.who, kg, until: now + step.minutes * 60_000, open: true });
      return 'ok';
    }
    if (!last || step.back > 0) return 'negotiation.offer_stale';
    const own = step.do === 'withdraw';
    if ((last.who === step.who) !== own) return 'negotiation.offer_own';
    if (!last.open) return 'negotiation.offer_closed';
    if (!stands) return 'negotiation.offer_expired';
    if (step.do !== 'accept') {
      last.open = false;
      return 'ok';
    }
    if (last.kg > this.leftKg) return 'listing.quantity_unavailable';
    this.leftKg -= last.kg;
    this.agreed = true;
    return 'ok';
  }
}

const PATHS = { accept: 'acceptance', reject: 'rejection', withdraw: 'withdrawal' } as const;

async function real(id: string, step: Exclude<Step, { do: 'wait' }>, made: string[]): Promise<string> {
  const until = (minutes: number) => new Date(table.clock.at.getTime() + minutes * 60_000).toISOString();
  const answer =
    step.do === 'offer'
      ? await table.offer(
          step.who,
          id,
          { quantity: String(step.tonnes) },
          { answers: made.at(-1) ?? null, validUntil: until(step.minutes) },
        )
      : await table.call(step.who, 'POST', `/v1/negotiations/${id}/${PATHS[step.do]}`, {
          sha256: made.at(-1 - step.back) ?? '0'.repeat(64),
          ...(step.do === 'reject' && { reason: '' }),
        });
  if (answer.status >= 300) return answer.body.code;
  if (step.do === 'offer') made.push(answer.body.sha256);
  return 'ok';
}

it('whatever both parties and the clock do, one offer at most is accepted, the last that stood, and the lot loses exactly it', async () => {
  const started = table.clock.at;
  await fc.assert(
    fc.asyncProperty(steps, async (walk) => {
      const { id, listingId } = await table.begin();
      const twin = new Twin();
      const made: string[] = [];
      for (const step of walk) {
        if (step.do === 'wait') {
          table.clock.at = new Date(table.clock.at.getTime() + step.seconds * 1000);
          continue;
        }
        const expected = twin.step(step, table.clock.at.getTime());
        expect([step, await real(id, step, made)]).toEqual([step, expected]);
      }
      expect(await table.left(listingId)).toBe(twin.leftKg);
      const rows = await table.db.sql`select version from negotiation_offer
        where negotiation_id = ${id} and state = 'accepted'`;
      expect(rows.map(({ version }) => version)).toEqual(twin.agreed ? [twin.offers.length] : []);
      const [sales] = await table.db.sql`select count(*)::int as n from sale where listing_id = ${listingId}`;
      expect(sales!['n']).toBe(twin.agreed ? 1 : 0);
      table.clock.at = started;
    }),
    { numRuns: 10 },
  );
});

it('both at once: an acceptance, a counter-offer that answers the same one and the clock have one winner', async () => {
  for (let round = 0; round < 6; round += 1) {
    const { id, listingId } = await table.begin();
    const first = (await table.offer('buyer', id, { quantity: '500' })).body.sha256 as string;
    const terms = (await table.call('seller', 'GET', `/v1/negotiations/${id}`)).body.startingTerms;
    const validUntil = new Date(table.clock.at.getTime() + 600_000).toISOString();
    const counter = { terms: { ...terms, quantity: '700' }, validUntil, answers: first };
    const [accepted, countered] = await Promise.all([
      table.accept('seller', id, first),
      table.call('seller', 'POST', `/v1/negotiations/${id}/offers`, counter),
    ]);
    const won = [accepted.status, countered.status].filter((status) => status < 300);
    expect(won).toHaveLength(1);
    expect(await table.left(listingId)).toBe(accepted.status === 200 ? 9_500_000n : 10_000_000n);
  }
});
