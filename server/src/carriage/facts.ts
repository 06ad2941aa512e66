/**
 * What a transport document says, read and computed: its weight, the steps to it, and the marks that may stand in one
 * document only. Pure; a figure that cannot be right is named by its place in the input.
 */
import {
  type DraftReading,
  type Rational,
  type ReadDisplacement,
  draftSurvey,
  multiply,
  rational,
  toDecimal,
} from '@seam/coal';
import type {
  CalculationStep,
  DeliveryDocumentInput,
  DraftReadingInput,
  DraftSurveyPaper,
  RailReceipt,
  StatementOfFacts,
} from '@seam/protocol';
import { formatTonnes, parseTonnes } from '@seam/units';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { WAGON_GROSS_KG_MAX } from './limits.ts';

export type ReadFacts = {
  /** Undefined where the document weighs nothing. */
  readonly netKg: bigint | undefined;
  readonly steps: readonly CalculationStep[];
  /** Each stands in one document that holds, everywhere. */
  readonly marks: readonly string[];
};

const wrong = (field: string): Refusal =>
  refuse('document.value_invalid', { fields: { [field]: 'document.value_invalid' } });

export function readFacts(of: DeliveryDocumentInput, sellerId: string): ReadFacts | Refusal {
  const { kind, place, railReceipt, billOfLading, draftSurvey: survey, statementOfFacts } = of;
  const given = [railReceipt, billOfLading, survey, statementOfFacts].filter((one) => one !== undefined);
  const missing = refuse('document.facts_missing', { fields: { kind: 'document.facts_missing' } });
  if (given.length !== 1) return missing;
  const own = of.number.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase();
  switch (kind) {
    case 'rail_receipt':
      return railReceipt ? readRailReceipt(railReceipt, of) : missing;
    case 'bill_of_lading': {
      if (!billOfLading) return missing;
      const netKg = parseTonnes(billOfLading.quantity) ?? 0n;
      if (netKg <= 0n) return wrong('billOfLading.quantity');
      return { netKg, steps: [], marks: [`bill_of_lading ${sellerId} ${own}`] };
    }
    case 'draft_survey':
      return survey ? readSurvey(survey, place, `draft_survey ${sellerId} ${place} ${own}`) : missing;
    case 'statement_of_facts':
      return statementOfFacts
        ? readTimes(statementOfFacts, `statement_of_facts ${sellerId} ${place} ${own}`)
        : missing;
  }
}

/** A wagon is loaded once on a day, and unloaded once. */
function readRailReceipt(
  receipt: RailReceipt,
  { place, issuedOn }: Pick<DeliveryDocumentInput, 'place' | 'issuedOn'>,
): ReadFacts | Refusal {
  let netKg = 0n;
  const marks: string[] = [];
  for (const [at, wagon] of receipt.wagons.entries()) {
    const grossKg = parseTonnes(wagon.gross) ?? 0n;
    const tareKg = parseTonnes(wagon.tare) ?? 0n;
    if (grossKg <= 0n || grossKg > WAGON_GROSS_KG_MAX) return wrong(`railReceipt.wagons.${at}.gross`);
    if (tareKg <= 0n || tareKg >= grossKg) return wrong(`railReceipt.wagons.${at}.tare`);
    const mark = `wagon ${place} ${issuedOn} ${wagon.number.toUpperCase()}`;
    if (marks.includes(mark))
      return refuse('document.duplicate', {
        fields: { [`railReceipt.wagons.${at}.number`]: 'document.duplicate' },
      });
    marks.push(mark);
    netKg += grossKg - tareKg;
  }
  return { netKg, steps: [], marks };
}

function readSurvey(
  survey: DraftSurveyPaper,
  operation: 'loading' | 'discharge',
  mark: string,
): ReadFacts | Refusal {
  const computed = draftSurvey({
    length: milli(survey.length),
    initial: readingOf(survey.initial),
    final: readingOf(survey.final),
    operation,
  });
  if (!computed.ok) return wrong(`draftSurvey.${computed.at ?? 'final'}`);
  const steps: CalculationStep[] = [
    ...stepsOf('initial', computed.initial),
    ...stepsOf('final', computed.final),
    { name: 'cargo', value: formatTonnes(computed.cargo), unit: 't' },
  ];
  return { netKg: computed.cargo, steps, marks: [mark] };
}

