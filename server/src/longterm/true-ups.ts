/**
 * An index was corrected after it had fixed a price. The price stays as it was fixed; what the correction makes of
 * the delivery is computed beside it, by the same clause and the same certificate, and owed on its own.
 */
import { eq } from 'drizzle-orm';
import { type Tx, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { differenceOfPrices, owe } from '../settlement/public.ts';
import type { Programme } from './programme.ts';
import { byFormula } from './rules/price.ts';
import { type CallOffRow, type IndexValueRow, type TrueUpRow, trueUp } from './tables.ts';

const DAY_MS = 24 * 3600_000;

export async function settleTrueUps(
  tx: Tx,
  programme: Programme,
  { now }: { readonly now: Date },
): Promise<boolean> {
  const made = await findCorrections(tx, programme, now);
  const open = [...programme.trueUps, ...made].filter(({ amount }) => amount === null);
  let computed = 0;
  for (const row of open) if (await compute(tx, programme, row, now)) computed += 1;
  return made.length + computed > 0;
}

/** Every version that came after the one a price rests on, in the order they came. */
async function findCorrections(tx: Tx, programme: Programme, now: Date): Promise<TrueUpRow[]> {
  const made: TrueUpRow[] = [];
  for (const callOff of programme.callOffs) {
    if (callOff.pricePerTonne === null) continue;
    const known = programme.trueUps.filter((one) => one.callOffId === callOff.id);
    const inputs = new Map<string, IndexValueRow>();
    for (const input of programme.inputs.filter((one) => one.callOffId === callOff.id))
      inputs.set(input.name, valueAt(programme, input)!);
    let price = known.at(-1)?.toPrice ?? callOff.pricePerTonne;
    for (const { seriesId, month, version } of known)
      for (const [name, input] of inputs)
        if (input.seriesId === seriesId && input.month === month)
          inputs.set(name, valueAt(programme, { seriesId, month, version })!);
    for (const value of programme.values) {
      const names = [...inputs].filter(
        ([, input]) =>
          input.seriesId === value.seriesId && input.month === value.month && input.version < value.version,
      );
      if (names.length === 0) continue;
      for (const [name] of names) inputs.set(name, value);
      const row = await correct(tx, programme, { callOff, value, inputs, price, now });
      if (!row) continue;
      made.push(row);
      price = row.toPrice;
    }
  }
  return made;
}

const valueAt = (
  { values }: Programme,
  of: { seriesId: string; month: string; version: number },
): IndexValueRow | undefined =>
  values.find((one) => one.seriesId === of.seriesId && one.month === of.month && one.version === of.version);

async function correct(
  tx: Tx,
  { terms }: Programme,
  of: {
    readonly callOff: CallOffRow;
    readonly value: IndexValueRow;
    readonly inputs: ReadonlyMap<string, IndexValueRow>;
    readonly price: bigint;
    readonly now: Date;
  },
): Promise<TrueUpRow | undefined> {
  const inputs = [...of.inputs].map(([name, value]) => ({ name, value }));
  const corrected = byFormula(terms, inputs);
  // A formula that has no price with the corrected value leaves the price as it is.
  if (corrected.state !== 'fixed') return undefined;
  const row: TrueUpRow = {
    id: newId(),
    callOffId: of.callOff.id,
    seriesId: of.value.seriesId,
    month: of.value.month,
    version: of.value.version,
    fromPrice: of.price,
    toPrice: corrected.perTonne,
    amount: null,
    createdAt: of.now,
    computedAt: null,
  };
  await orm(tx).insert(trueUp).values(row);
  return row;
}

async function compute(
  tx: Tx,
  { row: contract, terms }: Programme,
  row: TrueUpRow,
  now: Date,
): Promise<boolean> {
  const amount = await differenceOfPrices(tx, row.callOffId, row);
  if (amount === undefined) return false;
  await orm(tx).update(trueUp).set({ amount, computedAt: now }).where(eq(trueUp.id, row.id));
  if (amount === 0n) return true;
  const buyerOwes = amount > 0n;
  await owe(tx, {
    key: `true_up:${row.id}`,
    contractId: contract.contractId,
    debtorId: buyerOwes ? contract.buyerId : contract.sellerId,
    creditorId: buyerOwes ? contract.sellerId : contract.buyerId,
    currency: terms.currency as 'CNY',
    amount: buyerOwes ? amount : -amount,
    kind: 'true_up',
    dueAt: new Date(now.getTime() + terms.callOff.objectionDays * DAY_MS),
    createdAt: now,
  });
  return true;
}
