/** What each sales channel asks of a lot: pure, except for the session, which the caller reads. */
import type { ListingInput, SalesChannel } from '@seam/protocol';
import { formatTonnes } from '@seam/units';
import type { Accepted, FieldErrors } from './assay.ts';
import { centreDay, endOfCentreDay } from './centre-time.ts';
import type { SessionRow } from './tables-more.ts';
import type { MonthPart } from './tables.ts';
import { isDay, readQuantity } from './readers.ts';

export type ChannelTerms = {
  readonly channel: SalesChannel;
  readonly tradingDay: string | null;
  readonly monthSplit: readonly MonthPart[] | null;
  readonly sessionId: string | null;
  readonly opensAt: Date | null;
  /** When the channel ends the offer; the offer's own end holds when it is earlier. */
  readonly endsAt: Date | null;
};

type Given = Pick<
  ListingInput,
  'channel' | 'tradingDay' | 'sessionId' | 'monthSplit' | 'windowFrom' | 'windowTo'
>;

const OWN_FIELD = { long_term: 'monthSplit', spot: 'tradingDay', special: 'sessionId' } as const;

/** Faults go to `fields`; what comes back is then not to be used. */
export function checkChannel(
  input: Given,
  of: { quantityKg: bigint; session: SessionRow | undefined; now: Date },
  fields: FieldErrors,
  accepted: Accepted,
): ChannelTerms {
  const channel = input.channel ?? 'spot';
  for (const field of Object.values(OWN_FIELD)) {
    if (input[field] !== undefined && field !== OWN_FIELD[channel]) fields[field] = 'listing.channel_field';
  }
  const none = { channel, tradingDay: null, monthSplit: null, sessionId: null, opensAt: null, endsAt: null };
  if (channel === 'long_term') {
    return { ...none, monthSplit: readSplit(input, of.quantityKg, fields, accepted) };
  }
  if (channel === 'special') return { ...none, ...ofSession(of.session, of.now, fields) };
  const { tradingDay } = input;
  if (tradingDay === undefined) return none;
  const today = centreDay(of.now);
  if (!isDay(tradingDay)) fields['tradingDay'] = 'listing.day_invalid';
  else if (tradingDay < today) {
    fields['tradingDay'] = 'listing.trading_day_past';
    accepted['tradingDay'] = `≥ ${today}`;
  }
  return { ...none, tradingDay, endsAt: endOfCentreDay(tradingDay) };
}

function ofSession(
  session: SessionRow | undefined,
  now: Date,
  fields: FieldErrors,
): Pick<ChannelTerms, 'sessionId' | 'opensAt' | 'endsAt'> {
  if (!session) fields['sessionId'] = 'listing.session_unknown';
  else if (session.closesAt <= now) fields['sessionId'] = 'listing.session_over';
  else return { sessionId: session.id, opensAt: session.opensAt, endsAt: session.closesAt };
  return { sessionId: null, opensAt: null, endsAt: null };
}

function readSplit(
  input: Given,
  quantityKg: bigint,
  fields: FieldErrors,
  accepted: Accepted,
): readonly MonthPart[] {
  if (!input.monthSplit) {
    fields['monthSplit'] = 'listing.month_split_required';
    return [];
  }
  const from = input.windowFrom.slice(0, 7);
  const to = input.windowTo.slice(0, 7);
  let before = '';
  let sum = 0n;
  const parts = input.monthSplit.map(({ month, quantity }, index) => {
    const kg = readQuantity(quantity, `monthSplit.${index}.quantity`, fields);
    if (month <= before || month < from || month > to) {
      fields['monthSplit'] ??= 'listing.month_split_months';
      accepted['monthSplit'] ??= `${from} – ${to}`;
    }
    before = month;
    sum += kg;
    return { month, kg: String(kg) };
  });
  if (!fields['monthSplit'] && sum !== quantityKg) {
    fields['monthSplit'] = 'listing.month_split_sum';
    accepted['monthSplit'] = `${formatTonnes(quantityKg)} t, not ${formatTonnes(sum)} t`;
  }
  return parts;
}
