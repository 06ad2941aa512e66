/** Coals for tests: plausible numbers from a seed. */
import type { Assay } from '@seam/coal';
import { rational } from '@seam/coal';
import { kilograms } from '@seam/units';
import type { BlendLot } from './problem.ts';

export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function assayOf(of: {
  moisture: number;
  ash: number;
  sulphur: number;
  volatile: number;
  net: number;
}): Assay {
  return {
    totalMoisture: { basisPoints: of.moisture, basis: 'ar' },
    inherentMoisture: { basisPoints: Math.round(of.moisture / 3), basis: 'ad' },
    ash: { basisPoints: of.ash, basis: 'ar' },
    sulphur: { basisPoints: of.sulphur, basis: 'ar' },
    volatileMatter: { basisPoints: of.volatile, basis: 'ar' },
    calorificValue: { joulesPerGram: of.net, kind: 'net', basis: 'ar' },
  };
}

/** Better coal is dearer, not in the same ratio: so that mixing pays. */
export function randomLot(id: string, random: () => number): BlendLot {
  const between = (from: number, to: number): number => Math.round(from + random() * (to - from));
  const [moisture, ash] = [between(400, 2500), between(500, 3500)];
  const net = Math.round(33_000 * (1 - (moisture + ash) / 10_000) - 6 * moisture * 0.25) + between(-800, 800);
  const price = Math.round((net / 21_000) ** 1.4 * 60_000) + between(-6_000, 6_000);
  return {
    id,
    assay: assayOf({ moisture, ash, sulphur: between(20, 250), volatile: between(1500, 3300), net }),
    available: kilograms(BigInt(between(2_000, 60_000)) * 1000n + BigInt(between(0, 999))),
    costPerTonne: rational(price, 7),
  };
}

export function randomLots(count: number, seed: number): BlendLot[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, (_, index) =>
    randomLot(`lot-${String(index).padStart(4, '0')}`, random),
  );
}
