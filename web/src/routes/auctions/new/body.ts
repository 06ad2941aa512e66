/**
 * From what was typed to what the exchange takes: the action of the page sends it, and the page itself
 * says in sentences what it will do. What is missing stays '' and is named among the fields.
 */
import type { ScheduleAuctionBody } from '@seam/protocol';
import { parseTonnes } from '@seam/units';
import type { Format } from '../_parts/formats.ts';
import { afterClose } from './body-after-close.ts';
import { reverseOpenBody, reverseRoundsBody, sealedBuying } from './body-buying.ts';
import { ending } from './ending.ts';
import { isPreset, presets } from './presets.ts';
import { type Reader, reader } from './reader.ts';

export type Read = { readonly body: ScheduleAuctionBody; readonly fields: Readonly<Record<string, string>> };
type Security = ScheduleAuctionBody['bidSecurity'];
type SoftClose = Extract<ScheduleAuctionBody, { format: 'reverse_open' }>['softClose'];

/** @param nowMs when an auction that opens at once is taken to open. */
export function readBody(data: FormData, format: Format, nowMs: number): Read {
  const form = reader(data);
  const body = bodyOf(form, format, nowMs);
  if ('lotSize' in body && parseTonnes(body.lotSize ?? '') === 0n) form.fault('lotSize', 'not_positive');
  return { body, fields: form.fields };
}

function bodyOf(form: Reader, format: Format, nowMs: number): ScheduleAuctionBody {
  const { opens, fromMs } = opening(form, nowMs);
  const listingId = form.text('listingId');
  switch (format) {
    case 'english':
      return { format, listingId, ...common(form), ...opens, ...least(form), ...english(form, fromMs) };
    case 'clock':
      return { format, listingId, ...common(form), ...opens, ...least(form), ...clock(form) };
    case 'dutch':
      return {
        format,
        listingId,
        ...common(form),
        ...opens,
        ...least(form),
        floorPrice: form.need('floorPrice'),
        priceDecrement: form.need('priceDecrement'),
        stepSeconds: form.whole('stepSeconds'),
        pricing: form.word('pricing', ['pay_as_accepted', 'uniform_last']),
      };
    case 'dutch_hybrid':
      return { format, listingId, ...common(form), ...opens, ...hybrid(form) };
    case 'sealed_bid': {
      const shared = { format, ...common(form), ...opens, ...least(form), ...sealed(form, fromMs) } as const;
      return form.has('requestId') ? { ...shared, ...sealedBuying(form) } : { ...shared, listingId };
    }
    case 'reverse_rounds':
      return { format, ...common(form), ...opens, ...least(form), ...reverseRoundsBody(form, fromMs) };
    case 'reverse_open':
      return {
        format,
        ...common(form),
        ...opens,
        ...least(form),
        ...reverseOpenBody(form),
        closesAt: ending(form, fromMs),
        softClose: softClose(form),
        visibility: form.word('visibility', ['open', 'rank_only', 'blind']),
      };
  }
}

function common(form: Reader) {
  const minimumBidders = form.whole('minimumBidders', 1);
  return {
    ...afterClose(form),
    startingPrice: form.need('startingPrice'),
    tickSize: form.need('tickSize'),
    lotSize: form.need('lotSize'),
    bidSecurity: security(form),
    ...(minimumBidders > 1 ? { minimumBidders } : {}),
  };
}

const least = (form: Reader) => form.may('minimumBidQuantity');

function opening(form: Reader, nowMs: number): { opens: { opensAt?: string }; fromMs: number } {
  if (form.text('start') !== 'at') return { opens: {}, fromMs: nowMs };
  const opensAt = form.moment('opensAt');
  return opensAt === null
    ? { opens: {}, fromMs: nowMs }
    : { opens: { opensAt }, fromMs: Date.parse(opensAt) };
}

