/** Where a settlement is, as the steps people know. */
import type { SettlementState, SettlementView } from '@seam/protocol';
import type { Translate } from '#lib/i18n/dictionary.ts';
import type { money } from '#lib/i18n/money.ts';
import type { Step } from '#lib/ui/step.ts';

type T = Translate<(typeof money)['en']>;

/** How many steps are done in each state; `problem` marks the step that a person must help with. */
const progress: Record<SettlementState, { done: number; problem?: true }> = {
  provisional_due: { done: 0 },
  defaulted: { done: 0, problem: true },
  funded: { done: 1 },
  result_due: { done: 2 },
  disputed: { done: 2, problem: true },
  paying_out: { done: 3 },
  payout_failed: { done: 3, problem: true },
  // Until both sides have rated, something is left to do.
  closed: { done: 4 },
  cancelled: { done: 0, problem: true },
};

export function settlementSteps(
  view: SettlementView,
  t: T,
  format: { money(value: string): string; until(instant: string): string },
): Step[] {
  const { problem } = progress[view.state];
  const done = progress[view.state].done + (view.state === 'closed' && view.ratings.length === 2 ? 1 : 0);
  const due = (wanted: SettlementState): string =>
    view.state === wanted && view.dueAt ? ` · ${format.until(view.dueAt)}` : '';
  const delivery = view.deliveryOrderId === null ? {} : { href: `/deliveries/${view.deliveryOrderId}` };
  const rows: Omit<Step, 'state'>[] = [
    {
      id: 'due',
      label: t('step_due'),
      detail: `${t('actsBuyer')} · ${format.money(view.provisionalAmount)}${due('provisional_due')}${due('defaulted')}`,
    },
    { id: 'delivered', label: t('step_delivered'), detail: t('actsSeller'), ...delivery },
    {
      id: 'result',
      label: t('step_result'),
      detail:
        (view.state === 'disputed' ? t('actsCentre') : t('actsBuyer')) +
        (view.finalAmount === null ? '' : ` · ${format.money(view.finalAmount)}`) +
        due('result_due'),
    },
    {
      id: 'paid',
      label: t('step_paid'),
      detail: t('actsBank') + (view.payout === null ? '' : ` · ${format.money(view.payout)}`),
    },
    { id: 'closed', label: t('step_closed'), detail: t('actsBoth') },
  ];
  return rows.map((row, index): Step => {
    const now = index === done;
    return { ...row, state: index < done ? 'done' : !now ? 'todo' : problem ? 'problem' : 'current' };
  });
}
