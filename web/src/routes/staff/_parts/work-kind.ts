/** Open work comes with a dotted kind: `work`, `bank.deposit_unmatched`, `settlement.disputed`. */
import type { Translate } from '#lib/i18n/dictionary.ts';
import type { desk } from '#lib/i18n/desk.ts';

export function workKind(kind: string, t: Translate<(typeof desk)['en']>): string {
  const [area = '', rest = ''] = kind.split('.');
  if (area === 'bank') return `${t('kind_bank')} (${rest.replaceAll('_', ' ')})`;
  if (kind === 'settlement.disputed') return t('kind_settlement_disputed');
  if (kind === 'settlement.defaulted') return t('kind_settlement_defaulted');
  if (kind === 'dispute.filed') return t('kind_dispute_filed');
  if (kind === 'dispute.decision') return t('kind_dispute_decision');
  if (kind === 'dispute.appealed') return t('kind_dispute_appealed');
  if (kind === 'settlement.payout_failed') return t('kind_settlement_payout_failed');
  if (kind === 'settlement.release_unpaid') return t('kind_settlement_release_unpaid');
  return area === 'work' ? t('kind_work') : kind;
}
