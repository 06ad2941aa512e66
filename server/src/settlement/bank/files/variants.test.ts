/** The forms that banks give one and the same statement: each says the same. Needs no files of anybody. */
import { minor } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { type WrittenEntry, writeCamt052, writeCamt053, writeCamt054 } from '../iso20022/camt-write.ts';
import type { BankFile } from './bank-file.ts';
import { readBankFile } from './read.ts';

const read = (text: string): BankFile => readBankFile(Buffer.from(text));
const entry: WrittenEntry = {
  ref: 'BANKREF1',
  direction: 'credit',
  amount: minor(123_456n),
  currency: 'CNY',
  bookingDay: '2026-11-20',
  valueDay: '2026-11-19',
  endToEndId: 'E2E1',
  reference: null,
  remittance: 'Coal for November',
  counterpartyName: '山西煤业',
  counterpartyAccount: '6222000000001',
  returnReason: null,
};
const of = {
  messageId: 'M1',
  createdAt: new Date('2026-11-20T10:00:00Z'),
  account: { number: '95588000000000001', currency: 'CNY' },
  sequence: 7,
  day: '2026-11-20',
  opening: minor(100n),
  entries: [entry],
};
const shown = ({ statements }: BankFile) =>
  statements.map(({ account, openingBalance, closingBalance, entries, addsUp }) => [
    account,
    openingBalance?.amount ?? null,
    closingBalance?.amount ?? null,
    entries.map(({ amount, sign, reversal, bookingDate, valueDate, references }) =>
      [amount, sign, reversal, bookingDate, valueDate, references.bank, references.endToEnd].join(' '),
    ),
    addsUp,
  ]);
const LINE = '1234.56 credit false 2026-11-20 2026-11-19 BANKREF1 E2E1';
const STATEMENT = [['95588000000000001', '1.00', '1235.56', [LINE], true]];
const versions = Array.from({ length: 12 }, (_, index) => String(index + 2).padStart(2, '0'));

describe('camt of any version', () => {
  const inVersion = (xml: string, version: string, oldWords: boolean): string => {
    const renamed = xml.replaceAll(/(camt\.05[234]\.001\.)\d\d/g, `$1${version}`);
    if (!oldWords) return renamed;
    return renamed
      .replaceAll(/<Sts><Cd>(\w+)<\/Cd><\/Sts>/g, '<Sts>$1</Sts>')
      .replaceAll(/<(Dbtr|Cdtr)><Pty>(.*?)<\/Pty><\/\1>/g, '<$1>$2</$1>');
  };
  it.each(versions)('053.001.%s is read alike, in the words of its time', (version) => {
    expect(shown(read(inVersion(writeCamt053(of), version, Number(version) < 8)))).toEqual(STATEMENT);
  });
  it.each(versions)('052.001.%s and 054.001.%s are read alike', (version) => {
    const report = shown(read(inVersion(writeCamt052(of), version, Number(version) < 8)));
    expect(report).toEqual([['95588000000000001', '1.00', '1235.56', [LINE], true]]);
    const told = shown(read(inVersion(writeCamt054(of), version, Number(version) < 8)));
    expect(told).toEqual([['95588000000000001', null, null, [LINE], null]]);
  });
  it('is read with a mark of byte order, other line ends, a prefix, and spaces between elements', () => {
    const xml = writeCamt053(of);
    const prefixed = xml.replaceAll(/<(\/?)(?=[A-Z])/g, '<$1ns:').replace('xmlns=', 'xmlns:ns=');
    for (const text of [
      `\uFEFF${xml}`,
      xml.replaceAll('><', '>\r\n  <'),
      xml.replaceAll('><', '>\n<'),
      prefixed,
    ])
      expect(shown(read(text))).toEqual(STATEMENT);
  });
  it('with several statements has each', () => {
    const two = writeCamt053(of).replace(/(<Stmt>.*<\/Stmt>)/s, '$1$1');
    expect(shown(read(two))).toEqual([...STATEMENT, ...STATEMENT]);
  });
});

