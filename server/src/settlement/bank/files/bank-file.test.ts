/** Files of real banks, against what other readers found in them. They stand outside the project. */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadMessage } from '../iso20022/xml.ts';
import { readBankReport } from '../report.ts';
import type { BankFile } from './bank-file.ts';
import { readBankFile } from './read.ts';

const SHARED = process.env['SEAM_SHARED'] ?? path.resolve(import.meta.dirname, '../../../../../../shared');
const MESSAGES = path.join(SHARED, 'data/messages');
const isThere = fs.existsSync(MESSAGES);
if (!isThere) process.stderr.write(`files of banks are not tested: no ${MESSAGES}\n`);
const namesIn = (folder: string, end: string): string[] =>
  isThere ? fs.readdirSync(path.join(MESSAGES, folder)).filter((name) => name.endsWith(end)) : [];
const read = (...file: string[]): BankFile => readBankFile(fs.readFileSync(path.join(MESSAGES, ...file)));

describe.skipIf(!isThere)('MT940 and MT942 of many banks (needs the shared data)', () => {
  it.each(namesIn('mt940', '.sta'))('%s says what other readers found in it', (name) => {
    const expected = expectedOf(
      fs.readFileSync(path.join(MESSAGES, 'mt940', name.replace('.sta', '.expected.yml')), 'utf8'),
    );
    const { statements } = read('mt940', name);
    const entries = statements.flatMap((one) => one.entries);
    expect(entries.length).toBe(expected.entries.length);
    for (const [index, entry] of entries.entries()) {
      const { customer, bank, ...plain } = expected.entries[index]!;
      const { amount, sign, reversal, valueDate, bookingDate, references, code } = entry;
      // A reversal does the contrary of the letter it takes back.
      const letter = (sign === 'credit') === reversal ? 'D' : 'C';
      expect({ amount: Number(amount), letter, valueDate, bookingDate, code }).toEqual(plain);
      // That reader takes "//" for a part of a short reference, and forgets some when the text has others.
      if (customer !== null && !/\/(\/|$)/.test(customer)) expect(references.customer).toBe(customer);
      if (bank !== null) expect(references.bank).toBe(bank);
    }
    const last = statements.at(-1)!;
    expect(last.account).toBe(expected.account.replace(/(?<=\w)[/]?[A-Z]{3}$/, ''));
    // It keeps the last digits of a long one.
    expect(last.sequence ?? '').toMatch(new RegExp(`${expected.sequence ?? '^'}$`));
    for (const [type, amount, date] of expected.balances) {
      const found = statements.flatMap(({ balances }) => balances).filter((one) => one.type === type);
      const signed = found.map((one) => [Number(one.sign === 'debit' ? -one.amount : one.amount), one.date]);
      expect(signed, type).toContainEqual([amount, date]);
    }
  });
});

describe.skipIf(!isThere)('camt of many banks (needs the shared data)', () => {
  it.each(namesIn('iso20022/samples', '.xml').filter((name) => /camt[._]?05[234]/i.test(name)))(
    '%s holds as many reports, movements and the same sum as its own elements',
    (name) => {
      const file = fs.readFileSync(path.join(MESSAGES, 'iso20022/samples', name), 'utf8');
      const { format, statements } = read('iso20022/samples', name);
      expect(file).toContain(format);
      const entries = statements.flatMap((one) => one.entries);
      expect(statements.length).toBe(file.match(/<(\w+:)?(Stmt|Rpt|Ntfctn)>/g)!.length);
      const stated = [...file.matchAll(/<Ntry>[\s\S]*?<Amt Ccy="(\w+)">([\d.]+)<[\s\S]*?<CdtDbtInd>(\w+)</g)];
      expect(entries.map(({ currency, amount, sign }) => [currency, Number(amount), sign])).toEqual(
        stated.map(([, currency, amount, mark]) => [
          currency,
          Number(amount),
          mark === 'CRDT' ? 'credit' : 'debit',
        ]),
      );
      for (const { account } of statements) expect(file).toContain(account);
      for (const { references } of entries)
        for (const reference of Object.values(references)) expect(file).toContain(reference);
    },
  );

  it('a Finnish statement has its balances, and adds up', () => {
    const { statements } = read('iso20022/samples', 'moov_FI_camt_053_sample.xml');
    expect(statements.map(({ addsUp }) => addsUp)).toEqual([true]);
    expect(statements[0]!.openingBalance).toMatchObject({ sign: 'credit', currency: 'EUR' });
  });
});

