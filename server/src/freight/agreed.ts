/**
 * The freight of one company: what everyone's lanes charge, and beside it the quotes that carriers gave it and
 * that it accepted. Whoever counts what coal costs at a place counts with this (`carriages` of listings), so
 * that a search, a match, a blend and the calculator agree.
 */
import { type TransportMode, multiply, rational, roundHalfUp } from '@seam/coal';
import type { Currency } from '@seam/units';
import {
  type Freight,
  type FreightEnd,
  type FreightHolder,
  type WayFigure,
  referenceMarket,
} from '../listings/public.ts';
import type { Connection } from '../platform/db.ts';
import { type AcceptedQuote, acceptedQuotes } from './accepted.ts';

/**
 * What counts on `day` for coal that the company may still choose: accepted and not taken back, its window not
 * over, for as much as is asked, and given for no contract, whose coal has the room.
 */
export async function agreedQuotes(
  connection: Connection,
  { organisationId, toPlaceId, leastKg = 0n }: FreightHolder,
  day: string,
): Promise<AcceptedQuote[]> {
  if (!organisationId) return [];
  const found = await acceptedQuotes(connection, { shipperId: organisationId, toPlaceId });
  return found.filter((quote) => quote.contractId === null && standsFor(quote, { day, leastKg }));
}

export function standsFor(
  quote: Pick<AcceptedQuote, 'windowTo' | 'quantityKg'>,
  of: { readonly day: string; readonly leastKg: bigint },
): boolean {
  return quote.windowTo >= of.day && quote.quantityKg >= of.leastKg;
}

/** Of these quotes those for this way and means, in the wanted money: rounded once, half up, as a lane's charge. */
export function figuresOf(
  quotes: readonly AcceptedQuote[],
  of: { readonly from: FreightEnd; readonly mode: TransportMode | undefined; readonly currency: Currency },
): (WayFigure & { readonly quote: AcceptedQuote })[] {
  const { rates } = referenceMarket(of.currency);
  return quotes.flatMap((quote) => {
    const rate = rates[quote.currency];
    // Without a means of transport it is carried as the carrier sees fit.
    const carries = quote.mode === null || of.mode === undefined || quote.mode === of.mode;
    if (!rate || !carries || quote.fromPlaceId !== of.from.id) return [];
    return [
      {
        minorPerTonne: roundHalfUp(multiply(rational(quote.pricePerTonne), rate)),
        arrives: rational(1000 - quote.lossPermille, 1000),
        basis: 'quote' as const,
        legs: [],
        quote,
      },
    ];
  });
}

/** @param quotes for ways to one place. */
export function withQuotes(everyone: Freight, quotes: readonly AcceptedQuote[]): Freight {
  if (quotes.length === 0) return everyone;
  const byWay = Map.groupBy(quotes, (quote) => wayOf(quote.fromPlaceId, quote.toPlaceId));
  return {
    // What was accepted never changes: its ids say it all.
    name: `${everyone.name} ${quotes.map(({ quoteId }) => quoteId).join(' ')}`,
    to(place, currency) {
      const ways = everyone.to(place, currency);
      return {
        from: (from, mode) => ways.from(from, mode),
        agreed(from, mode) {
          const own = byWay.get(wayOf(from.id, place.id));
          return own ? figuresOf(own, { from, mode, currency }) : [];
        },
      };
    },
  };
}

const wayOf = (from: string | undefined, to: string | undefined): string => `${from ?? ''} ${to ?? ''}`;
