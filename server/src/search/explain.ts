/** Why a search finds little: what each of its conditions lets through alone, and what would come without it. */
import type { Test } from './filter.ts';
import type { Lots } from './lots.ts';

export type Explained = {
  /** Lots that meet what holds for every search. */
  readonly onMarket: number;
  /** Lots that meet all. */
  readonly lots: number;
  readonly conditions: readonly { readonly name: string; readonly alone: number; readonly without: number }[];
};

/** Tests of one name are one condition. One look at every lot, whatever their number. */
export function explain(lots: Lots, tests: readonly Test[]): Explained {
  const always = tests.filter(({ name }) => name === undefined);
  const names = [...new Set(tests.flatMap(({ name }) => name ?? []))];
  const groups = names.map((name) => tests.filter((test) => test.name === name));
  const alone = names.map(() => 0);
  const without = names.map(() => 0);
  let onMarket = 0;
  let all = 0;
  for (let slot = 0; slot < lots.top; slot += 1) {
    if (lots.ids[slot] === '' || !always.every((test) => test.fits(slot))) continue;
    onMarket += 1;
    let failed = 0;
    let last = 0;
    for (let at = 0; at < groups.length; at += 1) {
      if (groups[at]!.every((test) => test.fits(slot))) {
        alone[at]! += 1;
      } else {
        failed += 1;
        last = at;
      }
    }
    if (failed === 0) all += 1;
    else if (failed === 1) without[last]! += 1;
  }
  return {
    onMarket,
    lots: all,
    conditions: names.map((name, at) => ({ name, alone: alone[at]!, without: all + without[at]! })),
  };
}
