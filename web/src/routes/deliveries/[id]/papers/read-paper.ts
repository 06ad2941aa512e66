/** What was typed about a transport document, as the wire wants it. */
import type { DeliveryDocumentKind, DraftReadingInput } from '@seam/protocol';
import { fromLocalInput, isTimeZone } from '#lib/format/zone.ts';
import { decimalText, instant, text } from '#lib/form/server.ts';

const cells = (line: string): string[] =>
  line
    .normalize('NFKC')
    .trim()
    .split(/\s*[,;\t、]\s*|\s+/)
    .filter((cell) => cell !== '');
const lines = (data: FormData, name: string): string[] =>
  text(data, name)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');

/** The facts of this kind under their name on the wire. */
export function factsOf(kind: DeliveryDocumentKind, data: FormData): object {
  const of = (...names: string[]) => Object.fromEntries(names.map((name) => [name, text(data, name)]));
  switch (kind) {
    case 'rail_receipt':
      return {
        railReceipt: {
          ...of('fromStation', 'toStation'),
          wagons: lines(data, 'wagons').map((line) => {
            const [number = '', gross = '', tare = ''] = cells(line);
            return { number, gross, tare };
          }),
        },
      };
    case 'bill_of_lading':
      return {
        billOfLading: {
          ...of('vessel', 'voyage', 'loadPort', 'dischargePort'),
          quantity: decimalText(data, 'quantity'),
        },
      };
    case 'draft_survey':
      return {
        draftSurvey: {
          ...of('vessel', 'voyage', 'port', 'surveyor'),
          length: decimalText(data, 'length'),
          initial: readingOf(data, 'initial'),
          final: readingOf(data, 'final'),
        },
      };
    case 'statement_of_facts':
      return {
        statementOfFacts: {
          ...of('conveyance', 'port'),
          quantity: decimalText(data, 'quantity'),
          from: instant(data, 'from') ?? '',
          to: instant(data, 'to') ?? '',
          excepted: lines(data, 'excepted').map((line) => exceptedOf(line, text(data, 'from.zone'))),
        },
      };
  }
}

function readingOf(data: FormData, when: 'initial' | 'final'): DraftReadingInput {
  const of = (name: string): string => decimalText(data, `${when}.${name}`);
  const sides = (name: string) => ({ port: of(`${name}.port`), starboard: of(`${name}.starboard`) });
  const line = (name: string) => ({ draft: of(`${name}.draft`), displacement: of(`${name}.displacement`) });
  return {
    forward: sides('forward'),
    midships: sides('midships'),
    aft: sides('aft'),
    density: of('density'),
    below: line('below'),
    above: line('above'),
    perCentimetre: of('perCentimetre'),
    flotation: of('flotation'),
    momentDifference: of('momentDifference'),
    ballast: of('ballast'),
    freshWater: of('freshWater'),
    fuel: of('fuel'),
    stores: of('stores'),
  };
}

/** `2026-12-01 08:00, 2026-12-01 09:30, rain` in the zone of the form. */
function exceptedOf(line: string, zone: string): { from: string; to: string; reason: string } {
  const [from = '', to = '', ...reason] = line.split(/\s*[,;，；\t]\s*/);
  const at = (typed: string): string =>
    fromLocalInput(typed.trim().replace(' ', 'T'), isTimeZone(zone) ? zone : 'UTC') ?? '';
  return { from: at(from), to: at(to), reason: reason.join(', ').trim() };
}

/** Where a fault of the wire is shown: `railReceipt.wagons.3.gross` beside the box of wagons. */
export function fieldOf(name: string): string {
  const [first = '', second = '', ...rest] = name.split('.');
  if (first === 'railReceipt') return second;
  if (first === 'billOfLading') return second;
  if (first === 'statementOfFacts') return second;
  if (first !== 'draftSurvey') return first;
  if (second !== 'initial' && second !== 'final') return second;
  const [what = '', part] = rest;
  const parts: Record<string, string> = {
    forward: 'port',
    midships: 'port',
    aft: 'port',
    below: 'draft',
    above: 'draft',
  };
  const inner = part !== undefined && !/^\d+$/.test(part) ? part : parts[what];
  return [second, what, ...(inner === undefined ? [] : [inner])].filter((one) => one !== '').join('.');
}
