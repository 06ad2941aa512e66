/** What was typed as the terms it will become, with what the exchange puts where nothing was said. */
import type { ScheduleAuctionBody } from '@seam/protocol';
import { parseMoney } from '@seam/units';
import type { FormatTerms, Rules } from '../_parts/rules.ts';
import { roundsEnd } from './body-buying.ts';

type Body<Name extends FormatTerms['format']> = Extract<ScheduleAuctionBody, { format: Name }>;
/** An English body may leave its format out. */
type Plain = Exclude<ScheduleAuctionBody, { format: Exclude<FormatTerms['format'], 'english'> }>;

export function rulesOfBody(body: ScheduleAuctionBody, nowMs: number): Rules {
  const opensMs = body.opensAt === undefined ? nowMs : Date.parse(body.opensAt);
  const reserve = 'reservePrice' in body ? body.reservePrice : undefined;
  const isShown = 'reserveVisibility' in body && body.reserveVisibility === 'open';
  return {
    direction: 'requestId' in body ? 'buy' : 'sell',
    startingPrice: body.startingPrice,
    bidIncrement: 'bidIncrement' in body ? body.bidIncrement : '0',
    maximumIncrement: 'maximumIncrement' in body ? (body.maximumIncrement ?? null) : null,
    hasReserve: reserve !== undefined,
    reservePrice: isShown ? (reserve ?? null) : null,
    visibility: 'visibility' in body ? (body.visibility ?? 'open') : 'open',
    minimumBidders: body.minimumBidders ?? 1,
    formatTerms: formatTerms(body),
    softClose: 'softClose' in body ? body.softClose : { mode: 'none' },
    bidSecurity: body.bidSecurity,
    afterClose: {
      standstillSeconds: body.standstillSeconds ?? null,
      waiting: body.waiting ?? null,
      catalogue: null,
    },
    opensAt: body.opensAt ?? null,
    closesAt: closing(body, opensMs),
  };
}

function formatTerms(body: ScheduleAuctionBody): FormatTerms {
  switch (body.format) {
    case 'clock':
      return {
        ...body,
        format: 'clock',
        demandVisible: body.demandVisible ?? true,
        margin: body.margin ?? 'time',
      };
    case 'dutch':
      return { ...body, format: 'dutch', pricing: body.pricing ?? 'pay_as_accepted' };
    case 'dutch_hybrid':
      return { ...hybridTimes(body), format: 'dutch_hybrid', bestBidIncrement: body.bestBidIncrement ?? '' };
    case 'sealed_bid':
      return {
        ...body,
        format: 'sealed_bid',
        pricing: body.pricing ?? 'pay_as_bid',
        quantityBands: body.quantityBands ?? [],
        unopenedPenaltyPercent: body.unopenedPenaltyPercent ?? '100',
        ...ranking('requestId' in body ? body : {}),
      };
    case 'reverse_rounds':
      return { ...body, format: 'reverse_rounds', ...ranking(body) };
    case 'reverse_open':
      return { ...body, format: 'reverse_open', ...ranking(body) };
    default:
      return english(body);
  }
}

function english(body: Plain): FormatTerms {
  return {
    format: 'english',
    pricing: body.pricing ?? 'pay_as_bid',
    margin: body.margin ?? 'time',
    proxy: body.proxy ?? 'none',
    proxyLead: body.proxyLead ?? 'least',
    incrementBands: body.incrementBands ?? null,
    quantityPerBidderMaximum: body.quantityPerBidderMaximum ?? null,
  };
}

function ranking(body: Pick<Body<'reverse_open'>, 'scoring' | 'award' | 'floor'> | Record<string, never>) {
  const { floor } = body;
  return {
    scoring: body.scoring ?? { mode: 'price' as const },
    award: body.award ?? { mode: 'quantity' as const },
    floorPrice: floor?.below === 'refuse' ? floor.price : null,
  };
}

/** Times and shares of the hybrid; where nothing was said, those of the exchange's documentation. */
function hybridTimes(body: Body<'dutch_hybrid'>) {
  return {
    stepPercent: body.stepPercent ?? '1',
    floorPercent: body.floorPercent ?? '20',
    stepSeconds: body.stepSeconds ?? 300,
    openingPauseSeconds: body.openingPauseSeconds ?? 30,
    sealedPauseSeconds: body.sealedPauseSeconds ?? 30,
    sealedSeconds: body.sealedSeconds ?? 600,
    bestBidPauseSeconds: body.bestBidPauseSeconds ?? 20,
    bestBidSeconds: body.bestBidSeconds ?? 300,
  };
}

/** The latest end. '' while something it depends on is not typed yet. */
function closing(body: ScheduleAuctionBody, opensMs: number): string {
  const after = (seconds: number): string =>
    Number.isFinite(opensMs + seconds * 1000) ? new Date(opensMs + seconds * 1000).toISOString() : '';
  switch (body.format) {
    case 'clock':
      return after(body.roundsMax * body.roundSeconds);
    case 'dutch':
      return after(steps(body) * body.stepSeconds);
    case 'dutch_hybrid': {
      const times = hybridTimes(body);
      const falling = Math.ceil((100 - Number(times.floorPercent)) / Number(times.stepPercent)) + 1;
      const later =
        times.sealedPauseSeconds + times.sealedSeconds + times.bestBidPauseSeconds + times.bestBidSeconds;
      return after(times.openingPauseSeconds + falling * times.stepSeconds + later);
    }
    case 'reverse_rounds':
      return roundsEnd(body);
    default:
      return (body as Plain).closesAt;
  }
}

/** Steps down to the floor, and the floor itself. NaN while a price is missing. */
function steps(body: Body<'dutch'>): number {
  const start = parseMoney(body.startingPrice);
  const floor = parseMoney(body.floorPrice);
  const step = parseMoney(body.priceDecrement);
  if (start === undefined || floor === undefined || step === undefined || step === 0n) return Number.NaN;
  return Number((start - floor + step - 1n) / step) + 1;
}
