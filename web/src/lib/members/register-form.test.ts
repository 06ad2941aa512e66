import { describe, expect, test } from 'vitest';
import { readRegistration } from './register-form.ts';
import { forForm } from './wire-form.ts';

const filled = (more: Record<string, string> = {}): FormData => {
  const data = new FormData();
  const fields = {
    'organisation.name': ' North Coal ',
    'organisation.nameZh': '',
    'organisation.kind': 'producer',
    'organisation.legalId': '９１１４',
    'organisation.country': 'CN',
    'organisation.address': '1 Street',
    'organisation.contact.name': 'Li',
    'organisation.contact.email': 'li@x.example',
    'organisation.contact.phone': '+86 1234567',
    'bankAccount.holderName': 'North Coal',
    'bankAccount.accountNumber': '6222',
    'bankAccount.bankCode': '102161000018',
    'bankAccount.bankName': 'ICBC',
    'bankAccount.currency': 'CNY',
    'admin.name': 'Li',
    'admin.email': 'li@x.example',
    'admin.password': ' kept as typed ',
    'people.0.roles.trader': 'on',
    'people.1.roles.signatory': 'on',
    ...more,
  };
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};

describe('a registration form', () => {
  test('becomes what the exchange wants, without rows that only suggest a role', () => {
    const { body, fields } = readRegistration(filled());
    expect(fields).toEqual({});
    expect(body.people).toEqual([]);
    expect(body.organisation).toMatchObject({
      name: 'North Coal',
      legalId: '9114',
      sells: true,
      buys: false,
    });
    expect(body.organisation).not.toHaveProperty('nameZh');
    expect(body.admin).toMatchObject({ password: ' kept as typed ', roles: [] });
  });

  test.each([
    ['buyer', {}, false, true],
    ['buyer', { 'organisation.bothSides': 'on' }, true, true],
    ['trader', {}, true, true],
  ] as const)('of a %s with %j sells: %s, buys: %s', (kind, more, sells, buys) => {
    const { body } = readRegistration(filled({ 'organisation.kind': kind, ...more }));
    expect(body.organisation).toMatchObject({ sells, buys });
  });

  test('puts the fault of a person on the row where it was typed', () => {
    const second = { 'people.1.name': 'Zhao', 'people.1.email': 'z@x.example', 'people.1.password': 'x' };
    const { body, rename } = readRegistration(filled(second));
    expect(body.people).toHaveLength(1);
    const problem = forForm(
      {
        code: 'c',
        title: 't',
        status: 400,
        fields: { 'people.0.password': 'minLength', 'people.0.email': 'member.email_taken' },
      },
      rename,
    );
    expect(problem.fields).toEqual({
      'people.1.password': 'field.too_short',
      'people.1.email': 'member.email_taken',
    });
  });

  test('names what is missing, also of a row that was begun', () => {
    const { fields } = readRegistration(filled({ 'organisation.address': ' ', 'people.2.name': 'Wu' }));
    expect(fields).toEqual({
      'organisation.address': 'field.required',
      'people.2.email': 'field.required',
      'people.2.password': 'field.required',
      'people.2.roles': 'field.required',
    });
  });
});
