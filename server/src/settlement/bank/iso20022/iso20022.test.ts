import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { minor } from '@seam/units';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAMT_053, CAMT_054, type WrittenEntry, writeCamt053, writeCamt054 } from './camt-write.ts';
import { readCamt } from './camt.ts';
import { DEPTH_MAX, MESSAGE_BYTES_MAX, STATEMENT_BYTES_MAX } from './limits.ts';
import { PAIN_001, readPain001, writePain001 } from './pain001.ts';
import { PAIN_002, readPain002, writePain002 } from './pain002.ts';
import { BadMessage } from './xml.ts';

const messages = path.join(
  process.env['SEAM_SHARED'] ?? path.resolve(import.meta.dirname, '../../../../../../shared'),
  'data/messages/iso20022',
);
// The schemas and samples are not ours to copy; where they are, they are used, and where not, it is said.
const present = fs.existsSync(path.join(messages, 'xsd'));
if (!present)
  process.stderr.write(
    `NOT TESTED: the ISO 20022 schemas and samples are not at ${messages}; set SEAM_SHARED.\n`,
  );
const absent = present ? '' : ' (ABSENT: set SEAM_SHARED to the folder that holds data/messages)';
const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
const createdAt = new Date('2026-11-20T08:00:00Z');

const initiation = {
  messageId: 'M01',
  createdAt,
  executionDay: '2026-11-20',
  debtor: {
    name: 'Seam 煤炭交易中心',
    account: '6222000000000000001',
    bank: { kind: 'bic', code: 'SEAMCNBJXXX' },
  },
  transfers: [
    {
      endToEndId: 'E2E1',
      instructionId: 'I1',
      amount: minor(123_456n),
      currency: 'CNY',
      creditor: {
        name: 'Müller & <Söhne> "Kohle"',
        account: 'DE89370400440532013000',
        bank: { kind: 'bic', code: 'COBADEFFXXX' },
      },
      remittance: 'Contract C-1 \u0007 & more',
    },
    {
      endToEndId: 'E2E2',
      instructionId: 'I2',
      amount: minor(1n),
      currency: 'CNY',
      creditor: {
        name: '神华',
        account: '6222000000000000002',
        bank: { kind: 'cnaps', code: '102100099996' },
      },
      remittance: 'x'.repeat(300),
    },
  ],
} as const;
const entry: WrittenEntry = {
  ref: 'BANKREF1',
  direction: 'credit',
  amount: minor(10_050n),
  currency: 'CNY',
  bookingDay: '2026-11-20',
  valueDay: '2026-11-20',
  endToEndId: null,
  reference: 'RF18539007547034',
  remittance: 'deposit & <thanks>',
  counterpartyName: '买方有限公司',
  counterpartyAccount: '6222000000000000009',
  returnReason: null,
};
const notification = (entries: WrittenEntry[]): string =>
  writeCamt054({ messageId: 'N1', createdAt, account: { number: '62220001', currency: 'CNY' }, entries });
const statement = (entries: WrittenEntry[]): string =>
  writeCamt053({
    messageId: 'S1',
    createdAt,
    account: { number: '62220001', currency: 'CNY' },
    sequence: 7,
    day: '2026-11-20',
    opening: minor(-500n),
    entries,
  });
const rejection = writePain002({
  messageId: 'R1',
  originalMessageId: 'M01',
  originalPaymentInformationId: 'M01',
  createdAt,
  statuses: [
    { endToEndId: 'E2E1', status: 'RJCT', reason: 'AC01', detail: 'no such account' },
    { endToEndId: 'E2E2', status: 'ACSC', reason: null, detail: null },
  ],
});

