/**
 * An exchange in the middle of a working day, brought there by its API: each page has something to show. Steps that
 * do not need each other run side by side.
 */
import { freightRoutes, memberRoutes } from '@seam/protocol';
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
  const { person } = await people.seller.must(memberRoutes.session);
  const lane = lanes.items.find(({ own }) => own) ?? lanes.items[0]!;
  return { people, world: { auctions, instrument, trades, talks, centre, lane: lane.id, person: person.id } };
}
