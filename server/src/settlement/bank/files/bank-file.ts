/**
 * What a bank's file says, whichever of its forms it came in: camt.052, camt.053, camt.054, MT940, MT942.
 * Nothing is booked from here: the inbox takes only what our bank profile allows (see ../iso20022/camt.ts).
 */

/** Exact, unsigned, as many fraction digits as the bank wrote and at least two: "1234.50". */
export type DecimalText = string;

export type Balance = {
  /** ISO code: OPBD opening, PRCD previous closing, CLBD closing, ITBD interim, CLAV available, FWAV forward. */
  readonly type: string;
  readonly sign: 'credit' | 'debit';
  readonly amount: DecimalText;
  readonly currency: string;
  /** YYYY-MM-DD */
  readonly date: string | null;
};

/** By what a movement may be known again; each only where the bank gave it. */
export type References = {
  /** The bank's own. */
  readonly bank?: string;
  /** The account owner's, of the instruction or the batch. */
  readonly customer?: string;
  readonly endToEnd?: string;
  readonly mandate?: string;
  readonly creditorId?: string;
  /** A structured creditor reference (ISO 11649, QR, ESR). */
  readonly creditor?: string;
  readonly transaction?: string;
};

export type Party = { readonly name?: string; readonly account?: string; readonly bank?: string };

export type Movement = {
  readonly amount: DecimalText;
  readonly currency: string | null;
  /** What it does to the account: the reversal of a credit is a debit. */
  readonly sign: 'credit' | 'debit';
  readonly references: References;
  readonly counterparty: Party;
  readonly text: readonly string[];
};

export type BankEntry = Movement & {
  readonly status: 'booked' | 'pending' | 'information';
  readonly reversal: boolean;
  readonly bookingDate: string | null;
  readonly valueDate: string | null;
  /** The bank's code of what kind of movement it is: "PMNT/RCDT/ESCT", "NTRF", "166". */
  readonly code: string | null;
  /** The movements of a batch, where the bank lists them. */
  readonly transactions: readonly Movement[];
};

export type AccountStatement = {
  readonly id: string | null;
  readonly account: string;
  readonly currency: string | null;
  readonly sequence: string | null;
  readonly page: string | null;
  /** Of the period or, on an inner page, of the page. */
  readonly openingBalance: Balance | null;
  readonly closingBalance: Balance | null;
  readonly balances: readonly Balance[];
  readonly entries: readonly BankEntry[];
  /** Opening and all that is booked is the closing; null where one of the two is not there. */
  readonly addsUp: boolean | null;
};

export type BankFile = {
  /** "camt.053.001.08", "mt940", "mt942" */
  readonly format: string;
  readonly messageId: string | null;
  readonly statements: readonly AccountStatement[];
  /** What was not as it should be and was read all the same, with the line or element. */
  readonly remarks: readonly string[];
};

/** Two fraction digits at least, no leading zeros. @returns undefined when `text` is no amount. */
export function decimalText(text: string): DecimalText | undefined {
  const found = /^(\d*)(?:[.,](\d*))?$/.exec(text.trim());
  if (!found || (found[1] === '' && !found[2])) return undefined;
  const whole = found[1]!.replace(/^0+(?=\d)/, '') || '0';
  const fraction = (found[2] ?? '').replace(/0+$/, '');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}

/** Opening and booked movements against the closing balance, exact. */
export function addsUp(
  opening: Balance | null,
  closing: Balance | null,
  entries: readonly BankEntry[],
): boolean | null {
  if (!opening || !closing || opening.currency !== closing.currency) return null;
  const booked = entries.filter(({ status }) => status === 'booked');
  if (booked.some(({ currency }) => currency !== opening.currency)) return null;
  const moved = booked.reduce((sum, entry) => sum + scaled(entry), scaled(opening));
  return moved === scaled(closing);
}

/** More fraction digits than any bank writes. */
const SCALE = 8;

function scaled({ amount, sign }: Pick<Movement, 'amount' | 'sign'>): bigint {
  const [whole, fraction = ''] = amount.split('.');
  const value = BigInt(whole! + fraction.slice(0, SCALE).padEnd(SCALE, '0'));
  return sign === 'credit' ? value : -value;
}
