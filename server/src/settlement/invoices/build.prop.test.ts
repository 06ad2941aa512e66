import { invoiceAmount, partOf } from '@seam/coal';
import { divideHalfUp, kilograms, minor, parseScaled } from '@seam/units';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { termsBetween } from '../../../test/trade/binding-contract.ts';
import { yuanInWords } from './amount-in-words.ts';
import { finalInvoiceOf, invoiceParty, provisionalInvoiceOf } from './build.ts';

const terms = termsBetween('seller', 'buyer');
const sides = {
  seller: invoiceParty(terms.seller, 'CN'),
  buyer: invoiceParty(terms.buyer, 'CN'),
  terms,
  number: '2026-000001',
  issuedOn: '2026-11-23',
  preceding: null,
};
const quantity = fc.bigInt({ min: 1n, max: 2_000_000_000n });
const price = fc.bigInt({ min: 0n, max: 500_000n });

describe('an invoice of any coal', () => {
  it('L13: adds up, and quantity × price is its amount, rounded once', () => {
    fc.assert(
      fc.property(quantity, price, fc.bigInt({ min: 0n, max: 10n ** 12n }), (kg, unit, prepaid) => {
        const amount = invoiceAmount(minor(unit), kilograms(kg));
        const detail = { quantityKg: String(kg), unitPrice: String(unit), adjustments: [] };
        const { line, totals } = finalInvoiceOf({ ...sides, amount, detail, prepaid });
        const [net, vat, gross] = [BigInt(totals.net), BigInt(totals.vat), BigInt(totals.gross)];
        expect([net + vat, gross, BigInt(totals.due)]).toEqual([gross, amount, amount - prepaid]);
        expect(line.difference).toBeNull();
        const exact = parsePrice(line.price) * kg;
        // 10 digits of major units per tonne × kilograms → minor units.
        expect(divideHalfUp(exact, 10n ** 11n)).toBe(BigInt(line.full));
      }),
      { numRuns: 300 },
    );
  });

  it('asks for its share in advance, and says what the rest is', () => {
    fc.assert(
      fc.property(quantity, price, fc.integer({ min: 1, max: 10_000 }), (kg, unit, share) => {
        const amount = partOf(invoiceAmount(minor(unit), kilograms(kg)), share);
        const detail = { quantityKg: String(kg), unitPrice: String(unit), adjustments: [] };
        const { line, totals } = provisionalInvoiceOf({ ...sides, amount, detail, dueOn: '2026-12-01' });
        expect(BigInt(totals.gross)).toBe(amount);
        const off = line.difference?.kind === 'allowance' ? BigInt(line.difference.amount) : 0n;
        expect(BigInt(line.full) - off).toBe(BigInt(line.net));
        expect(line.net).toBe(totals.net);
      }),
      { numRuns: 300 },
    );
  });
});

function parsePrice(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return parseScaled(whole, 0)! * 10n ** 10n + BigInt(fraction.padEnd(10, '0'));
}

describe('yuan in capital characters', () => {
  it.for([
    [0n, '零元整'],
    [5n, '伍分'],
    [50n, '伍角整'],
    [105n, '壹元零伍分'],
    [6_120_180n, '陆万壹仟贰佰零壹元捌角整'],
    [1_000_000n, '壹万元整'],
    [10_000_100n, '壹拾万零壹元整'],
    [100_000_000n, '壹佰万元整'],
    [10_000_000_000n, '壹亿元整'],
    [10_001_000_000n, '壹亿零壹万元整'],
    [1_000_000_001_00n, '壹拾亿零壹元整'],
    [12_034_056_07n, '壹仟贰佰零叁万肆仟零伍拾陆元零柒分'],
  ] as const)('%s is %s', ([fen, words]) => {
    expect(yuanInWords(fen)).toBe(words);
  });
});
