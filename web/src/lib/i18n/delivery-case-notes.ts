import type { CaseNote, DeliveryCaseNote } from '@seam/protocol';
import { formatDateTime } from '#lib/format/format.ts';
import { dictionary, fill, type Locale } from './dictionary.ts';

/** What a case of gates, weighbridges and transport documents says beyond its kind. */
export const deliveryCaseNotes = dictionary({
  en: {
    forged_pass: 'Truck {plate} was let in on a pass that nobody issued. Gate “{gate}”, {at}.',
    let_in: 'Truck {plate} was let in. Gate “{gate}”, {at}.',
    let_in_outside_time: 'Truck {plate} was let in outside the time of its pass. Gate “{gate}”, {at}.',
    let_in_in_state: 'Truck {plate} was let in on a pass that was {state}. Gate “{gate}”, {at}.',
    same_number: 'Two different messages carry number {sequence}.',
    inside_at_end: 'The delivery ended while truck {plate} was {state}.',
    document_objected: 'Document {number}: {text}',
  },
  zh: {
    forged_pass: '车辆 {plate} 凭无人签发的提货证被放行。门岗“{gate}”，{at}。',
    let_in: '车辆 {plate} 被放行。门岗“{gate}”，{at}。',
    let_in_outside_time: '车辆 {plate} 在提货证有效时间之外被放行。门岗“{gate}”，{at}。',
    let_in_in_state: '车辆 {plate} 凭状态为“{state}”的提货证被放行。门岗“{gate}”，{at}。',
    same_number: '两条内容不同的消息使用了同一序号 {sequence}。',
    inside_at_end: '交货结束时车辆 {plate} 的状态为“{state}”。',
    document_objected: '单据 {number}：{text}',
  },
});
// Each note that the server writes has words.
deliveryCaseNotes satisfies Readonly<Record<Locale, Readonly<Record<DeliveryCaseNote, string>>>>;

/** In the reader's language; a person's own words, and what is older than the codes, as they were written. */
export function deliveryCaseText(
  said: CaseNote | null,
  detail: string,
  reader: { readonly locale: Locale; readonly timeZone: string; readonly stateOf: (state: string) => string },
): string {
  const texts: Readonly<Record<string, string>> = deliveryCaseNotes[reader.locale];
  const text = said && Object.hasOwn(texts, said.code) ? texts[said.code] : undefined;
  if (!said || text === undefined) return detail;
  const { at, state, plate, ...rest } = said.params;
  return fill(text, {
    ...rest,
    plate: plate === undefined || plate === '' ? '–' : plate,
    ...(at !== undefined && { at: formatDateTime(at, reader) }),
    ...(state !== undefined && { state: reader.stateOf(state) }),
  });
}
