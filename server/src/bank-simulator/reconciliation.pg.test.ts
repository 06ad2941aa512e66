/**
 * Every mistake that the bank can make in what it tells is found as what it is, and cleared: by the bank's own word, or
 * by two persons. One world for all kinds; then any mix of them.
 */
import { minor } from '@seam/units';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bankProof, findMismatches } from '../settlement/bank/proof.ts';
import { sendDuePayments } from '../settlement/bank/sending.ts';
import { checkLedger } from '../settlement/ledger/read.ts';
import { PLANTS, type PlantKind, type Planted, plantedSoFar } from './plants-kept.ts';
import { plant } from './plants.ts';
import { BothHouses } from './testing/both-houses.ts';
import { type Evening, type FoundCase, allCases, clearOnce, dayAtDesk, decided } from './testing/clearing.ts';

let houses: BothHouses;
let member: { orgId: string; reference: string };
let planted: Planted[];
let found: FoundCase[];
const evenings: Evening[] = [];

const amountOf = (kind: PlantKind): bigint => 1000n + BigInt(PLANTS.indexOf(kind));
const ON_PAYMENTS: readonly PlantKind[] = ['settled_without_line', 'line_after_failure'];

async function plantOne(kind: PlantKind, amount = amountOf(kind)): Promise<void> {
  const wish = { kind, currency: 'CNY', amount: minor(amount) } as const;
  const made = await plant(houses.bank, {
    ...wish,
    reference: kind === 'extra_line' ? undefined : member.reference,
  });
  if ('refused' in made) throw new Error(made.refused);
  if (!ON_PAYMENTS.includes(kind)) return;
  await houses.payout(member.orgId, amount);
  await sendDuePayments(houses.side.deps);
}

/** Days go by until the bank has made every mistake and nothing is open. */
async function untilQuiet(daysMax: number): Promise<void> {
  for (let day = 0; day < daysMax; day += 1) {
    evenings.push(await dayAtDesk(houses, member.orgId));
    const waiting = (await plantedSoFar(houses.bank)).some(({ subject }) => subject === null);
    const open = (await allCases(houses)).some(({ closedBy }) => closedBy === null);
    if (!waiting && !open) return;
  }
  throw new Error(`still open: ${JSON.stringify((await allCases(houses)).filter((one) => !one.closedBy))}`);
}

const casesOf = ({ cases, subject }: Planted): FoundCase[] =>
  found.filter((one) => cases.includes(one.kind) && one.subject.endsWith(subject ?? '?'));

async function nothingOpenAndAllProved(): Promise<void> {
  const { sql } = houses.side.db;
  expect((await bankProof(sql)).filter(({ difference }) => difference !== 0n)).toEqual([]);
  expect([await findMismatches(sql), await checkLedger(sql)]).toEqual([[], []]);
}

beforeAll(async () => {
  houses = await BothHouses.open();
  member = await houses.member();
  await houses.deposit(member.reference, 1_000_000n);
  await houses.talk();
  evenings.push(await dayAtDesk(houses, member.orgId));
  for (const kind of PLANTS) await plantOne(kind);
  await houses.talk();
  await untilQuiet(14);
  planted = await plantedSoFar(houses.bank);
  found = await allCases(houses);
}, 60_000);
afterAll(async () => houses.close());

describe('reconciliation finds', () => {
  it.each([...PLANTS])('%s as one named case with its amount, and clears it', (kind) => {
    const one = planted.find((plantedOne) => plantedOne.kind === kind)!;
    const cases = casesOf(one);
    expect(cases).toHaveLength(1);
    expect(cases[0]!.closedBy).not.toBeNull();
    const said = Object.values(cases[0]!.params);
    // A balance says its amount as a difference, a missing statement says its number.
    const shown =
      kind === 'sequence_gap' ? String(Number(one.subject!.split('.')[1]) - 1) : amountShown(one, said);
    expect(said).toContain(shown);
  });

  it('nothing that was not planted', () => {
    const subjects = planted.map(({ subject }) => subject!);
    expect(found.filter((one) => !subjects.some((subject) => one.subject.endsWith(subject)))).toEqual([]);
  });

  it('and in the end everything is proved, and nothing is in suspense', async () => {
    await nothingOpenAndAllProved();
    expect(await houses.side.db.sql`select from suspense_open`).toHaveLength(0);
  });

  it('which days are not proved: each day is, or is named', () => {
    for (const { proved, unproven } of evenings) {
      const days = [...proved, ...unproven].toSorted((a, b) => a - b);
      expect(days).toEqual(days.map((_, index) => index + 1));
    }
    const statementPlants = planted.filter(({ subject }) => /\.\d{1,6}$/.test(subject!));
    for (const { subject } of statementPlants) {
      const sequence = Number(subject!.split('.')[1]);
      expect(evenings.some(({ unproven }) => unproven.includes(sequence))).toBe(true);
    }
  });
});

