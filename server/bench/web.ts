/**
 * The screens, in a real Chromium against the product itself: what a route loads before it can be used, how long
 * its HTML takes beside a bare server that sends the same bytes, how long a bid takes from the click to the
 * acknowledgement on the screen beside one over a bare socket, and what two hundred book updates a second cost
 * the page of a market.
 *
 * Options: --only scripts,html,bid,book, --pages PATTERN, --rounds 5, --seconds 60 (of the book's updates).
 */
import { parseArgs } from 'node:util';
import type { Comparison } from '@seam/testkit/bench';
import { bid } from './web/bid.ts';
import { book } from './web/book.ts';
import { html } from './web/html.ts';
import { withPlace } from './web/place.ts';
import { scripts } from './web/scripts.ts';

export async function bench(args: string[]): Promise<Comparison[]> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: 'scripts,html,bid,book' },
      pages: { type: 'string', default: '' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '60' },
    },
  });
  const wanted = values.only.split(',');
  const rounds = Number(values.rounds);
  return withPlace(values.pages, async (place) => {
    const parts: Record<string, () => Promise<Comparison[]>> = {
      scripts: async () => scripts(place),
      html: async () => html(place, rounds),
      bid: async () => [await bid(place, rounds)],
      book: async () => book(place, Number(values.seconds)),
    };
    const measured: Comparison[] = [];
    for (const name of wanted) measured.push(...((await parts[name]?.()) ?? []));
    return measured;
  });
}