describe('MT940 in the dialects of banks', () => {
  const lines = [
    ':20:M1',
    ':25:95588000000000001',
    ':28C:7/1',
    ':60F:C261120CNY1,',
    ':61:2611191120C1234,56NTRFNONREF//BANKREF1',
    ':86:166?00TRANSFER?20EREF+E2E1 ?21SVWZ+Coal',
    ':62F:C261120CNY1235,56',
    '-',
  ];
  const text = lines.join('\r\n');
  const variants: Readonly<Record<string, string>> = {
    'with CRLF': text,
    'with LF': lines.join('\n'),
    'with a mark of byte order': `\uFEFF${text}`,
    'in SWIFT’s blocks': `{1:F01SEAMCNB1XXX0000000000}{2:O9400000}{4:\r\n${text}}`,
    'on one line with its block': `{1:F01X}{2:O940}{4:${text}}`,
    'without the end of a message': lines.slice(0, -1).join('\r\n'),
    'with the letter of the currency': text.replace('C1234,56', 'CY1234,56'),
    'with zeros before amounts': text.replace('C1234,56', 'C000001234,56'),
    'with tags between slashes': text.replace(/:86:.*/, ':86:/EREF/E2E1/REMI/Coal'),
    'with tags in plain lines': text.replace(/:86:.*/, ':86:EREF+E2E1SVWZ+Coal'),
    'with other separators': text.replace(/:86:.*/, ':86:166~00TRANSFER~20EREF+E2E1 ~21SVWZ+Coal'),
    'with balances after the end': text.replace(
      ':62F:C261120CNY1235,56',
      ':62F:C261120CNY1235,56\r\n:64:C261120CNY9,00',
    ),
    'with words after the end': text.replace(
      ':62F:C261120CNY1235,56',
      ':62F:C261120CNY1235,56\r\n:86:Good day',
    ),
  };
  it.each(Object.entries(variants))('%s is read alike', (_name, variant) => {
    expect(shown(read(variant))).toEqual(STATEMENT);
  });

  it('without a day of entry has the day of value only', () => {
    const [one] = read(text.replace(':61:2611191120C', ':61:261119C')).statements[0]!.entries;
    expect(one).toMatchObject({ bookingDate: null, valueDate: '2026-11-19', amount: '1234.56' });
  });

  it('with a day of entry in the next year has that year', () => {
    const [one] = read(text.replace(':61:2611191120C', ':61:2612310102C')).statements[0]!.entries;
    expect(one).toMatchObject({ bookingDate: '2027-01-02', valueDate: '2026-12-31' });
  });

  it.each([
    ['C', 'credit', false],
    ['D', 'debit', false],
    ['RC', 'debit', true],
    ['RD', 'credit', true],
  ])('mark %s is a %s, reversal %s', (mark, sign, reversal) => {
    const [one] = read(text.replace('1120C1234', `1120${mark}1234`)).statements[0]!.entries;
    expect(one).toMatchObject({ sign, reversal });
  });

  it('on inner pages has interim balances, and adds up on each', () => {
    const first = text.replace(':28C:7/1', ':28C:7/1').replace(':62F:', ':62M:');
    const second = text
      .replace(':28C:7/1', ':28C:7/2')
      .replace(':60F:C261120CNY1,', ':60M:C261120CNY1235,56')
      .replace(':62F:C261120CNY1235,56', ':62F:C261120CNY2470,12');
    const { statements } = read(`${first}\r\n${second}`);
    expect(statements.map(({ page, addsUp }) => [page, addsUp])).toEqual([
      ['1', true],
      ['2', true],
    ]);
    expect(statements[0]!.closingBalance!.type).toBe('ITBD');
  });

  it('of several accounts in one file has each', () => {
    const other = text.replace('95588000000000001', '95588000000000002');
    expect(read(`${text}\r\n${other}\r\n`).statements.map(({ account }) => account)).toEqual([
      '95588000000000001',
      '95588000000000002',
    ]);
  });
});
