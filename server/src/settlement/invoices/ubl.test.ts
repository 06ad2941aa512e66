import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SAMPLES } from './testing/samples.ts';
import { type Schematron, brokenRules, readSchematron } from './testing/schematron.ts';
import { writeUbl } from './ubl.ts';

const ubl = path.join(
  process.env['SEAM_SHARED'] ?? path.resolve(import.meta.dirname, '../../../../../shared'),
  'data/messages/ubl21',
);
// The schemas and rules are not ours to copy; where they are, they are used, and where not, it is said.
const present = fs.existsSync(path.join(ubl, 'xsd'));
if (!present)
  process.stderr.write(
    `NOT TESTED: the UBL schemas and EN 16931 rules are not at ${ubl}; set SEAM_SHARED.\n`,
  );
const absent = present ? '' : ' (ABSENT: set SEAM_SHARED to the folder that holds data/messages)';

let read: Schematron | undefined;
function broken(xml: string): string[] {
  read ??= readSchematron(fs.readFileSync(path.join(ubl, 'EN16931-UBL-validation-preprocessed.sch'), 'utf8'));
  return brokenRules(read, xml);
}

/** What xmllint says of documents of one root; empty when all are valid. */
function xsdErrors(documents: readonly string[]): string {
  const root = documents[0]!.includes('<CreditNote ') ? 'CreditNote' : 'Invoice';
  const folder = fs.mkdtempSync('/tmp/seam-ubl-');
  try {
    const files = documents.map((xml, n) => path.join(folder, `${n}.xml`));
    files.forEach((file, n) => fs.writeFileSync(file, documents[n]!));
    const xsd = path.join(ubl, `xsd/maindoc/UBL-${root}-2.1.xsd`);
    const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', xsd, ...files], {
      encoding: 'utf8',
    });
    return status === 0 ? '' : stderr;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

describe('the UBL of an invoice', () => {
  const written = Object.entries(SAMPLES).map(([name, model]) => [name, writeUbl(model)] as const);

  it.skipIf(!present)(`is valid against the XSD of its document type${absent}`, () => {
    const credits = written.filter(([, xml]) => xml.includes('<CreditNote '));
    expect(credits).toHaveLength(1);
    expect(xsdErrors(credits.map(([, xml]) => xml))).toBe('');
    expect(xsdErrors(written.filter((one) => !credits.includes(one)).map(([, xml]) => xml))).toBe('');
  });

  it.skipIf(!present).for(written)(`of %s breaks no rule of EN 16931${absent}`, ([, xml]) => {
    expect(broken(xml)).toEqual([]);
  });

  it('is the same bytes for the same model', () => {
    for (const model of Object.values(SAMPLES))
      expect(writeUbl(structuredClone(model))).toBe(writeUbl(model));
  });
});

const good = writeUbl(SAMPLES['a final invoice with something to pay']!);
const partly = writeUbl(SAMPLES['a provisional invoice of 95 %']!);
const foreign = writeUbl(SAMPLES['coal of a foreign seller']!);
const reverse = writeUbl(SAMPLES['the fee of a foreign seller']!);

/** A document, what is done to it, and the rule that must see it. */
const FAULTS: readonly (readonly [string, string, string | RegExp, string, string])[] = [
  [
    'a gross that is not net and tax',
    good,
    /(TaxInclusiveAmount currencyID="CNY">)\d+/,
    '$199999',
    'BR-CO-15',
  ],
  [
    'a sum due that forgets what was prepaid',
    good,
    /(PayableAmount currencyID="CNY">)[\d.]+/,
    '$161201.80',
    'BR-CO-16',
  ],
  [
    'a net that is not the sum of the lines',
    good,
    /(TaxExclusiveAmount currencyID="CNY">)\d+/,
    '$11',
    'BR-CO-13',
  ],
  [
    'a sum of lines that is none',
    good,
    /(<cbc:LineExtensionAmount currencyID="CNY">)\d+(?=[^<]*<\/cbc:LineExtensionAmount><cbc:TaxEx)/,
    '$11',
    'BR-CO-10',
  ],
  [
    'tax at another rate than it says',
    good,
    /(<cac:TaxSubtotal>.*?<cbc:TaxAmount currencyID="CNY">)\d+/,
    '$11',
    'BR-S-09',
  ],
  ['no breakdown of the tax', good, /<cac:TaxSubtotal>.*?<\/cac:TaxSubtotal>/, '', 'BR-CO-18'],
  [
    'a line exempt without a breakdown that is',
    good,
    /(<cac:ClassifiedTaxCategory><cbc:ID>)S/,
    '$1E',
    'BR-E-01',
  ],
  [
    'a taxed line at no rate',
    good,
    /(<cac:ClassifiedTaxCategory><cbc:ID>S<\/cbc:ID><cbc:Percent>)13/,
    '$10',
    'BR-S-05',
  ],
  [
    'taxed without a tax number of the seller',
    good,
    /<cac:PartyTaxScheme>.*?<\/cac:PartyTaxScheme>/,
    '',
    'BR-S-02',
  ],
  ['a tax number without its country', good, /(<cac:PartyTaxScheme><cbc:CompanyID>)CN/, '$1', 'BR-CO-09'],
  ['no number', good, /<cbc:ID>2026-000002<\/cbc:ID>/, '<cbc:ID></cbc:ID>', 'BR-02'],
  [
    'a currency that is none',
    good,
    /CNY<\/cbc:DocumentCurrencyCode>/,
    'CNX</cbc:DocumentCurrencyCode>',
    'BR-CL-04',
  ],
  ['a document type that is none', good, '>380<', '>999<', 'BR-CL-01'],
  ['a seller without a country', good, /<cac:Country>.*?<\/cac:Country>/, '', 'BR-09'],
  [
    'an allowance without a reason',
    partly,
    /<cbc:AllowanceChargeReason>.*?<\/cbc:AllowanceChargeReason>/,
    '',
    'BR-42',
  ],
  ['no reason for no tax', foreign, /<cbc:TaxExemptionReason>.*?<\/cbc:TaxExemptionReason>/, '', 'BR-O-10'],
  [
    'a tax number where no tax is stated',
    foreign,
    '<cac:PartyLegalEntity>',
    '<cac:PartyTaxScheme><cbc:CompanyID>AU1</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegalEntity>',
    'BR-O-02',
  ],
  [
    'reverse charge that charges',
    reverse,
    /(<cac:ClassifiedTaxCategory><cbc:ID>AE<\/cbc:ID><cbc:Percent>)0/,
    '$16',
    'BR-AE-05',
  ],
  ['three decimals of money', good, /(PrepaidAmount currencyID="CNY">\d+\.\d\d)/, '$10', 'BR-DEC-16'],
];

describe('the checker of EN 16931', () => {
  it.skipIf(!present).for(FAULTS)(`sees %s${absent}`, ([, xml, find, put, rule]) => {
    const faulty = xml.replace(find, put);
    expect(faulty).not.toBe(xml);
    expect(broken(faulty)).toContain(rule);
  });

  const controls = present ? fs.readdirSync(path.join(ubl, 'en16931_examples')) : [];
  it.skipIf(!present)(`finds nothing in the official examples${absent}`, () => {
    expect(controls.length).toBeGreaterThan(5);
    for (const name of controls) {
      expect([name, broken(fs.readFileSync(path.join(ubl, 'en16931_examples', name), 'utf8'))]).toEqual([
        name,
        [],
      ]);
    }
  });
});
