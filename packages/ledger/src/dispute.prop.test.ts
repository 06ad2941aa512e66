/** Whatever a dispute ends with, nobody has paid or got another sum than if nothing had gone on before. */
import { minor } from '@seam/units';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { finalSettlement } from './contract.ts';
import { undisputedParts, undisputedPosting } from './dispute.ts';
import { netOf } from './posting.ts';

const parties = { contractId: 'c', buyerId: 'b', sellerId: 's', currency: 'CNY' } as const;
const sum = fc.bigInt({ min: 1n, max: 10_000_000n });
const ROUNDED = 2n;
const world = fc.record({
  paidIn: sum,
  releasedShare: fc.integer({ min: 0, max: 85 }),
  ends: fc.tuple(sum, sum, sum),
  feeBasisPoints: fc.integer({ min: 0, max: 900 }),
  paidBy: fc.constantFrom('seller' as const, 'buyer' as const),
  minimum: fc.bigInt({ min: 0n, max: 50_000n }),
});

it('the undisputed parts leave every outcome between the claims as it was, and as well covered', () => {
  fc.assert(
    fc.property(world, ({ paidIn, releasedShare, ends, feeBasisPoints, paidBy, minimum }) => {
      const [low, amount, high] = ends.toSorted((a, b) => (a < b ? -1 : 1)).map(minor) as [
        never,
        never,
        never,
      ];
      const released = minor((paidIn * BigInt(releasedShare)) / 100n);
      const escrowed = minor(paidIn - released);
      const fee = { feeBasisPoints, taxBasisPoints: 600, minimum, paidBy };
      const parts = undisputedParts({ low, high, escrowed, released, fee, mass: 100_000n });
      expect(parts.toSeller >= 0n && parts.toBuyer >= 0n).toBe(true);
      expect(parts.toSeller + parts.toBuyer <= escrowed).toBe(true);
      const posting = undisputedPosting({ ...parties, disputeId: 'd', ...parts });
      if (posting) expect([...netOf(posting).values()].reduce((all, one) => all + one, 0n)).toBe(0n);

      const end = (before: bigint, out: bigint) => {
        const final = { ...parties, invoiceId: 'i', gross: amount, fee, mass: 100_000n };
        const done = finalSettlement({ ...final, escrowed: minor(before), released: minor(out) });
        const { split, toSeller, owed } = done;
        return { buyerPays: toSeller + split.fee + split.tax - before, seller: toSeller - owed };
      };
      const plain = end(escrowed, released);
      const parted = end(escrowed - parts.toSeller - parts.toBuyer, released + parts.toSeller);
      expect(parted.seller + parts.toSeller).toBe(plain.seller);
      // To the unit that rounding fee and tax may leave at each end.
      if (parts.toBuyer > 0n || plain.buyerPays <= 0n) expect(parted.buyerPays <= ROUNDED).toBe(true);
    }),
    { numRuns: 500 },
  );
});
