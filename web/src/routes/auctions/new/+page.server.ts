import type { AuctionView, ListingView, ScheduleAuctionBody } from '@seam/protocol';
import { parseTonnes } from '@seam/units';
import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { nameOf } from '#lib/api/market.server.ts';
import { decimalText, idempotency, instant, refuse, refuseFields, text } from '#lib/form/server.ts';
import { auctions } from '#lib/i18n/auctions.ts';
import { type Preset, isPreset, presets } from './presets.ts';
import { fieldOf, startDefaults } from './form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ url, fetch, locals }) => {
  const title = auctions[locals.locale].newTitle;
  const id = url.searchParams.get('listing');
  const listing = id
    ? await call<ListingView>(fetch, 'GET', `/v1/listings/${encodeURIComponent(id)}`)
    : undefined;
  if (!listing?.ok) return { title, lot: null };
  const { data } = listing;
  return {
    title,
    lot: {
      id: data.id,
      name: nameOf(data.mine, locals.locale),
      remaining: data.remaining,
      currency: data.currency ?? 'CNY',
      mine: data.mineToSell,
      defaults: startDefaults(data),
    },
  };
};

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const body = readBody(data, Date.now());
    if ('fields' in body) return refuseFields(body.fields, data);
    const result = await call<AuctionView>(fetch, 'POST', '/v1/auctions', { body, ...idempotency(data) });
    if (!result.ok) {
      const { fields = {} } = result.problem;
      const named = Object.entries(fields).map(([name, code]) => [fieldOf(name), code]);
      return refuse({ ...result.problem, fields: Object.fromEntries(named) }, data);
    }
    redirect(303, `/auctions/${result.data.id}`);
  },
};

function readBody(data: FormData, nowMs: number): ScheduleAuctionBody | { fields: Record<string, string> } {
  const fields: Record<string, string> = {};
  const need = (name: string): string => {
    const value = decimalText(data, name);
    if (value === '') fields[name] = 'field.required';
    else if (!/^\d{1,12}(\.\d{1,3})?$/.test(value)) fields[name] = 'field.not_a_number';
    return value;
  };
  const may = <K extends string>(name: K): { [P in K]?: string } =>
    decimalText(data, name) === '' ? {} : ({ [name]: need(name) } as { [P in K]?: string });
  const preset: Preset = isPreset(text(data, 'preset')) ? (text(data, 'preset') as Preset) : 'p15';
  const whole = (name: string, fallback: number): number => {
    const value = decimalText(data, name);
    if (value === '') return fallback;
    if (!/^\d{1,6}$/.test(value)) fields[name] = 'field.not_a_number';
    return Number(value);
  };

  const opensAt = text(data, 'start') === 'at' ? instant(data, 'opensAt') : null;
  if (text(data, 'start') === 'at' && opensAt === null) fields['opensAt'] = 'field.required';
  const from = opensAt === null ? nowMs : Date.parse(opensAt);
  const { minutes, soft } = presets[preset];
  const closesAt =
    minutes === null ? instant(data, 'closesAt') : new Date(from + minutes * 60_000).toISOString();
  if (closesAt === null) fields['closesAt'] = 'field.required';

  const value = need('securityValue');
  const mode = text(data, 'securityMode');
  const body: ScheduleAuctionBody = {
    listingId: text(data, 'listingId'),
    startingPrice: need('startingPrice'),
    ...may('reservePrice'),
    bidIncrement: need('bidIncrement'),
    ...may('maximumIncrement'),
    tickSize: need('tickSize'),
    lotSize: need('lotSize'),
    ...may('minimumBidQuantity'),
    ...(opensAt === null ? {} : { opensAt }),
    closesAt: closesAt ?? '',
    softClose: {
      windowSeconds: whole('windowSeconds', soft.windowSeconds),
      extensionSeconds: whole('extensionSeconds', soft.extensionSeconds),
      extensionsMax: whole('extensionsMax', soft.extensionsMax),
      hardEndAfterSeconds: whole('hardEndAfterSeconds', soft.hardEndAfterSeconds),
    },
    bidSecurity:
      mode === 'fixed'
        ? { mode, amount: value }
        : mode === 'per_tonne'
          ? { mode, amountPerTonne: value }
          : { mode: 'percent_of_start', percent: value },
  };
  const lot = parseTonnes(body.lotSize ?? '');
  if (lot !== undefined && lot === 0n) fields['lotSize'] = 'not_positive';
  return Object.keys(fields).length > 0 ? { fields } : body;
}
