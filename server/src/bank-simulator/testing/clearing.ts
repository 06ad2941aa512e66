/** The centre at its desk, for tests: two persons who clear what reconciliation found, the way each kind is cleared. */
import { isRefusal } from '../../platform/refusal.ts';
import { sendDuePayments } from '../../settlement/bank/sending.ts';
import { type Wanted, decide, propose } from '../../settlement/bank/proposals.ts';
import { unprovenDays } from '../../settlement/bank/unproven.ts';
import { plantedSoFar } from '../plants-kept.ts';
import type { BothHouses } from './both-houses.ts';

export type FoundCase = {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly code: string;
  readonly params: Readonly<Record<string, string>>;
  readonly closedBy: readonly string[] | null;
};

export async function allCases({ side }: BothHouses): Promise<FoundCase[]> {
  return side.db.sql<FoundCase[]>`
    select id, kind, subject, code, params, closed_by as "closedBy" from bank_case order by opened_at, id`;
}

/** Proposed by one, confirmed by another. @returns the code of the refusal, or 'confirmed'. */
export async function decided(
  houses: BothHouses,
  wanted: Pick<Wanted, 'kind' | 'subject'> & { readonly detail?: Wanted['detail'] },
  people: readonly [string, string] = ['ann', 'bob'],
): Promise<string> {
  return houses.side.step(async (step) => {
    const whole = { detail: {}, ...wanted, reason: 'as the bank wrote', personId: people[0] };
    const made = await propose(step, whole, async () => true);
    if (isRefusal(made)) return made.refused;
    const done = await decide(step, { proposalId: made.id, personId: people[1], confirm: true });
    return isRefusal(done) ? done.refused : done.outcome;
  });
}

const CORRECTED = new Set(['line_conflict', 'line_reference']);

/** One round over what is open; what the bank must say right itself stays. */
export async function clearOnce(houses: BothHouses, owner: string): Promise<void> {
  const open = (await allCases(houses)).filter(({ closedBy }) => closedBy === null);
  for (const { id, kind, subject } of open) {
    if (CORRECTED.has(kind)) await decided(houses, { kind: 'correct_line', subject: id });
    else if (kind === 'deposit_unmatched')
      await decided(houses, { kind: 'identify_deposit', subject, detail: { companyId: owner } });
    else if (kind === 'debit_unmatched') {
      await decided(houses, { kind: 'contest_debit', subject });
      await houses.world.giveBack(subject.slice(subject.indexOf('.') + 1), 'AM05');
    } else if (kind === 'status_contradiction') await decided(houses, { kind: 'close_case', subject: id });
  }
  const found = await foundOf(houses);
  if (found.length > 0) await houses.world.mend(found);
  await houses.talk();
}

/** Ids of the planted mistakes that a case was opened for. */
async function foundOf(houses: BothHouses): Promise<number[]> {
  const cases = await allCases(houses);
  return (await plantedSoFar(houses.bank))
    .filter(({ subject, isMended, ...one }) =>
      cases.some(
        ({ kind, subject: about }) =>
          !isMended && subject && one.cases.includes(kind) && about.endsWith(subject),
      ),
    )
    .map(({ id }) => id);
}

export type Evening = {
  /** Numbers of statements whose day is proved, and of those that are not. */
  readonly proved: readonly number[];
  readonly unproven: readonly number[];
};

/** A day of the bank, what the exchange knows of it in the evening, and the desk at work. */
export async function dayAtDesk(houses: BothHouses, owner: string): Promise<Evening> {
  await sendDuePayments(houses.side.deps);
  await houses.dayEnds();
  const proved = await houses.side.db.sql<{ sequence: number }[]>`
    select p.sequence::int from bank_day_proof p join bank_own_account o on o.number = p.account
     where o.currency = 'CNY' order by 1`;
  const unproven = (await unprovenDays(houses.side.db.sql)).filter(
    ({ currency, why }) => currency === 'CNY' && why !== 'line_missing',
  );
  await clearOnce(houses, owner);
  return {
    proved: proved.map(({ sequence }) => sequence),
    unproven: unproven.map(({ sequence }) => sequence),
  };
}
