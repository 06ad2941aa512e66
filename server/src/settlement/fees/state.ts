/** Where a rule stands at an instant: it follows from the rows, nothing is switched. */
import { type FeeVersion, scopeKey } from '@seam/ledger';
import type { FeeRuleView } from '@seam/protocol';
import type { FeeRuleRow } from './rows.ts';

export function stateOf(row: FeeRuleRow, versions: readonly FeeVersion[], now: Date): FeeRuleView['state'] {
  if (row.outcome === 'withdrawn') return 'withdrawn';
  // Nobody confirmed it in time: it can only be proposed again.
  if (row.outcome === null) return row.from > now ? 'proposed' : 'withdrawn';
  if (row.from > now) return 'announced';
  const key = scopeKey(row.scope);
  const replaced = versions.some(
    (one) => scopeKey(one.scope) === key && one.from > row.from && one.from <= now,
  );
  if (replaced) return 'replaced';
  return row.to !== null && row.to <= now ? 'ended' : 'in_force';
}
