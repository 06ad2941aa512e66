/** What the form begins with, and where a refusal of the exchange belongs. */
import { formatMoney, formatTonnes, parseMoney, parseTonnes } from '@seam/units';
import type { Format } from '../_parts/formats.ts';
import { trimmed } from '../_parts/trimmed.ts';

/** What is put to auction: a lot, or what is still needed of a request. */
export type Subject = {
  readonly kind: 'lot' | 'request';
  readonly id: string;
  readonly name: string;
  readonly quantity: string;
  readonly currency: string;
  /** What it was last priced at, or the most its buyer wanted to pay; '' when nothing was said. */
  readonly price: string;
};
export type Defaults = Readonly<Record<string, string>>;

/** Steps of a quantity, tonnes, widest first: the first that divides the lot is proposed. */
const LOT_SIZES = ['50', '25', '10', '5', '1', '0.1', '0.001'];

export function defaultsFor(format: Format, subject: Pick<Subject, 'kind' | 'price' | 'quantity'>): Defaults {
  const grid = gridOf(subject);
  const { increment, tick, price } = grid;
  const money = (value: bigint): string => (price === 0n ? '' : formatMoney(value));
  const share = (percent: bigint): bigint => down((price * percent) / 100n, tick);
  const shared = {
    format,
    preset: 'p15',
    start: 'now',
    startingPrice: subject.price,
    tickSize: formatMoney(tick),
    lotSize: grid.lotSize,
    minimumBidQuantity: grid.minimumBidQuantity,
    minimumBidders: '1',
    securityMode: 'percent_of_start',
    securityValue: '10',
    softMode: 'window',
    visibility: 'open',
    margin: 'time',
    // Only where winners have a time to confirm.
    waitingBidders: '1',
    signDays: '5',
  };
  switch (format) {
    case 'english':
      return {
        ...shared,
        bidIncrement: formatMoney(increment),
        maximumIncrement: formatMoney(increment * 25n),
        reserveVisibility: 'hidden',
        pricing: 'pay_as_bid',
        proxy: 'none',
      };
    case 'clock':
      return {
        ...shared,
        priceIncrements: formatMoney(increment * 2n),
        roundSeconds: '120',
        roundsMax: '20',
        demandVisible: 'yes',
      };
    case 'dutch':
      return {
        ...shared,
        // Above what it should fetch: whoever wants to be sure must have something to accept.
        startingPrice: money(share(115n)),
        floorPrice: money(share(85n)),
        priceDecrement: formatMoney(increment),
        stepSeconds: '20',
        pricing: 'pay_as_accepted',
      };
    case 'dutch_hybrid':
      return {
        ...shared,
        startingPrice: money(share(120n)),
        stepPercent: '1',
        floorPercent: '60',
        stepSeconds: '15',
        openingPauseSeconds: '30',
        sealedPauseSeconds: '30',
        sealedSeconds: '300',
        bestBidPauseSeconds: '20',
        bestBidSeconds: '120',
        bestBidIncrement: formatMoney(tick),
      };
    case 'sealed_bid':
      return {
        ...shared,
        ...(subject.kind === 'request' ? buyingDefaults : {}),
        openingMinutes: '30',
        pricing: 'pay_as_bid',
        quantityBands: bandsOf(subject.quantity, grid.minimumBidQuantity),
        unopenedPenaltyPercent: '50',
      };
    case 'reverse_rounds':
      return {
        ...shared,
        ...buyingDefaults,
        decrementValue: '0.5',
        biddersMax: '10',
        rounds: '3',
        firstPauseSeconds: '120',
        pauseSeconds: '60',
        turnSeconds: '120',
        announcementSeconds: '60',
      };
    case 'reverse_open':
      return { ...shared, ...buyingDefaults, decrementValue: '0.5' };
  }
}

const buyingDefaults = {
  decrementMode: 'percent',
  scoringMode: 'price',
  calorificReference: '5500',
  calorificMinimum: '4500',
  calorificUnit: 'kcal_per_kg',
  calorificBasis: 'nar',
  coefficientMinimum: '0.9',
  coefficientMaximum: '1.1',
  awardMode: 'quantity',
  awardShares: '60, 40',
  floorBelow: 'refuse',
} as const;

