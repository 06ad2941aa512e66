import { expect, test } from 'vitest';
import { translator } from '#lib/i18n/dictionary.ts';
import { members } from '#lib/i18n/members.ts';
import { reasonText } from './reason.ts';

const t = translator(members, () => 'zh');
const say = (code: string): string => (code === 'member.bank_account_taken' ? '已由其他会员确认' : code);

test('what a bank names, what the exchange names and what a person wrote are all readable', () => {
  expect(reasonText('holder_name, legal_id', t, say)).toBe('与银行登记不一致：户名 · 法人代码');
  expect(reasonText('replaced', t, say)).toBe('已由企业更换');
  expect(reasonText('member.bank_account_taken', t, say)).toBe('已由其他会员确认');
  expect(reasonText('The name differs, see the letter', t, say)).toBe('The name differs, see the letter');
});
