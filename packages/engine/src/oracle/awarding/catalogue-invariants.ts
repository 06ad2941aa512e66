/** What must hold of every catalogue, read from commands and events alone. */
import type { AuctionCommand as Command, CatalogueTerms } from '../../types.ts';
import { must } from '../must.ts';

export type Lot = {
  readonly catalogue: CatalogueTerms;
  readonly auctionId: string;
  state: 'scheduled' | 'open' | 'ended';
  called: boolean;
  endedAt: number;
  /** What accounts have of it: their bids while it runs, their awards afterwards. */
  held: { accountId: string; quantity: number }[];
};

/** A lot opens once every earlier one has ended, and no sooner after the last than the pause. */
export function checkOpening(all: readonly Lot[], lot: Lot, command: Command): void {
  const { catalogueId, position, pauseMs } = lot.catalogue;
  const others = all.filter((other) => other.catalogue.catalogueId === catalogueId && other !== lot);
  const before = others.filter((other) => other.catalogue.position < position);
  must(
    before.every((other) => other.state === 'ended'),
    command,
    'the lots before it have ended',
  );
  must(
    others.every((other) => other.state !== 'open'),
    command,
    'one lot at a time',
  );
  const since = before.filter((other) => other.called).map((other) => other.endedAt + pauseMs);
  must(
    since.every((at) => command.at >= at),
    command,
    'there is a pause between lots',
  );
}

/** Nobody, and no group, has or may come to have more of a catalogue than its cap. */
export function checkCaps(all: readonly Lot[], command: Command): void {
  for (const catalogueId of new Set(all.map((lot) => lot.catalogue.catalogueId))) {
    const lots = all.filter((lot) => lot.catalogue.catalogueId === catalogueId);
    const { cap, groupIds = [] } = lots[0]!.catalogue;
    if (cap === undefined) continue;
    const accounts = new Set(lots.flatMap((lot) => lot.held.map((line) => line.accountId)));
    for (const accountId of accounts) {
      const group = groupIds.find((members) => members.includes(accountId)) ?? [accountId];
      const each = lots.map((lot) =>
        lot.held.reduce((sum, line) => sum + (group.includes(line.accountId) ? line.quantity : 0), 0),
      );
      const used =
        cap.unit === 'lots' ? each.filter((sum) => sum > 0).length : each.reduce((sum, lot) => sum + lot, 0);
      must(used <= cap.maximum, command, `${accountId} stays under its cap`);
    }
  }
}