function gridOf({ price: text, quantity: mass }: Pick<Subject, 'price' | 'quantity'>) {
  const price = parseMoney(text) ?? 0n;
  // About a two-hundredth of the price, as a round number; cheap coal in a dear currency goes in tenths.
  const increment = price >= 20_000n ? (price >= 80_000n ? 500n : 200n) : 20n;
  // The widest step that the price itself lies on.
  const tick = [100n, 10n].find((step) => step <= increment && price % step === 0n) ?? 1n;
  const quantity = parseTonnes(mass) ?? 0n;
  const fits = (step: string): boolean => quantity % (parseTonnes(step) ?? 1n) === 0n;
  const lotSize = parseTonnes(LOT_SIZES.find(fits) ?? '0.001') ?? 1n;
  const tenth = down(quantity / 10n, lotSize);
  return {
    price,
    increment,
    tick,
    lotSize: trimmed(formatTonnes(lotSize)),
    minimumBidQuantity: trimmed(formatTonnes(tenth > lotSize ? tenth : lotSize)),
  };
}

/** A quarter, a half and the whole, where these are steps that a bid may have. */
function bandsOf(mass: string, minimum: string): string {
  const quantity = parseTonnes(mass) ?? 0n;
  const least = parseTonnes(minimum) ?? 1n;
  const parts = [quantity / 4n, quantity / 2n].map((part) => down(part, least));
  const bands = [...new Set([...parts.filter((part) => part >= least), quantity])];
  return bands.map((band) => trimmed(formatTonnes(band))).join(', ');
}

const down = (value: bigint, step: bigint): bigint => value - (value % step);

/** Names of the market that the form has under another; a name before the first point is its prefix. */
const NAMES: Readonly<Record<string, string>> = {
  bidSecurity: 'securityValue',
  quantity: 'lotSize',
  softClose: 'windowSeconds',
  windowMs: 'windowSeconds',
  extensionMs: 'extensionSeconds',
  quietMs: 'quietSeconds',
  hardEndAt: 'hardEndAfterSeconds',
  roundMs: 'roundSeconds',
  stepMs: 'stepSeconds',
  turnMs: 'turnSeconds',
  pauseMs: 'pauseSeconds',
  firstPauseMs: 'firstPauseSeconds',
  announcementMs: 'announcementSeconds',
  sealedMs: 'sealedSeconds',
  bestBidMs: 'bestBidSeconds',
  openingPauseMs: 'openingPauseSeconds',
  sealedPauseMs: 'sealedPauseSeconds',
  bestBidPauseMs: 'bestBidPauseSeconds',
  stepBasisPoints: 'stepPercent',
  floorBasisPoints: 'floorPercent',
  openingMs: 'openingMinutes',
  openingSeconds: 'openingMinutes',
  unopenedPenalty: 'unopenedPenaltyPercent',
  minimalStep: 'decrementValue',
  decrement: 'decrementValue',
  scoring: 'scoringMode',
  award: 'awardShares',
  floor: 'floorPrice',
  startsAt: 'closesAt',
  mode: 'softMode',
  standstill: 'standstillHours',
  standstillSeconds: 'standstillHours',
  waiting: 'confirmHours',
};
/** Parts of a term that stand in the form under their own name. */
const PARTS: ReadonlySet<string> = new Set([
  'calorificReference',
  'calorificMinimum',
  'coefficientMinimum',
  'coefficientMaximum',
]);

/** The exchange names a term of the auction; the form has it under another name now and then. */
export function fieldOf(name: string): string {
  const parts = name.split(/[./]/).filter((part) => part !== '');
  const [first = name, second] = parts;
  if (second === undefined) return NAMES[first] ?? first;
  if (first === 'softClose') return NAMES[second] ?? second;
  if (PARTS.has(second)) return second;
  return NAMES[first] ?? first;
}
