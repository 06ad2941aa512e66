/**
 * An exchange in the middle of a working day, brought there by its API: each page has something to show. Steps that
 * do not need each other run side by side.
 */
import { freightRoutes, ledgerStaffRoutes, memberRoutes } from '@seam/protocol';
import type { RunningSeam } from '../../../../server/test/running-seam.ts';
import { type Auctions, openAuctions } from './auctions.ts';
import { fillBook } from './book.ts';
import { type Centre, queue } from './centre.ts';
import { type People, logAllIn } from './people.ts';
import { type Talks, talk } from './talks.ts';
import { type Trades, makeTrades } from './trades.ts';

export type World = {
  readonly auctions: Auctions;
  readonly instrument: string;
  readonly trades: Trades;
  readonly talks: Talks;
  readonly centre: Centre;
  readonly lane: string;
  readonly person: string;
  /** The seller. */
  readonly company: string;
  /** An account of the ledger, and an effect that moved money on it. */
  readonly ledger: { readonly account: string; readonly effect: string };
};

export async function makeWorld(seam: RunningSeam): Promise<{ world: World; people: People }> {
  const people = await logAllIn(seam.url);
  const [auctions, instrument, trades, talks] = await Promise.all([
    openAuctions(people),
    fillBook(people),
    makeTrades(seam, people),
    talk(people),
  ]);
  // Certificates are listed once some have been issued.
  const centre = await queue(seam.url, people);
  const lanes = await people.carrier.must(freightRoutes.listLanes, { query: {} });
  const { person, organisation } = await people.seller.must(memberRoutes.session);
  const ledger = await moved(people);
  const lane = lanes.items.find(({ own }) => own) ?? lanes.items[0]!;
  const made = { auctions, instrument, trades, talks, centre, ledger };
  return {
    people,
    world: { ...made, lane: lane.id, person: person.id, company: organisation!.id },
  };
}

async function moved({ staff }: People): Promise<World['ledger']> {
  const query = { currency: 'CNY', kind: 'free' } as const;
  const { items } = await staff.must(ledgerStaffRoutes.ledgerAccounts, { query });
  const account = items.find(({ balance }) => Number(balance) !== 0)!.code;
  const lines = await staff.must(ledgerStaffRoutes.staffStatement, { query: { account } });
  return { account, effect: lines.items[0]!.effectKey };
}
