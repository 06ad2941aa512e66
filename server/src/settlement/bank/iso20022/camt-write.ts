/** camt.052, camt.053 and camt.054 as a bank writes them. */
import { type Minor, minor } from '@seam/units';
import type { Direction } from './camt.ts';
import { writeAccount, writeMoney } from './values.ts';
import { clip, textElement, writeDocument } from './xml.ts';

export const CAMT_054 = 'camt.054.001.08';
export const CAMT_053 = 'camt.053.001.08';
export const CAMT_052 = 'camt.052.001.04';

export type WrittenEntry = {
  /** At most 35 characters, unique at the bank. */
  readonly ref: string;
  readonly direction: Direction;
  readonly amount: Minor;
  readonly currency: string;
  readonly bookingDay: string;
  readonly valueDay: string;
  readonly endToEndId: string | null;
  /** Structured creditor reference, as the payer typed it. */
  readonly reference: string | null;
  readonly remittance: string | null;
  readonly counterpartyName: string;
  readonly counterpartyAccount: string;
  readonly returnReason: string | null;
};
type Account = { readonly number: string; readonly currency: string };

export function writeCamt054(notification: {
  readonly messageId: string;
  readonly createdAt: Date;
  readonly account: Account;
  readonly entries: readonly WrittenEntry[];
}): string {
  const createdAt = notification.createdAt.toISOString();
  return writeDocument(CAMT_054, {
    BkToCstmrDbtCdtNtfctn: {
      GrpHdr: { MsgId: notification.messageId, CreDtTm: createdAt },
      Ntfctn: {
        Id: notification.messageId,
        CreDtTm: createdAt,
        Acct: writeAccount(notification.account.number, notification.account.currency),
        Ntry: notification.entries.map((one) => entry(one)),
      },
    },
  });
}

export function writeCamt053(statement: {
  readonly messageId: string;
  readonly createdAt: Date;
  readonly account: Account;
  readonly sequence: number;
  /** The bank's day, YYYY-MM-DD. */
  readonly day: string;
  readonly opening: Minor;
  readonly entries: readonly WrittenEntry[];
  /** Absent: what opening and entries make. */
  readonly closing?: Minor;
}): string {
  const { account, opening, entries, day } = statement;
  const closing = statement.closing ?? minor(opening + movedBy(entries));
  const createdAt = statement.createdAt.toISOString();
  return writeDocument(CAMT_053, {
    BkToCstmrStmt: {
      GrpHdr: { MsgId: statement.messageId, CreDtTm: createdAt },
      Stmt: {
        Id: statement.messageId,
        ElctrncSeqNb: String(statement.sequence),
        CreDtTm: createdAt,
        Acct: writeAccount(account.number, account.currency),
        Bal: [
          balance('OPBD', opening, account.currency, day),
          balance('CLBD', closing, account.currency, day),
        ],
        Ntry: entries.map((one) => entry(one)),
      },
    },
  });
}

/** What has moved since the last statement, and where the account stands now. */
export function writeCamt052(report: {
  readonly messageId: string;
  readonly createdAt: Date;
  readonly account: Account;
  readonly day: string;
  readonly opening: Minor;
  readonly entries: readonly WrittenEntry[];
}): string {
  const { account, opening, entries, day } = report;
  const now = opening + movedBy(entries);
  const createdAt = report.createdAt.toISOString();
  return writeDocument(CAMT_052, {
    BkToCstmrAcctRpt: {
      GrpHdr: { MsgId: report.messageId, CreDtTm: createdAt },
      Rpt: {
        Id: report.messageId,
        CreDtTm: createdAt,
        Acct: writeAccount(account.number, account.currency),
        Bal: [
          balance('OPBD', opening, account.currency, day),
          balance('ITBD', minor(now), account.currency, day),
        ],
        Ntry: entries.map((one) => entry(one, 'before_08')),
      },
    },
  });
}

/** What entries add up to, credits above zero. */
export function movedBy(entries: readonly Pick<WrittenEntry, 'direction' | 'amount'>[]): bigint {
  return entries.reduce((sum, one) => sum + (one.direction === 'credit' ? one.amount : -one.amount), 0n);
}

function balance(code: string, value: Minor, currency: string, day: string): Record<string, unknown> {
  return {
    Tp: { CdOrPrtry: { Cd: code } },
    Amt: writeMoney(minor(value < 0n ? -value : value), currency),
    CdtDbtInd: value < 0n ? 'DBIT' : 'CRDT',
    Dt: { Dt: day },
  };
}

/** Before version 08 a status was a plain code, and a party had no choice of what it is. */
function entry(one: WrittenEntry, version: 'before_08' | 'from_08' = 'from_08'): Record<string, unknown> {
  const isOld = version === 'before_08';
  const party = { Nm: clip(one.counterpartyName, 140) };
  const credit = one.direction === 'credit';
  const amount = writeMoney(one.amount, one.currency);
  const side = credit ? 'CRDT' : 'DBIT';
  const family = { Cd: credit ? 'RCDT' : 'ICDT', SubFmlyCd: one.returnReason ? 'RRTN' : 'DMCT' };
  const other = credit ? 'Dbtr' : 'Cdtr';
  return {
    NtryRef: one.ref,
    Amt: amount,
    CdtDbtInd: side,
    Sts: isOld ? 'BOOK' : { Cd: 'BOOK' },
    BookgDt: { Dt: one.bookingDay },
    ValDt: { Dt: one.valueDay },
    AcctSvcrRef: one.ref,
    BkTxCd: { Domn: { Cd: 'PMNT', Fmly: family } },
    NtryDtls: {
      TxDtls: {
        Refs: { AcctSvcrRef: one.ref, EndToEndId: one.endToEndId ?? 'NOTPROVIDED' },
        Amt: amount,
        CdtDbtInd: side,
        RltdPties: {
          [other]: isOld ? party : { Pty: party },
          [`${other}Acct`]: writeAccount(one.counterpartyAccount),
        },
        ...remittance(one),
        ...(one.returnReason ? { RtrInf: { Rsn: { Cd: one.returnReason } } } : {}),
      },
    },
  };
}

function remittance(one: WrittenEntry): Record<string, unknown> {
  const free = textElement('Ustrd', one.remittance, 140);
  const structured = one.reference
    ? { Strd: { CdtrRefInf: { Tp: { CdOrPrtry: { Cd: 'SCOR' } }, Ref: clip(one.reference, 35) } } }
    : {};
  return 'Ustrd' in free || one.reference ? { RmtInf: { ...free, ...structured } } : {};
}
