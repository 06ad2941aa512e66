/** A statement with the mistake that was planted for it. Both forms are written from the same mistake. */
import { type Minor, minor } from '@seam/units';
import { type WrittenEntry, movedBy } from '../settlement/bank/iso20022/camt-write.ts';
import type { BankAccount } from './books.ts';
import type { BankSimulatorDeps, Tx } from './deps.ts';
import { type PlantKind, nameStruck, strike } from './plants-kept.ts';

export type ClosedDay = {
  readonly account: BankAccount;
  readonly sequence: number;
  /** The bank's day, YYYY-MM-DD. */
  readonly day: string;
  readonly opening: Minor;
  readonly closing: Minor;
  readonly entries: readonly WrittenEntry[];
};
type Struck = { readonly kind: PlantKind; readonly amount: Minor; readonly ref: string | null };

const ABOUT_LINES = ['duplicate_line', 'other_currency'] as const;
const ABOUT_BALANCES = ['wrong_closing', 'wrong_sum'] as const;

/** One mistake for each statement, and the next only when the last was mended: each is found as what it is. */
export async function strikeStatement(
  deps: Pick<BankSimulatorDeps, 'clock'>,
  tx: Tx,
  of: { readonly account: string; readonly sequence: number },
): Promise<Struck | undefined> {
  const { account, sequence } = of;
  const [open] = await tx`select from planted where account = ${account} and sequence is not null
    and struck_at is not null and mended_at is null`;
  if (open) return undefined;
  // The first statement opens with whatever it says, and nobody knows what came before it.
  const kinds: readonly PlantKind[] = [
    ...ABOUT_LINES,
    ...ABOUT_BALANCES,
    ...(sequence > 1 ? (['wrong_opening', 'sequence_gap'] as const) : []),
  ];
  const struck = await strike(deps, tx, { account, kinds });
  if (!struck) return undefined;
  const { id, kind, ref } = struck;
  const isAboutLine = ABOUT_LINES.some((one) => one === kind);
  // A gap is noticed when the statement after it has come.
  const subject = isAboutLine ? ref : String(kind === 'sequence_gap' ? sequence + 1 : sequence);
  await nameStruck(tx, { id, subject: `${account}.${subject}`, sequence });
  return struck;
}

/** What the bank says in place of `day`. */
export function mistaken(day: ClosedDay, { kind, amount, ref }: Struck): ClosedDay {
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