function english(form: Reader, fromMs: number) {
  return {
    closesAt: ending(form, fromMs),
    softClose: softClose(form),
    bidIncrement: form.need('bidIncrement'),
    ...form.may('maximumIncrement'),
    ...form.may('quantityPerBidderMaximum'),
    ...form.may('reservePrice'),
    ...(form.has('reservePrice')
      ? { reserveVisibility: form.word('reserveVisibility', ['hidden', 'open']) }
      : {}),
    pricing: form.word('pricing', ['pay_as_bid', 'uniform', 'uniform_highest_rejected']),
    margin: form.word('margin', ['time', 'pro_rata']),
    proxy: form.word('proxy', ['none', 'threshold', 'stepped']),
    visibility: form.word('visibility', ['open', 'rank_only', 'blind']),
  } as const;
}

function softClose(form: Reader): SoftClose {
  const mode = form.word('softMode', ['window', 'phase', 'cooloff', 'none']);
  if (mode === 'none') return { mode };
  const preset = form.text('preset');
  const { soft } = presets[isPreset(preset) ? preset : 'p15'];
  const limits = {
    extensionsMax: form.whole('extensionsMax', soft.extensionsMax),
    hardEndAfterSeconds: form.whole('hardEndAfterSeconds', soft.hardEndAfterSeconds),
  };
  const extensionSeconds = form.whole('extensionSeconds', soft.extensionSeconds);
  if (mode === 'phase') return { mode, extensionSeconds, ...limits };
  if (mode === 'window') {
    const windowSeconds = form.whole('windowSeconds', soft.windowSeconds);
    return { mode, windowSeconds, extensionSeconds, ...limits };
  }
  const quietSeconds = form.whole('quietSeconds', soft.extensionSeconds);
  if (!form.has('dailyStop')) return { mode, quietSeconds, ...limits };
  const stop = {
    stop: form.text('dailyStop'),
    ...(form.has('dailyResume') ? { resume: form.text('dailyResume') } : {}),
    utcOffset: form.text('utcOffset') || '+08:00',
  };
  return { mode, quietSeconds, dailyStop: stop, ...limits };
}

function clock(form: Reader) {
  const priceIncrements = form.list('priceIncrements');
  if (priceIncrements.length === 0) form.fault('priceIncrements', 'field.required');
  return {
    priceIncrements,
    roundSeconds: form.whole('roundSeconds'),
    roundsMax: form.whole('roundsMax'),
    demandVisible: form.word('demandVisible', ['yes', 'no']) === 'yes',
    margin: form.word('margin', ['time', 'pro_rata']),
  };
}

function hybrid(form: Reader) {
  return {
    stepPercent: form.need('stepPercent'),
    floorPercent: form.need('floorPercent'),
    stepSeconds: form.whole('stepSeconds'),
    openingPauseSeconds: form.whole('openingPauseSeconds', 0),
    sealedPauseSeconds: form.whole('sealedPauseSeconds', 0),
    sealedSeconds: form.whole('sealedSeconds'),
    bestBidPauseSeconds: form.whole('bestBidPauseSeconds', 0),
    bestBidSeconds: form.whole('bestBidSeconds'),
    ...form.may('bestBidIncrement'),
  };
}

/** The duration is of the submission; the opening follows it. */
function sealed(form: Reader, fromMs: number) {
  const openingSeconds = form.whole('openingMinutes') * 60;
  const until = Date.parse(ending(form, fromMs));
  const bands = form.list('quantityBands');
  return {
    closesAt: Number.isNaN(until) ? '' : new Date(until + openingSeconds * 1000).toISOString(),
    openingSeconds,
    secrecy: { mode: 'commit_reveal' },
    pricing: form.word('pricing', ['pay_as_bid', 'uniform']),
    ...(bands.length === 0 ? {} : { quantityBands: bands }),
    unopenedPenaltyPercent: form.need('unopenedPenaltyPercent'),
    ...form.may('reservePrice'),
  } as const;
}

function security(form: Reader): Security {
  const value = form.need('securityValue');
  const mode = form.word('securityMode', ['percent_of_start', 'per_tonne', 'fixed']);
  if (mode === 'fixed') return { mode, amount: value };
  return mode === 'per_tonne' ? { mode, amountPerTonne: value } : { mode, percent: value };
}