function amountShown({ kind, amount }: Planted, said: readonly string[]): string {
  const told = kind === 'wrong_amount' ? amount + 1n : amount;
  const text = `${told / 100n}.${String(told % 100n).padStart(2, '0')}`;
  if (!kind.startsWith('wrong_') || kind === 'wrong_amount' || kind === 'wrong_reference') return text;
  const money = said
    .filter((value) => /^-?\d+\.\d\d$/.test(value))
    .map((value) => BigInt(value.replace('.', '')));
  const differs = money.some((a) =>
    money.some((b) => money.some((c) => a + b - c === amount || c - a - b === amount)),
  );
  return differs || money.some((a) => money.some((b) => a - b === amount)) ? said[0]! : text;
}

describe('a notified credit', () => {
  it('that is on no statement is taken back by two, and what was spent of it is owed', async () => {
    const poor = await houses.member();
    const ghost = await plant(houses.bank, {
      kind: 'missing_line',
      currency: 'CNY',
      amount: minor(500n),
      reference: poor.reference,
    });
    await houses.talk();
    expect(await houses.side.money(poor.orgId)).toMatchObject({ free: 500n });
    await houses.dayEnds();
    await houses.dayEnds();
    const [open] = (await allCases(houses)).filter(({ closedBy }) => closedBy === null);
    expect(open).toMatchObject({
      kind: 'not_on_statement',
      subject: 'subject' in ghost ? ghost.subject : '',
    });
    const wanted = { kind: 'correct_line', subject: open!.id } as const;
    expect(await decided(houses, wanted, ['ann', 'ann'])).toBe('two_person.own');
    expect(await houses.side.money(poor.orgId)).toMatchObject({ free: 500n });
    await houses.side.db
      .sql`update bank_proposal set outcome = 'rejected', decided_by = 'ann', decided_at = now()
      where outcome is null`;
    expect(await decided(houses, wanted)).toBe('confirmed');
    expect(await houses.side.money(poor.orgId)).toMatchObject({ free: 0n });
    expect(await decided(houses, wanted)).toBe('bank.not_open');
    await nothingOpenAndAllProved();
    // It came after all: the statement knows what was taken for nothing, and two more book it.
    await houses.world.mend();
    await houses.dayEnds();
    await clearOnce(houses, poor.orgId);
    expect(await houses.side.money(poor.orgId)).toMatchObject({ free: 500n });
    await nothingOpenAndAllProved();
  });
});

describe('a credit that is nobody’s', () => {
  it('goes back to its sender by a payment of two persons, once', async () => {
    const { number } = await houses.customer('8.00');
    await houses.world.transfer({
      transferId: 'lost-1',
      fromAccount: number,
      amount: '8.00',
      remittance: 'coal',
    });
    await houses.talk();
    const [open] = (await allCases(houses)).filter(({ closedBy }) => closedBy === null);
    expect(open).toMatchObject({ kind: 'deposit_unmatched', params: { amount: '8.00', text: 'coal' } });
    const wanted = { kind: 'return_credit', subject: open!.subject } as const;
    expect(await decided(houses, wanted)).toBe('confirmed');
    // On its way it is nobody else's any more.
    expect(await decided(houses, wanted)).toBe('bank.not_open');
    const identify = {
      kind: 'identify_deposit',
      subject: open!.subject,
      detail: { companyId: 'x' },
    } as const;
    expect(await decided(houses, identify)).toBe('bank.not_open');
    await sendDuePayments(houses.side.deps);
    await houses.dayEnds();
    expect(await houses.balanceOf(number)).toBe('8.00');
    expect((await allCases(houses)).find(({ id }) => id === open!.id)?.closedBy).toEqual(['ann', 'bob']);
    await nothingOpenAndAllProved();
  });
});

describe('any mix of planted mistakes', () => {
  it('is found whole, and nothing else', async () => {
    const kinds = fc.array(fc.constantFrom(...PLANTS), { minLength: 3, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(kinds, async (mix) => {
        await houses.deposit(member.reference, 100_000n);
        await houses.talk();
        const [before, casesBefore] = [await plantedSoFar(houses.bank), await allCases(houses)];
        for (const [index, kind] of mix.entries()) {
          await plantOne(kind, 100n + BigInt(index));
          if (index === 2) evenings.push(await dayAtDesk(houses, member.orgId));
        }
        await untilQuiet(16);
        const known = new Set(casesBefore.map(({ id }) => id));
        found = (await allCases(houses)).filter(({ id }) => !known.has(id));
        const fresh = (await plantedSoFar(houses.bank)).slice(before.length);
        expect(fresh.filter((one) => casesOf(one).length !== 1)).toEqual([]);
        const subjects = fresh.map(({ subject }) => subject!);
        expect(found.filter((one) => !subjects.some((subject) => one.subject.endsWith(subject)))).toEqual([]);
        await nothingOpenAndAllProved();
      }),
      { numRuns: 1 },
    );
  });
});