describe.skipIf(!isThere)(
  'files of banks that were cut, doubled or written into (needs the shared data)',
  () => {
    const files = [
      ...namesIn('mt940', '.sta').map((name) => ['mt940', name]),
      ...namesIn('iso20022/samples', '.xml').map((name) => ['iso20022/samples', name]),
    ].map((file) => fs.readFileSync(path.join(MESSAGES, ...file)).subarray(0, 20_000));
    const wound = fc.record({
      how: fc.constantFrom('byte', 'cut', 'double', 'end', 'insert'),
      at: fc.nat(20_000),
      length: fc.nat(40),
      text: fc.constantFrom(
        '\n:61:',
        ':86:',
        '{1:',
        '<Ntry>',
        '</Stmt>',
        '&#0;',
        '-1',
        '9'.repeat(25),
        '\u0000',
      ),
    });
    it('are read or refused with a reason, and so are the reports in them', () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...files),
          fc.array(wound, { minLength: 1, maxLength: 5 }),
          (file, wounds) => {
            let bytes: Buffer = file;
            for (const { how, at, length, text } of wounds) {
              const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
              if (how === 'end') bytes = head;
              else if (how === 'cut') bytes = Buffer.concat([head, tail.subarray(length)]);
              else if (how === 'double') bytes = Buffer.concat([head, tail.subarray(0, length), tail]);
              else bytes = Buffer.concat([head, Buffer.from(how === 'byte' ? [at & 255] : text), tail]);
            }
            for (const reads of [readBankFile, readBankReport]) {
              try {
                reads(bytes);
              } catch (error) {
                expect(error).toBeInstanceOf(BadMessage);
              }
            }
          },
        ),
        { numRuns: 800 },
      );
    });
    it.each(['02', '03', '07', '09', '10', '11', '12', '13'])('camt.053 of version %s is read', (version) => {
      const text = fs.readFileSync(path.join(MESSAGES, 'iso20022/samples/genkgo_camt053.v4.xml'), 'utf8');
      const changed = Buffer.from(text.replaceAll(/camt\.053\.001\.\d\d/g, `camt.053.001.${version}`));
      expect(readBankFile(changed)).toMatchObject({ format: `camt.053.001.${version}` });
      expect(readBankReport(changed).reports.length).toBeGreaterThan(0);
    });
  },
);

