/** Producers by what they have on the market. */
import type { Connection } from '../../platform/db.ts';
import type { RequestDeps } from '../ports.ts';
import type { RequestRow } from '../tables.ts';
import { matchMarket } from './matches.ts';

/** Those with a lot that fits, the cheapest at the plant first as far as lots were judged. */
export async function fittingSellers(
  deps: Pick<RequestDeps, 'clock' | 'search' | 'freight'>,
  connection: Connection,
  request: RequestRow,
): Promise<string[]> {
  const found = await matchMarket(deps, connection, request);
  if (!found) return [];
  const { lots } = deps.search.index;
  const best = found.judged.filter(({ match }) => match.fits).map(({ row }) => row.sellerId);
  const rest = found.pass.fitting.map((slot) => lots.sellers.items[lots.whole.seller[slot]!]!.id);
  return [...new Set([...best, ...rest])];
}

export async function sellersOnMarket({
  search,
  clock,
}: Pick<RequestDeps, 'clock' | 'search'>): Promise<string[]> {
  await search.feed.fresh();
  const { lots } = search.index;
  const member = lots.words.source.find('member');
  const now = clock.now().getTime();
  const sellers = new Set<string>();
  for (let slot = 0; slot < lots.top; slot += 1) {
    if (lots.ids[slot] === '' || lots.whole.source[slot] !== member || lots.real.until[slot]! <= now)
      continue;
    sellers.add(lots.sellers.items[lots.whole.seller[slot]!]!.id);
  }
  return [...sellers];
}
