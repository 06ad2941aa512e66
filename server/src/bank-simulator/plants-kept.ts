/** What was planted, and what of it has been made: the bank's own list of its mistakes on order. */
import { type Minor, minor } from '@seam/units';
import type { BankSimulatorDeps, Tx } from './deps.ts';

/** What each kind must be found as. */
export const PLANT_CASES = {
  /** Notified, never booked: on no statement. Mended by booking it after all. */
  missing_line: ['not_on_statement'],
  /** On the statement, never notified, nobody's. */
  extra_line: ['deposit_unmatched'],
  /** Notified with one unit more than was booked. */
  wrong_amount: ['line_conflict'],
  /** Notified with a reference of a member, booked without it. */
  wrong_reference: ['line_reference'],
  /** Twice on one statement, balances to match. Mended by the right statement. */
  duplicate_line: ['line_duplicate'],
  /** The next statement is kept back. Mended by handing it over. */
  sequence_gap: ['statement_gap'],
  wrong_opening: ['statement_sum'],
  wrong_closing: ['statement_sum'],
  /** A line is left out, balances as with it. */
  wrong_sum: ['statement_sum'],
  /** A deposit that the payer's bank takes back: owed where it is spent. */
  returned_credit: ['deposit_returned', 'top_up_required'],
  debit_unordered: ['debit_unmatched'],
  /** On the statement in a currency that the account does not have. */
  other_currency: ['line_currency'],
  /** The next payment is called settled and not carried out. Mended by carrying it out. */
  settled_without_line: ['payment_not_settled'],
  /** The next payment is refused and carried out all the same. */
  line_after_failure: ['status_contradiction', 'paid_after_failure'],
} as const satisfies Record<string, readonly string[]>;
export type PlantKind = keyof typeof PLANT_CASES;
export const PLANTS = Object.keys(PLANT_CASES) as PlantKind[];

export type Planted = {
  readonly id: number;
  readonly kind: PlantKind;
  readonly account: string;
  readonly amount: Minor;
  /** `<account>.<line>`, `<account>.<statement>` or an EndToEndId, as in the exchange's case; null until it strikes. */
  readonly subject: string | null;
  /** It is found when a case of one of these kinds has `subject` in its own. */
  readonly cases: readonly string[];
  readonly isMended: boolean;
};

type Kept = {
  readonly kind: PlantKind;
  readonly account: string;
  readonly amount: Minor;
  readonly ref?: string;
  readonly reference?: string | undefined;
  readonly struckAt?: Date;
};

/** Writes down what is planted; `struckAt`: it is made already, about the line `ref`. */
export async function keep(
  tx: Tx,
  { kind, account, amount, ref, reference, struckAt }: Kept,
): Promise<number> {
  const subject = struckAt && ref !== undefined ? `${account}.${ref}` : null;
  const [row] = await tx<{ id: string }[]>`
    insert into planted (kind, account, amount, ref, reference, subject, struck_at)
    values (${kind}, ${account}, ${amount.toString()}::text::bigint, ${ref ?? null}, ${reference ?? null}, ${subject},
      ${struckAt?.toISOString() ?? null}::text::timestamptz) returning id::text`;
  return Number(row!.id);
}

export type Struck = {
  readonly id: number;
  readonly kind: PlantKind;
  readonly amount: Minor;
  readonly reference: string | null;
};

/** The oldest mistake of these kinds that has not been made on this account, made now. */
export async function strike(
  deps: Pick<BankSimulatorDeps, 'clock'>,
  tx: Tx,
  of: { readonly account: string; readonly kinds: readonly PlantKind[] },
): Promise<Struck | undefined> {
  const [row] = await tx<(Omit<Struck, 'id' | 'amount'> & { id: string; amount: string })[]>`
    update planted set struck_at = ${deps.clock.now().toISOString()}::text::timestamptz
     where id = (select id from planted where account = ${of.account} and struck_at is null
                    and kind = any (${[...of.kinds]}::text[]) order by id limit 1 for update)
    returning id::text, kind, amount::text, reference`;
  return row && { ...row, id: Number(row.id), amount: minor(BigInt(row.amount)) };
}

/** What the struck mistake is about, now that it is known. */
export async function nameStruck(
  tx: Tx,
  of: { readonly id: number; readonly subject: string; readonly sequence?: number; readonly ref?: string },
): Promise<void> {
  await tx`update planted set subject = ${of.subject}, sequence = coalesce(${of.sequence ?? null}::bigint, sequence),
    ref = coalesce(${of.ref ?? null}, ref) where id = ${of.id}`;
}

/** Everything planted, in the order it was. */
export async function plantedSoFar(deps: Pick<BankSimulatorDeps, 'sql'>, id?: number): Promise<Planted[]> {
  const { sql } = deps;
  const rows = await sql<
    {
      id: string;
      kind: PlantKind;
      account: string;
      amount: string;
      subject: string | null;
      isMended: boolean;
    }[]
  >`select id::text, kind, account, amount::text, subject, mended_at is not null as "isMended" from planted
     where ${id === undefined ? sql`true` : sql`id = ${id}`} order by planted.id`;
  return rows.map((row) => ({
    ...row,
    id: Number(row.id),
    amount: minor(BigInt(row.amount)),
    cases: PLANT_CASES[row.kind],
  }));
}