function readingOf(input: DraftReadingInput): DraftReading {
  const sides = ({ port, starboard }: { port: string; starboard: string }): [number, number] => [
    milli(port),
    milli(starboard),
  ];
  const line = ({ draft, displacement }: { draft: string; displacement: string }) => ({
    draft: milli(draft),
    displacement: milli(displacement),
  });
  return {
    forward: sides(input.forward),
    midships: sides(input.midships),
    aft: sides(input.aft),
    density: scaled(input.density, 4),
    below: line(input.below),
    above: line(input.above),
    perCentimetre: milli(input.perCentimetre),
    flotation: milli(input.flotation),
    momentDifference: milli(input.momentDifference),
    ballast: milli(input.ballast),
    freshWater: milli(input.freshWater),
    fuel: milli(input.fuel),
    stores: milli(input.stores),
  };
}

const milli = (text: string): number => scaled(text, 3);

/** The wire's pattern has looked at the digits. */
function scaled(text: string, digits: number): number {
  const [units = '0', decimals = ''] = text.replace('-', '').split('.');
  const value = Number(`${units}${decimals.padEnd(digits, '0')}`);
  return text.startsWith('-') ? -value : value;
}

function stepsOf(when: 'initial' | 'final', read: ReadDisplacement): CalculationStep[] {
  const thousandth = (value: Rational, digits: number): string =>
    toDecimal(multiply(value, rational(1, 1000)), digits);
  const tonnes = { unit: 't' } as const;
  return [
    { name: `${when}_mean_draft`, value: thousandth(read.meanDraft, 4), unit: 'm' },
    { name: `${when}_trim`, value: thousandth(read.trim, 3), unit: 'm' },
    { name: `${when}_tabled`, value: thousandth(read.tabled, 3), ...tonnes },
    { name: `${when}_first`, value: thousandth(read.firstCorrection, 3), ...tonnes },
    { name: `${when}_second`, value: thousandth(read.secondCorrection, 3), ...tonnes },
    { name: `${when}_displaced`, value: thousandth(read.displaced, 3), ...tonnes },
    { name: `${when}_deducted`, value: thousandth(read.deducted, 3), ...tonnes },
    { name: `${when}_net`, value: thousandth(read.net, 3), ...tonnes },
  ];
}

const MINUTE_MS = 60_000;

/** Excepted times lie within the laytime and do not overlap: no minute is taken off twice. */
function readTimes(facts: StatementOfFacts, mark: string): ReadFacts | Refusal {
  const [from, to] = [Date.parse(facts.from), Date.parse(facts.to)];
  if (!(to > from)) return wrong('statementOfFacts.to');
  if ((parseTonnes(facts.quantity) ?? 0n) <= 0n) return wrong('statementOfFacts.quantity');
  let end = from;
  let exceptedMs = 0;
  for (const [at, time] of facts.excepted.entries()) {
    const [begins, ends] = [Date.parse(time.from), Date.parse(time.to)];
    if (!(begins >= end)) return wrong(`statementOfFacts.excepted.${at}.from`);
    if (!(ends > begins && ends <= to)) return wrong(`statementOfFacts.excepted.${at}.to`);
    end = ends;
    exceptedMs += ends - begins;
  }
  const minutes = (ms: number): string => String(Math.floor(ms / MINUTE_MS));
  const steps: CalculationStep[] = [
    { name: 'time_total', value: minutes(to - from), unit: 'min' },
    { name: 'time_excepted', value: minutes(exceptedMs), unit: 'min' },
    { name: 'time_used', value: minutes(usedMs(facts)), unit: 'min' },
  ];
  return { netKg: undefined, steps, marks: [mark] };
}

/** Laytime without what is excepted, in whole minutes. */
export function usedMs(facts: StatementOfFacts): number {
  const length = ({ from, to }: { from: string; to: string }): number => Date.parse(to) - Date.parse(from);
  const used = length(facts) - facts.excepted.reduce((sum, time) => sum + length(time), 0);
  return Math.floor(used / MINUTE_MS) * MINUTE_MS;
}
