/**
 * camt.052 (interim report), camt.053 (statement) and camt.054 (notification) of any version and bank, as
 * files: everything that is there, nothing judged.
 */
import {
  type AccountStatement,
  type Balance,
  type BankEntry,
  type BankFile,
  type Movement,
  type Party,
  type References,
  addsUp,
  decimalText,
} from './bank-file.ts';
import { BadMessage, type Element, children, readDocument } from '../iso20022/xml.ts';

const REPORTS: Readonly<Record<string, string>> = { '052': 'Rpt', '053': 'Stmt', '054': 'Ntfctn' };

/** @throws BadMessage */
export function readCamtFile(bytes: Uint8Array, bytesMax: number): BankFile {
  const { message, root } = readDocument(bytes, bytesMax);
  const report = REPORTS[/^camt\.(\d{3})\./.exec(message)?.[1] ?? ''];
  if (report === undefined) throw new BadMessage('message_unknown', message);
  const statements = children(root, report).map(readReport);
  if (statements.length === 0) throw new BadMessage('field_missing', report);
  return { format: message, messageId: word(root, 'GrpHdr/MsgId') ?? null, statements, remarks: [] };
}

function readReport(element: Element): AccountStatement {
  const balances = children(element, 'Bal').map(readBalance);
  const of = (...types: string[]): Balance | undefined =>
    types
      .map((type) => balances.filter((balance) => balance.type === type))
      .find((found) => found.length > 0)
      ?.at(0);
  const interim = balances.filter(({ type }) => type === 'ITBD');
  const openingBalance =
    of('OPBD', 'PRCD') ?? (interim.length > 1 || of('CLBD') ? interim[0] : undefined) ?? null;
  const closingBalance = of('CLBD') ?? interim.findLast((one) => one !== openingBalance) ?? null;
  const account = one(element, 'Acct');
  const currency = word(account, 'Ccy') ?? openingBalance?.currency ?? closingBalance?.currency ?? null;
  const entries = children(element, 'Ntry').map(readEntry);
  return {
    id: word(element, 'Id') ?? null,
    account: numberOf(account) ?? '',
    currency,
    sequence: word(element, 'ElctrncSeqNb') ?? word(element, 'LglSeqNb') ?? null,
    page:
      word(element, 'StmtPgntn/PgNb') ??
      word(element, 'RptPgntn/PgNb') ??
      word(element, 'NtfctnPgntn/PgNb') ??
      null,
    openingBalance,
    closingBalance,
    balances,
    entries,
    addsUp: addsUp(openingBalance, closingBalance, entries),
  };
}

function readBalance(element: Element): Balance {
  return {
    type: word(element, 'Tp/CdOrPrtry/Cd') ?? word(element, 'Tp/CdOrPrtry/Prtry') ?? '',
    sign: signOf(element, 'Bal'),
    ...moneyOf(element, 'Amt'),
    date: dayOf(element, 'Dt'),
  };
}

const STATUSES: Readonly<Record<string, BankEntry['status']>> = {
  BOOK: 'booked',
  PDNG: 'pending',
  FUTR: 'pending',
  INFO: 'information',
};

function readEntry(element: Element): BankEntry {
  const money = moneyOf(element, 'Amt');
  const sign = signOf(element, 'Ntry');
  const details = children(element, 'NtryDtls').flatMap((group) => children(group, 'TxDtls'));
  const status = word(element, 'Sts/Cd') ?? word(element, 'Sts/Prtry') ?? word(element, 'Sts') ?? 'BOOK';
  const transactions = details.map((one) =>
    readTransaction(one, { ...money, sign, single: details.length === 1 }),
  );
  const only = transactions.length === 1 ? transactions[0]! : undefined;
  const more = words(element, 'AddtlNtryInf');
  return {
    ...money,
    sign,
    status: STATUSES[status] ?? 'information',
    reversal: word(element, 'RvslInd') === 'true' || word(element, 'RvslInd') === '1',
    bookingDate: dayOf(element, 'BookgDt'),
    valueDate: dayOf(element, 'ValDt'),
    code: codeOf(one(element, 'BkTxCd')),
    references: {
      ...only?.references,
      ...given('customer', only?.references.customer ?? word(element, 'NtryRef') ?? batchOf(element)),
      ...given('bank', word(element, 'AcctSvcrRef') ?? only?.references.bank),
    },
    counterparty: only?.counterparty ?? {},
    text: [...(only?.text ?? []), ...more],
    transactions: transactions.length > 1 ? transactions : [],
  };
}

/** A batch booked as one: the reference its owner gave the whole of it. */
const batchOf = (entry: Element): string | undefined => {
  const batch = one(one(entry, 'NtryDtls'), 'Btch');
  return word(batch, 'PmtInfId') ?? word(batch, 'MsgId');
};

