/** What follows the close of an auction, as sentences. */
import type { AuctionView } from '@seam/protocol';
import type { Say } from './rules.ts';
import { trimmed } from './trimmed.ts';

type AfterClose = AuctionView['afterClose'];

export function afterCloseRules(terms: AfterClose, say: Pick<Say, 'after' | 'span' | 'tonnes'>): string[] {
  const { standstillSeconds, waiting, catalogue } = terms;
  return [
    ...(standstillSeconds === null
      ? []
      : [say.after('ruleStandstill', { span: say.span(standstillSeconds) })]),
    ...(waiting === null ? [] : waitingRules(waiting, say)),
    ...(catalogue === null ? [] : catalogueRules(catalogue, say)),
  ];
}

function waitingRules(
  waiting: NonNullable<AfterClose['waiting']>,
  { after, span }: Pick<Say, 'after' | 'span'>,
): string[] {
  const { biddersMaximum: n, confirmSeconds, signSeconds, withdrawAfterSeconds: leave } = waiting;
  return [
    after('ruleConfirm', { confirm: span(confirmSeconds), sign: span(signSeconds) }),
    ...(n === 0 ? [] : [after('ruleWaiting', { n })]),
    ...(n === 0 || leave === undefined ? [] : [after('ruleLeave', { span: span(leave) })]),
  ];
}

function catalogueRules(
  { position, pauseSeconds, cap }: NonNullable<AfterClose['catalogue']>,
  { after, span, tonnes }: Pick<Say, 'after' | 'span' | 'tonnes'>,
): string[] {
  const rule = after('ruleCatalogue', { n: position, pause: span(pauseSeconds) });
  if (cap === null) return [rule];
  return [
    rule,
    cap.unit === 'lots'
      ? after('ruleCapLots', { n: cap.maximum })
      : after('ruleCapQuantity', { most: tonnes(trimmed(cap.maximum)) }),
  ];
}
