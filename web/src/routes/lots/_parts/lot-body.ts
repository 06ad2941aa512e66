/** The form of a lot as the wire wants it, and a lot as the form shows it. */
import type { ListingView } from '@seam/protocol';
import { decimalText, instant, text } from '#lib/form/read.ts';
import { isTimeZone, toLocalInput } from '#lib/format/zone.ts';
import type { Locale } from '#lib/i18n/dictionary.ts';
import { plain } from '#lib/lots/live-check.ts';
import { mineLabel } from '#lib/lots/mine-label.ts';
import { assayFields, filled, readAssay } from '#lib/lots/wire-form.ts';

/** Quality and places are shown by text fields that a person may leave out; the exchange names what it needs. */
export function lotBody(data: FormData, mineId: string | undefined): Record<string, unknown> {
  const plainText = (name: string): string => text(data, name);
  const number = (name: string): string => decimalText(data, name);
  const newMine = filled({
    name: plainText('newMine.name'),
    nameZh: plainText('newMine.nameZh'),
    country: plainText('newMine.country'),
    region: plainText('newMine.region'),
    latitude: number('newMine.latitude'),
    longitude: number('newMine.longitude'),
  });
  const validUntil = sameMinute(data) ?? instant(data, 'validUntil');
  const channel = plainText('channel') || 'spot';
  const monthSplit = readSplit(plainText('monthSplit'));
  return {
    ...filled({
      mineId: mineId ?? '',
      loadPlaceId: plainText('loadPlaceId'),
      deliveryPlaceId: plainText('deliveryPlaceId'),
      price: number('price'),
      startPrice: number('startPrice'),
      note: plainText('note'),
      windowFrom: plainText('windowFrom'),
      windowTo: plainText('windowTo'),
      coalRank: plainText('coalRank'),
      currency: plainText('currency'),
      saleMethod: plainText('saleMethod'),
      deliveryTerm: plainText('deliveryTerm'),
      transport: plainText('transport'),
      quantity: number('quantity'),
    }),
    ...(Object.keys(newMine).length > 0 && { newMine }),
    ...(validUntil !== null && { validUntil }),
    channel,
    ...(channel === 'spot' && filled({ tradingDay: plainText('tradingDay') })),
    ...(channel === 'special' && filled({ sessionId: plainText('sessionId') })),
    ...(channel === 'long_term' && monthSplit.length > 0 && { monthSplit }),
    ...(plainText('as') === 'draft' && { draft: true }),
    assay: assayBody(data),
  };
}

/** Fields of time know minutes; an end that was left as it stands keeps its seconds. */
function sameMinute(data: FormData): string | undefined {
  const was = text(data, 'validUntilWas');
  const zone = text(data, 'validUntil.zone');
  const left = was !== '' && text(data, 'validUntil') === toLocalInput(was, isTimeZone(zone) ? zone : 'UTC');
  return left ? was : undefined;
}

/** The quality part of any form that has it. */
export function assayBody(data: FormData) {
  return readAssay((name) =>
    /\.(basis|unit|kind|atmosphere)$/.test(name) ? text(data, name) : decimalText(data, name),
  );
}

/** `2027-01: 5000`, one month a line. */
function readSplit(written: string): { month: string; quantity: string }[] {
  return written
    .split(/[\n;；]/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [month = '', quantity = ''] = line.split(/[:：]/);
      return { month: month.trim(), quantity: plain(quantity) };
    });
}

/** What the form of a lot shows before anything is changed: sent back as it is, it states the same terms. */
export function lotFields(lot: ListingView, locale: Locale): Record<string, string> {
  const mine = mineLabel(lot.mine, locale);
  return {
    ...assayFields(lot.assay),
    mineId: lot.mine.id,
    mineText: mine,
    mineFor: mine,
    coalRank: lot.coalRank,
    quantity: lot.quantity,
    currency: lot.currency ?? '',
    saleMethod: lot.saleMethod ?? '',
    price: lot.price ?? '',
    startPrice: lot.startPrice ?? '',
    deliveryTerm: lot.deliveryTerm ?? '',
    deliveryPlaceId: lot.deliveryPlace?.id ?? '',
    loadPlaceId: lot.loadPlace?.id ?? '',
    windowFrom: lot.windowFrom,
    windowTo: lot.windowTo,
    transport: lot.transport,
    note: lot.note,
    validUntil: lot.expiresAt,
    channel: lot.channel ?? 'spot',
    tradingDay: lot.tradingDay ?? '',
    sessionId: lot.sessionId ?? '',
    monthSplit: (lot.monthSplit ?? []).map(({ month, quantity }) => `${month}: ${quantity}`).join('\n'),
  };
}