type Whole = Pick<Movement, 'amount' | 'currency' | 'sign'> & { readonly single: boolean };

function readTransaction(element: Element, whole: Whole): Movement {
  const path = ['Amt', 'AmtDtls/TxAmt/Amt'].find((name) => word(element, name) !== undefined);
  const { single, ...rest } = whole;
  const sign = one(element, 'CdtDbtInd') ? signOf(element, 'TxDtls') : whole.sign;
  const money = path !== undefined && !single ? moneyOf(element, path) : rest;
  const other = sign === 'credit' ? 'Dbtr' : 'Cdtr';
  return {
    amount: money.amount,
    currency: money.currency,
    sign,
    references: referencesOf(element),
    counterparty: partyOf(element, other),
    text: [...wordsAt(element, 'RmtInf', 'Ustrd'), ...words(element, 'AddtlTxInf')],
  };
}

function referencesOf(element: Element): References {
  const refs = one(element, 'Refs');
  const structured = children(one(element, 'RmtInf'), 'Strd').flatMap(
    (each) => word(each, 'CdtrRefInf/Ref') ?? [],
  );
  const endToEnd = word(refs, 'EndToEndId');
  return {
    ...given('bank', word(refs, 'AcctSvcrRef')),
    ...given('customer', word(refs, 'PmtInfId') ?? word(refs, 'InstrId') ?? word(refs, 'MsgId')),
    ...given('endToEnd', endToEnd === 'NOTPROVIDED' ? undefined : endToEnd),
    ...given('mandate', word(refs, 'MndtId')),
    ...given('transaction', word(refs, 'UETR') ?? word(refs, 'TxId') ?? word(refs, 'ClrSysRef')),
    ...given('creditor', structured[0]),
  };
}

function partyOf(element: Element, role: 'Dbtr' | 'Cdtr'): Party {
  const parties = one(element, 'RltdPties');
  const party = one(parties, role);
  const agent = one(one(one(element, 'RltdAgts'), `${role}Agt`), 'FinInstnId');
  return {
    ...given('name', word(party, 'Pty/Nm') ?? word(party, 'Nm')),
    ...given('account', numberOf(one(parties, `${role}Acct`))),
    ...given('bank', word(agent, 'BICFI') ?? word(agent, 'BIC')),
  };
}

function codeOf(element: Element | undefined): string | null {
  const domain = word(element, 'Domn/Cd');
  const family = [domain, word(element, 'Domn/Fmly/Cd'), word(element, 'Domn/Fmly/SubFmlyCd')];
  return domain === undefined ? (word(element, 'Prtry/Cd') ?? null) : family.filter(Boolean).join('/');
}

/** The first child of this name: files in the world repeat what the schema has once. */
const one = (element: Element | undefined, name: string): Element | undefined => children(element, name)[0];

function word(element: Element | undefined, path: string): string | undefined {
  const value = path.split('/').reduce<Element | undefined>(one, element)?.['#text'];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const words = (element: Element | undefined, name: string): string[] =>
  children(element, name).flatMap((each) => (typeof each['#text'] === 'string' ? each['#text'] : []));
const wordsAt = (element: Element, parent: string, name: string): string[] =>
  words(one(element, parent), name);

const numberOf = (account: Element | undefined): string | undefined =>
  word(account, 'Id/IBAN') ?? word(account, 'Id/Othr/Id') ?? word(account, 'Id/PrtryAcct/Id');

function moneyOf(element: Element, path: string): { amount: string; currency: string } {
  const found = path.split('/').reduce<Element | undefined>(one, element);
  const amount = decimalText(String(found?.['#text'] ?? ''));
  const currency = found?.['@Ccy'];
  if (amount === undefined || typeof currency !== 'string')
    throw new BadMessage('field_invalid', `${path}: ${String(found?.['#text']).slice(0, 40)}`);
  return { amount, currency };
}

function signOf(element: Element, where: string): 'credit' | 'debit' {
  const indicator = word(element, 'CdtDbtInd');
  if (indicator === 'CRDT') return 'credit';
  if (indicator === 'DBIT') return 'debit';
  throw new BadMessage('field_invalid', `${where}/CdtDbtInd ${String(indicator).slice(0, 10)}`);
}

/** A date, or the local date of a moment, as bank days go. */
function dayOf(element: Element, name: string): string | null {
  const found = one(element, name);
  const text = word(found, 'Dt') ?? word(found, 'DtTm') ?? (found ? word(element, name) : undefined);
  if (text === undefined) return null;
  const day = text.slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new BadMessage('field_invalid', `${name} ${text.slice(0, 20)}`);
  return day;
}

function given<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });
}
