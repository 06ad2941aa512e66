/** Whatever we write about, in whatever letters and lengths, is valid against the schemas, and is read back as meant. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CURRENCIES, minor } from '@seam/units';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMt940 } from '../files/mt940/write.ts';
import { readBankReport } from '../report.ts';
import {
  CAMT_052,
  CAMT_053,
  CAMT_054,
  type WrittenEntry,
  writeCamt052,
  writeCamt053,
  writeCamt054,
} from './camt-write.ts';
import { PAIN_001, writePain001 } from './pain001.ts';
import { PAIN_002, writePain002 } from './pain002.ts';

const SCHEMAS = path.join(
  process.env['SEAM_SHARED'] ?? path.resolve(import.meta.dirname, '../../../../../../shared'),
  'data/messages/iso20022/xsd',
);
const present = fs.existsSync(SCHEMAS);
if (!present) process.stderr.write(`NOT TESTED: no ISO 20022 schemas at ${SCHEMAS}; set SEAM_SHARED.\n`);

const name = fc.oneof(
  fc.constantFrom(
    '山西焦煤集团有限责任公司',
    'Müller & <Söhne> "Kohle"',
    "O'Neill 100%",
    '神华（集团）\u0007',
    'x',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }).filter((text) => /[\p{L}\p{N}]/u.test(text)),
);
const text = fc.oneof(
  fc.constant('煤'.repeat(500)),
  fc.constant('RF18539007547034 ]]> & more <b>'),
  fc.string({ unit: 'binary', maxLength: 300 }),
);
const id = fc.stringMatching(/^[0-9A-Z]{1,26}$/);
const account = fc.oneof(fc.stringMatching(/^[0-9]{5,30}$/), fc.constant('DE89370400440532013000'));
const amount = fc
  .oneof(fc.constantFrom(1n, 10n, 99n, 100n, 10n ** 15n), fc.bigInt(1n, 10n ** 15n))
  .map(minor);
const currency = fc.constantFrom(...CURRENCIES);
const day = fc.constantFrom('2026-01-01', '2026-02-28', '2028-02-29', '2026-12-31');
const bank = fc.constantFrom(
  { kind: 'bic', code: 'SEAMCNB1XXX' } as const,
  { kind: 'cnaps', code: '102100099996' } as const,
  { kind: 'ifsc', code: 'SBIN0000001' } as const,
);
const entryIn = (of: string): fc.Arbitrary<WrittenEntry> =>
  // An entry day of MT940 has no year: it lies within half a year of the value day.
  fc
    .record({
      ref: fc.stringMatching(/^[0-9A-Z]{16}$/),
      direction: fc.constantFrom('credit', 'debit'),
      amount: fc.bigInt(1n, 10n ** 12n).map(minor),
      currency: fc.constant(of),
      bookingDay: day,
      valueDay: day,
      endToEndId: fc.option(id),
      reference: fc.option(fc.constantFrom('RF18539007547034', 'RF712348231')),
      remittance: fc.option(text),
      counterpartyName: name,
      counterpartyAccount: account,
      returnReason: fc.option(fc.constantFrom('AC04', 'MD06')),
    })
    .map((one) => ({ ...one, valueDay: one.bookingDay }));
const statement = currency.chain((of) =>
  fc.record({
    account: fc.record({ number: fc.stringMatching(/^[0-9]{5,30}$/), currency: fc.constant(of) }),
    sequence: fc.integer({ min: 0, max: 99_999 }),
    day,
    opening: fc.bigInt(-(10n ** 12n), 10n ** 12n).map(minor),
    entries: fc.uniqueArray(entryIn(of), { maxLength: 4, selector: ({ ref }) => ref }),
  }),
);
const payments = fc.record({
  debtor: fc.record({ name, account, bank }),
  transfers: fc.array(
    fc.record({
      endToEndId: id,
      instructionId: id,
      amount,
      currency,
      creditor: fc.record({ name, account, bank }),
      remittance: text,
    }),
    { minLength: 1, maxLength: 3 },
  ),
});
const createdAt = new Date('2026-11-20T08:00:00Z');
const DOCUMENTS = 60;
const sample = <T>(arbitrary: fc.Arbitrary<T>, seed: number): T[] =>
  fc.sample(arbitrary, { seed, numRuns: DOCUMENTS });

describe.skipIf(!present)('generated messages (needs the shared schemas)', () => {
  let folder: string;
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-xsd-'));
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  const meta = { messageId: 'M1', createdAt };
  const written: [message: string, documents: () => string[]][] = [
    [
      PAIN_001,
      () => sample(payments, 1).map((one) => writePain001({ ...one, ...meta, executionDay: '2026-11-20' })),
    ],
    [
      PAIN_002,
      () =>
        sample(fc.record({ endToEndId: id, detail: fc.option(text) }), 2).map(({ endToEndId, detail }) =>
          writePain002({
            ...meta,
            originalMessageId: 'M0',
            originalPaymentInformationId: 'M0',
            statuses: [{ endToEndId, status: 'RJCT', reason: 'AC01', detail }],
          }),
        ),
    ],
    [CAMT_052, () => sample(statement, 3).map((one) => writeCamt052({ ...one, ...meta }))],
    [CAMT_053, () => sample(statement, 4).map((one) => writeCamt053({ ...one, ...meta }))],
    [
      CAMT_054,
      () =>
        sample(statement, 5)
          .filter(({ entries }) => entries.length > 0)
          .map((one) => writeCamt054({ ...one, ...meta })),
    ],
  ];
  it.each(written)('%s is valid, whatever it says', (message, documents) => {
    const files = documents().map((xml, index) => {
      const file = path.join(folder, `${message}-${index}.xml`);
      fs.writeFileSync(file, xml);
      return file;
    });
    // One process for all: it names the file and line of whatever is not valid.
    execFileSync('xmllint', ['--noout', '--schema', path.join(SCHEMAS, `${message}.xsd`), ...files], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  });
});

describe('a statement', () => {
  const bytes = (written: string): Uint8Array => new TextEncoder().encode(written);
  it('says the same as MT940 and as camt.053, to the last digit and reference', () => {
    fc.assert(
      fc.property(statement, (one) => {
        const [mt, camt] = [
          readBankReport(bytes(writeMt940(one))),
          readBankReport(bytes(writeCamt053({ ...one, messageId: 'S', createdAt }))),
        ].map(({ kind, reports: [report] }) => ({
          kind,
          account: report!.account,
          sequence: report!.sequence,
          page: report!.page,
          lastPage: report!.lastPage,
          opening: report!.opening,
          closing: report!.closing,
          closingDay: report!.closingDay,
          lines: report!.lines.map(({ references, counterpartyName: _name, ...line }) => ({
            ...line,
            reference: one.entries.some(
              ({ reference }) => reference !== null && references.some((text) => text.includes(reference)),
            ),
          })),
        }));
        expect(mt).toEqual(camt);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps the Chinese letters of a name, and cuts what MT940 has no room for', () => {
    const one = fc.sample(statement, { seed: 1, numRuns: 1 })[0]!;
    const entry = {
      ...fc.sample(entryIn('CNY'), { seed: 1, numRuns: 1 })[0]!,
      counterpartyName: '山西焦煤集团有限责任公司',
    };
    const mt940 = writeMt940({ ...one, entries: [entry] });
    expect(readBankReport(bytes(mt940)).reports[0]!.lines[0]!.counterpartyName).toBe(
      '山西焦煤集团有限责任公司',
    );
    expect(Math.max(...mt940.split('\r\n').map((line) => Array.from(line).length))).toBeLessThanOrEqual(66);
    expect(() => writeMt940({ ...one, entries: [{ ...entry, ref: 'x'.repeat(17) }] })).toThrow(RangeError);
  });
});
