/** A statement with the mistake that was planted for it. Both forms are written from the same mistake. */
import { type Minor, minor } from '@seam/units';
import { type WrittenEntry, movedBy } from '../settlement/bank/iso20022/camt-write.ts';
import { newId } from '../platform/id.ts';
import { type BankAccount, accountBy, book, entriesOf } from './books.ts';
import type { BankSimulatorDeps, Tx } from './deps.ts';
import { tellEntries } from './events.ts';
import { type PlantKind, type Struck, nameStruck, strike } from './plants-kept.ts';

export type ClosedDay = {
  readonly account: BankAccount;
  readonly sequence: number;
  /** The bank's day, YYYY-MM-DD. */
  readonly day: string;
  readonly opening: Minor;
  readonly closing: Minor;
  readonly entries: readonly WrittenEntry[];
};
type Mistake = { readonly kind: PlantKind; readonly amount: Minor; readonly ref: string | null };

const ABOUT_LINES: readonly PlantKind[] = ['duplicate_line', 'other_currency'];
/** Those that need a line on the statement: one is paid in for each. */
const WITH_LINE: readonly PlantKind[] = [...ABOUT_LINES, 'wrong_sum'];

/**
 * One mistake for each statement, and the next only when the last was mended: each is found as what it is. Called
 * before the lines of the statement are read.
 */
export async function strikeStatement(
  deps: BankSimulatorDeps,
  tx: Tx,
  of: { readonly account: string; readonly sequence: number },
): Promise<Mistake | undefined> {
  const { account, sequence } = of;
  const [open] = await tx`select from planted where account = ${account} and sequence is not null
    and struck_at is not null and mended_at is null`;
  if (open) return undefined;
  // The first statement opens with whatever it says, and nobody knows what came before it.
  const kinds: readonly PlantKind[] = [
    ...WITH_LINE,
    'wrong_closing',
    ...(sequence > 1 ? (['wrong_opening', 'sequence_gap'] as const) : []),
  ];
  const struck = await strike(deps, tx, { account, kinds });
  if (!struck) return undefined;
  const { id, kind } = struck;
  const ref = WITH_LINE.includes(kind) ? await payIn(deps, tx, account, struck) : null;
  // A gap is noticed when the statement after it has come.
  const subject = ABOUT_LINES.includes(kind)
    ? ref
    : String(kind === 'sequence_gap' ? sequence + 1 : sequence);
  await nameStruck(tx, { id, subject: `${account}.${subject}`, sequence, ...(ref !== null && { ref }) });
  return { ...struck, ref };
}

async function payIn(deps: BankSimulatorDeps, tx: Tx, number: string, struck: Struck): Promise<string> {
  const at = deps.clock.now();
  const account = (await accountBy(tx, { number }))!;
  const outside = (await accountBy(tx, { kind: 'outside', currency: account.currency }))!;
  const booked = await book(tx, at, {
    key: `planted.${newId()}`,
    debit: outside.number,
    credit: number,
    amount: struck.amount,
    remittance: 'PAYMENT',
    ...(struck.reference !== null && { reference: struck.reference }),
  });
  if ('refused' in booked) throw new Error(`the outside cannot pay: ${booked.refused}`);
  await tellEntries(deps, tx, at, { account, entries: await entriesOf(tx, account, booked) });
  return booked.ref;
}

/** What the bank says in place of `day`. */
export function mistaken(day: ClosedDay, { kind, amount, ref }: Mistake): ClosedDay {
  const { opening, closing, entries } = day;
  switch (kind) {
    case 'wrong_opening':
      return { ...day, opening: minor(opening + amount), closing: minor(closing + amount) };
    case 'wrong_closing':
      return { ...day, closing: minor(closing + amount) };
    case 'wrong_sum':
      return { ...day, entries: entries.filter((entry) => entry.ref !== ref) };
    case 'duplicate_line': {
      const twice = entries.flatMap((entry) => (entry.ref === ref ? [entry, entry] : [entry]));
      return { ...day, entries: twice, closing: minor(opening + movedBy(twice)) };
    }
    case 'other_currency': {
      const currency = day.account.currency === 'USD' ? 'EUR' : 'USD';
      return {
        ...day,
        entries: entries.map((entry) => (entry.ref === ref ? { ...entry, currency } : entry)),
      };
    }
    default:
      return day;
  }
}
