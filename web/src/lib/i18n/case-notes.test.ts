import { BANK_CASE_NOTES, DELIVERY_CASE_NOTES } from '@seam/protocol';
import { describe, expect, it } from 'vitest';
import { caseNotes, caseText } from './case-notes.ts';
import { deliveryCaseNotes, deliveryCaseText } from './delivery-case-notes.ts';

const reader = (locale: 'en' | 'zh') => ({ locale, timeZone: 'Asia/Shanghai' });

describe('the text of a case', () => {
  it('stands in both languages for every note that the server writes', () => {
    for (const locale of ['en', 'zh'] as const) {
      expect(Object.keys(caseNotes[locale]).toSorted()).toEqual([...BANK_CASE_NOTES].toSorted());
      expect(Object.keys(deliveryCaseNotes[locale]).toSorted()).toEqual([...DELIVERY_CASE_NOTES].toSorted());
    }
  });

  it('says amounts, sides and times in the language of its reader', () => {
    const params = { direction: 'credit', currency: 'CNY', amount: '1234.50', since: '2026-11-20T10:00:00Z' };
    const note = { code: 'suspense_since', params };
    expect(caseText(note, 'x', reader('zh'))).toMatch(/^贷记 .*1,234\.50.*待查/);
    expect(caseText(note, 'x', reader('en'))).toMatch(/^Credit of .*1,234\.50 since/);
  });

  it('written before notes had codes, or by a newer server, is shown as it was written', () => {
    expect(caseText(null, 'statement 2 is missing', reader('zh'))).toBe('statement 2 is missing');
    expect(caseText({ code: 'toString', params: {} }, 'plain', reader('zh'))).toBe('plain');
  });

  it('names nobody where the bank named nobody', () => {
    const params = { direction: 'debit', currency: 'CNY', amount: '5.00', name: '' };
    expect(caseText({ code: 'line', params }, '', reader('zh'))).toContain('对方未注明');
  });

  it('of a gate says state and time, and leaves a person’s own words as they are', () => {
    const params = { plate: '晋A12345', state: 'cancelled', gate: '北门', at: '2026-11-20T10:00:00Z' };
    const own = { ...reader('zh'), stateOf: () => '已取消' };
    expect(deliveryCaseText({ code: 'let_in_in_state', params }, '', own)).toMatch(/晋A12345.*已取消.*北门/);
    expect(deliveryCaseText(null, 'weight is wrong', own)).toBe('weight is wrong');
  });
});