describe(`what we write${absent}`, () => {
  it.skipIf(!present).each([
    [PAIN_001, writePain001(initiation)],
    [PAIN_002, rejection],
    [
      CAMT_054,
      notification([entry, { ...entry, ref: 'B2', direction: 'debit', endToEndId: 'E2E1', reference: null }]),
    ],
    [CAMT_054, notification([{ ...entry, remittance: null, reference: null, returnReason: 'AC04' }])],
    [CAMT_053, statement([entry])],
    [CAMT_053, statement([])],
  ])('%s is valid against the ISO schema', (message, xml) => {
    const schema = path.join(messages, 'xsd', `${message}.xsd`);
    if (spawnSync('xmllint', ['--version']).error) {
      throw new Error('xmllint is not installed (Debian: apt-get install libxml2-utils)');
    }
    execFileSync('xmllint', ['--noout', '--schema', schema, '-'], {
      input: xml,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
  });

  it('pain.001 is read back as it was meant', () => {
    const read = readPain001(bytes(writePain001(initiation)));
    expect(read).toMatchObject({ messageId: 'M01', debtorAccount: initiation.debtor.account });
    expect(read.transfers[0]).toEqual({ ...initiation.transfers[0], remittance: 'Contract C-1   & more' });
    expect(read.transfers[1]?.creditor).toEqual(initiation.transfers[1].creditor);
    expect(read.transfers[1]?.remittance).toBe('x'.repeat(140));
  });

  it('pain.002 is read back', () => {
    expect(readPain002(bytes(rejection))).toEqual({
      messageId: 'R1',
      originalMessageId: 'M01',
      statuses: [
        { endToEndId: 'E2E1', status: 'RJCT', reason: 'AC01', detail: 'no such account' },
        { endToEndId: 'E2E2', status: 'ACSC', reason: null, detail: null },
      ],
    });
  });

  it('camt is read back whatever names, amounts and references it carries', () => {
    const word = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .map((text) => text.replaceAll(/\s+/g, ' ').trim());
    fc.assert(
      fc.property(word, fc.bigInt(1n, 10n ** 15n), fc.boolean(), (name, amount, credit) => {
        const one = {
          ...entry,
          amount: minor(amount),
          direction: credit ? 'credit' : 'debit',
          counterpartyName: `N ${name} N`,
        } as const;
        const [report] = readCamt(bytes(notification([one]))).reports;
        expect(report?.lines).toHaveLength(1);
        expect(report?.lines[0]).toMatchObject({
          ref: one.ref,
          direction: one.direction,
          amount,
          currency: 'CNY',
          status: 'booked',
          counterpartyName: one.counterpartyName,
          counterpartyAccount: one.counterpartyAccount,
          references: [one.reference, one.remittance],
        });
      }),
    );
  });

  it('a statement carries signed balances that its entries explain', () => {
    const { kind, reports } = readCamt(
      bytes(statement([entry, { ...entry, ref: 'B2', direction: 'debit', amount: minor(50n) }])),
    );
    expect(kind).toBe('statement');
    expect(reports[0]).toMatchObject({
      sequence: 7,
      page: 1,
      lastPage: true,
      opening: -500n,
      closing: 9_500n,
    });
  });
});

describe(`what banks write${absent}`, () => {
  const samples = path.join(messages, 'samples');
  it.skipIf(!present)('is read in versions 02 and 04, with every amount of every entry', () => {
    const files = fs
      .readdirSync(samples)
      .filter((name) => /camt.?05[34]/i.test(name) && name.endsWith('.xml'));
    expect(files.length).toBeGreaterThan(12);
    const versions = new Set<string>();
    for (const name of files) {
      const raw = fs.readFileSync(path.join(samples, name));
      versions.add(/camt\.05[34]\.001\.\d\d/.exec(raw.toString())![0]);
      const { reports } = readCamt(raw);
      const entries = raw.toString().match(/<(\w+:)?Ntry>/g)?.length ?? 0;
      expect([name, reports.flatMap((one) => one.lines).length >= entries]).toEqual([name, true]);
    }
    expect([...versions].sort()).toEqual([
      'camt.053.001.02',
      'camt.053.001.04',
      'camt.054.001.02',
      'camt.054.001.04',
    ]);
  });
  it.skipIf(!present)('has the same sum of lines as of entries, so that nothing is lost or doubled', () => {
    for (const name of [
      'moov_200924_camt.054_P_CH2909000000250094239_1111091335_0_2020061900081727.xml',
      'genkgo_camt053.v4.xml',
    ]) {
      const raw = fs.readFileSync(path.join(samples, name));
      const entries = [
        ...raw.toString().matchAll(/<Ntry>(?:\s*<NtryRef>[^<]*<\/NtryRef>)?\s*<Amt Ccy="\w+">([\d.]+)</g),
      ];
      const stated = entries.reduce((sum, found) => sum + Math.round(Number(found[1]) * 100), 0);
      const lines = readCamt(raw).reports.flatMap((one) => one.lines);
      expect([name, lines.reduce((sum, line) => sum + Number(line.amount), 0)]).toEqual([name, stated]);
    }
  });
  it.skipIf(!present)(
    'pain.002 of version 11 and 03 is read, also where it speaks of the whole group only',
    () => {
      for (const name of fs
        .readdirSync(samples)
        .filter((one) => /pain.?002/i.test(one) && one.endsWith('.xml'))) {
        expect(readPain002(fs.readFileSync(path.join(samples, name))).originalMessageId).not.toBe('');
      }
      expect(readPain002(fs.readFileSync(path.join(samples, 'moov_valid_pain_v11.xml'))).statuses).toEqual(
        [],
      );
    },
  );
});

describe('older versions', () => {
  it('say the same as version 08', () => {
    const xml = notification([
      { ...entry, returnReason: 'AC04' },
      { ...entry, ref: 'B2', direction: 'debit' },
    ]);
    const version = (number: string): string => xml.replace('054.001.08', `054.001.${number}`);
    const four = version('04')
      .replaceAll('<Sts><Cd>BOOK</Cd></Sts>', '<Sts>BOOK</Sts>')
      .replaceAll(/<Pty>(.*?)<\/Pty>/g, '$1');
    const two = four
      .replace('054.001.04', '054.001.02')
      .replaceAll(
        /(<\/Refs>)(<Amt.*?<\/Amt>)<CdtDbtInd>\w+<\/CdtDbtInd>/g,
        '$1<AmtDtls><TxAmt>$2</TxAmt></AmtDtls>',
      );
    expect(two).toContain('<AmtDtls>');
    const expected = readCamt(bytes(xml));
    expect(expected.reports[0]?.lines).toHaveLength(2);
    expect(readCamt(bytes(four))).toEqual(expected);
    expect(readCamt(bytes(two))).toEqual(expected);
  });
});

describe('K8 what is refused', () => {
  const reasonOf = (input: string | Buffer): string => {
    try {
      readCamt(typeof input === 'string' ? bytes(input) : input);
    } catch (error) {
      if (error instanceof BadMessage) return error.reason;
      throw error;
    }
    return 'accepted';
  };
  const good = notification([entry]);
  const withType = (declaration: string): string => good.replace('<Document', `${declaration}<Document`);

  it('an external entity, an entity bomb, any document type, in any case', () => {
    expect(reasonOf(withType('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'))).toBe(
      'document_type_refused',
    );
    expect(reasonOf(withType('<!doctype d>'))).toBe('document_type_refused');
    const bomb = `<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">${'bcdefgh'
      .split('')
      .map((c, i) => `<!ENTITY ${c} "${`&${'abcdefgh'[i]};`.repeat(10)}">`)
      .join('')}]>`;
    expect(reasonOf(withType(bomb))).toBe('document_type_refused');
  });
  it('another encoding, behind which a document type could hide', () => {
    expect(reasonOf(Buffer.from(good, 'utf16le'))).toBe('encoding_unsupported');
    expect(reasonOf(good.replace('UTF-8', 'UTF-7'))).toBe('encoding_unsupported');
    expect(reasonOf(Buffer.concat([bytes(good), Buffer.from([0xff])]))).toBe('encoding_unsupported');
  });
  it('too many bytes, too deep a nesting, cut off or doubled documents', () => {
    expect(reasonOf(Buffer.alloc(STATEMENT_BYTES_MAX + 1, 0x20))).toBe('too_large');
    expect(reasonOf(good.replace('</Document>', `${' '.repeat(MESSAGE_BYTES_MAX)}</Document>`))).toBe(
      'too_large',
    );
    const deep = good.replace('<GrpHdr>', `${'<a>'.repeat(DEPTH_MAX)}${'</a>'.repeat(DEPTH_MAX)}<GrpHdr>`);
    expect(reasonOf(deep)).toBe('not_well_formed');
    expect(reasonOf(good.slice(0, good.length / 2))).toBe('not_well_formed');
    expect(reasonOf(good + good)).toBe('not_well_formed');
    expect(reasonOf('')).toBe('not_well_formed');
  });
  it('another message, an unknown namespace, no message at all', () => {
    expect(reasonOf(writePain001(initiation))).toBe('message_unknown');
    expect(reasonOf('<Document xmlns="urn:example"/>')).toBe('message_unknown');
    expect(reasonOf('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"/>')).toBe(
      'field_missing',
    );
  });
  it('amounts that are no exact amount, and unknown codes', () => {
    const amount = (text: string): string => reasonOf(good.replaceAll('>100.50<', `>${text}<`));
    expect(amount('100.500')).toBe('accepted');
    for (const text of [
      '100.505',
      '-1.00',
      '1e3',
      'NaN',
      '１００',
      '1,00',
      '0x10',
      '99999999999999999.00',
      '',
    ]) {
      expect([text, amount(text)]).toEqual([text, text === '' ? 'field_missing' : 'field_invalid']);
    }
    expect(reasonOf(good.replace('<Cd>BOOK<', '<Cd>MAYBE<'))).toBe('field_invalid');
    expect(reasonOf(good.replaceAll('>CRDT<', '>BOTH<'))).toBe('field_invalid');
  });
  it('names that would reach into objects change nothing', () => {
    const evil = good.replace(
      '<GrpHdr>',
      '<__proto__><polluted>1</polluted></__proto__><constructor>1</constructor><GrpHdr>',
    );
    expect(['accepted', 'not_well_formed']).toContain(reasonOf(evil));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
  it('two amounts where one belongs', () => {
    expect(reasonOf(good.replace('<CdtDbtInd>', '<Amt Ccy="CNY">1.00</Amt><CdtDbtInd>'))).toBe(
      'field_invalid',
    );
  });
  it('nothing of a name written in character numbers or CDATA is lost', () => {
    for (const written of ['&#20080;&#x65B9;&amp;lt;', '<![CDATA[买方&lt;]]>']) {
      const [report] = readCamt(bytes(good.replace('买方有限公司', written))).reports;
      expect(report?.lines[0]?.counterpartyName).toBe('买方&lt;');
    }
  });
  it('a pain.001 whose totals differ from its transfers', () => {
    const xml = writePain001(initiation);
    expect(() => readPain001(bytes(xml.replace('>1234.57<', '>1234.58<')))).toThrow(BadMessage);
    expect(() => readPain001(bytes(xml.replace('<NbOfTxs>2', '<NbOfTxs>3')))).toThrow(BadMessage);
  });
});

describe('an entry whose details do not add up', () => {
  it('is one line without details to book by, so that it goes to suspense whole', () => {
    const xml = notification([entry]).replace(/(<TxDtls>.*?)100\.50/s, '$160.00');
    const [report] = readCamt(bytes(xml)).reports;
    expect(report?.lines.map((line) => [line.amount, line.ref])).toEqual([[10_050n, 'BANKREF1']]);
  });
});
