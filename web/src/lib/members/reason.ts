/**
 * Why an account was not confirmed, in the visitor's language. Banks name what differs, the exchange names a
 * code; whatever else stands there is somebody's own words and is shown as it is.
 */
import type { members } from '#lib/i18n/members.ts';
import type { Translate } from '#lib/i18n/dictionary.ts';

const differing = {
  account_number: 'accountNumber',
  holder_name: 'holderName',
  legal_id: 'legalId',
  currency: 'currency',
  bank_code: 'bankCode',
} as const;

export function reasonText(
  reason: string,
  t: Translate<(typeof members)['en']>,
  say: (code: string) => string,
): string {
  if (reason === 'replaced') return t('accountReplaced');
  const named = reason.split(', ').map((part) => differing[part as keyof typeof differing]);
  if (named.every((key) => key !== undefined))
    return t('differsAtBank', { fields: named.map((key) => t(key)).join(' · ') });
  return say(reason);
}