describe('a bank file', () => {
  const mt940 = (...lines: string[]): BankFile =>
    readBankFile(
      new TextEncoder().encode(
        [':20:A', ':25:NL91ABNA0417164300', ':28C:7/2', ':60F:C261231EUR100,', ...lines].join('\r\n'),
      ),
    );

  it('takes back what a reversal names, and says whether it adds up', () => {
    const { statements } = mt940(
      ':61:2612310101RC40,5NTRFREF1//B1',
      ':61:261231D9,5NCHGNONREF',
      ':86:166?00FEE?20EREF+E-1SVWZ+For the?21 year?31DE89370400440532013000?32Miner?33 Ltd',
      ':62F:C261231EUR50,',
      ':86:of the statement',
    );
    expect(statements).toMatchObject([
      { account: 'NL91ABNA0417164300', sequence: '7', page: '2', addsUp: true },
    ]);
    expect(statements[0]!.entries).toMatchObject([
      {
        sign: 'debit',
        reversal: true,
        amount: '40.50',
        valueDate: '2026-12-31',
        bookingDate: '2027-01-01',
        references: { customer: 'REF1', bank: 'B1' },
      },
      {
        sign: 'debit',
        reversal: false,
        bookingDate: null,
        references: { endToEnd: 'E-1' },
        counterparty: { account: 'DE89370400440532013000', name: 'Miner Ltd' },
        text: ['FEE', 'For the year'],
      },
    ]);
    expect(mt940(':62F:C261231EUR99,99').statements[0]!.addsUp).toBe(false);
  });

  it('is refused with its line where a movement cannot be read', () => {
    expect(() => mt940(':61:261331C1,NTRFX')).toThrow(/field_invalid: line 5: day 31 of month 13/);
    expect(() => mt940(':61:261231X1,NTRFX')).toThrow(/field_invalid: line 5/);
  });

  it.each([
    ['nothing', ''],
    ['a letter', 'Dear Sirs,'],
    ['another message', '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><X/></Document>'],
  ])('%s is none', (_, text) => {
    expect(() => readBankFile(new TextEncoder().encode(text))).toThrow(/message_unknown/);
  });

  it('a document type is refused, whatever the encoding', () => {
    const text = '\uFEFF<!DOCTYPE x [<!ENTITY a "b">]><Document/>';
    expect(() => readBankFile(new Uint8Array(Buffer.from(text, 'utf16le')))).toThrow(/document_type_refused/);
  });

  it('is read, or refused with a reason, whatever becomes of its bytes', () => {
    const statement = [
      ':20:A',
      ':25:1',
      ':28C:7/2',
      ':60F:C261231EUR100,',
      ':61:2612310101RC40,5NTRFREF1//B1',
    ];
    const camt =
      '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><B><Stmt><Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry></Stmt></B></Document>';
    const files = [statement.join('\n'), camt].map((text) => new TextEncoder().encode(text));
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        (file, changes) => {
          const bytes = file.slice();
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          try {
            for (const { entries } of readBankFile(bytes).statements)
              for (const { amount } of entries) expect(amount).toMatch(/^\d+\.\d{2,}$/);
          } catch (error) {
            expect(error).toBeInstanceOf(BadMessage);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('reads what a bank wrote in Latin letters of its own', () => {
    const bytes = new Uint8Array(
      Buffer.from(':20:A\r\n:25:1\r\n:61:261231C1,NTRFX\r\n:86:Übertrag\r\n', 'latin1'),
    );
    expect(readBankFile(bytes).statements[0]!.entries[0]!.text).toEqual(['Übertrag']);
  });
});

type Expected = {
  account: string;
  sequence: string | null;
  balances: [type: string, amount: number, date: string][];
  entries: {
    amount: number;
    letter: string;
    valueDate: string | null;
    bookingDate: string | null;
    code: string | null;
    customer: string | null;
    bank: string | null;
  }[];
};

/** The few facts needed, out of what another program wrote down about its objects. */
function expectedOf(yaml: string): Expected {
  const [head = '', ...items] = yaml.split(/^- !!python\/object:mt940\.models\.Transaction$/m);
  const statement = /^data:([\s\S]*?)^processors:/m.exec(head)?.[1] ?? '';
  const balance = (name: string, type: string): Expected['balances'] => {
    const part = new RegExp(`^  ${name}: ([\\s\\S]*?)^    status:`, 'm').exec(statement)?.[1];
    return part?.includes('Decimal') ? [[type, decimalIn(part), dateIn(part, 'date')!]] : [];
  };
  return {
    account: scalar(statement, 'account_identification') ?? '',
    sequence: scalar(statement, 'statement_number'),
    balances: [
      ...balance('final_opening_balance', 'OPBD'),
      ...balance('final_closing_balance', 'CLBD'),
      ...balance('available_balance', 'CLAV'),
    ],
    entries: items.map((item) => {
      const customer = scalar(item, 'customer_reference');
      return {
        amount: Math.abs(decimalIn(item)),
        letter: scalar(item, 'status')!.at(-1)!,
        valueDate: dateIn(item, 'date'),
        bookingDate: dateIn(item, 'entry_date'),
        customer: customer === 'NONREF' || customer === '' ? null : customer,
        bank: scalar(item, 'bank_reference'),
        code: scalar(item, 'id'),
      };
    }),
  };
}

const decimalIn = (text: string): number => Number(/decimal\.Decimal\s+\[?(?:- )?'([-\d.]+)'/.exec(text)![1]);

function scalar(text: string, name: string): string | null {
  const found = new RegExp(`(?:^ +|[{,] ?)${name}: ([^\\n}]*)`, 'm')
    .exec(text)?.[1]!
    .replaceAll(/^'|'$/g, '')
    .trim();
  return found === undefined || found === 'null' ? null : found;
}

/** Pickled: two bytes of the year, the month, the day. */
function dateIn(text: string, name: string): string | null {
  const base64 = new RegExp(`^ +${name}: !!python[^\\n]*\\n *- !!binary \\|\\n *(\\S+)`, 'm').exec(text)?.[1];
  if (base64 === undefined) return null;
  const [high, low, month, day] = Buffer.from(base64, 'base64') as unknown as number[];
  return [high! * 256 + low!, month!, day!].map((part) => String(part).padStart(2, '0')).join('-');
}
