import type { BankAccountInput } from '@seam/protocol';
import { describe, expect, it } from 'vitest';
import { ibanFits } from './iban.ts';
import { bankCodeKind, checkBankAccount, checkPassword } from './rules.ts';

const account: BankAccountInput = {
  holderName: 'Nord Kohle GmbH',
  accountNumber: 'DE89 3704 0044 0532 0130 00',
  bankCode: 'COBADEFFXXX',
  bankName: 'Commerzbank',
  currency: 'EUR',
};
const names = { name: 'Nord Kohle GmbH', nameZh: '北方煤炭有限公司' };
const fieldsOf = (change: Partial<BankAccountInput>) =>
  checkBankAccount({ ...account, ...change }, names).fields;

describe('an IBAN', () => {
  it.each([
    'GB82WEST12345698765432',
    'DE89370400440532013000',
    'NO9386011117947',
    'MT84MALT011000012345MTLCAST001S',
  ])('published as an example fits: %s', (iban) => expect(ibanFits(iban)).toBe(true));
});

describe('a bank account', () => {
  it('is kept without spaces, in capitals, with the kind of its bank code', () => {
    const { value, fields } = checkBankAccount({ ...account, bankCode: 'cobadeff' }, names);
    expect(fields).toEqual({});
    expect(value).toMatchObject({
      accountNumber: 'DE89370400440532013000',
      bankCode: 'COBADEFF',
      bankCodeKind: 'bic',
    });
  });

  it('is refused beside its field', () => {
    expect(fieldsOf({ accountNumber: 'DE89370400440532013001' })).toEqual({
      'bankAccount.accountNumber': 'member.account_number_check',
    });
    expect(fieldsOf({ accountNumber: 'no digits' })).toEqual({
      'bankAccount.accountNumber': 'member.account_number_form',
    });
    expect(fieldsOf({ bankCode: '12345678' })).toEqual({ 'bankAccount.bankCode': 'member.bank_code_form' });
    expect(fieldsOf({ holderName: 'Somebody Else' })).toEqual({
      'bankAccount.holderName': 'member.bank_holder_differs',
    });
  });

  it('may be held in either name of the company, whatever the width, case and punctuation', () => {
    expect(fieldsOf({ holderName: 'NORD KOHLE, G.m.b.H.' })).toEqual({});
    expect(fieldsOf({ holderName: '北方煤炭有限公司 ' })).toEqual({});
    expect(checkBankAccount({ ...account, holderName: '—' }, { name: 'A' }).fields).toHaveProperty([
      'bankAccount.holderName',
    ]);
  });

  it.each([
    ['102161000018', 'cnaps'],
    ['SBIN0001234', 'ifsc'],
    ['ICBKCNBJ', 'bic'],
    ['ICBKCNBJTYN', 'bic'],
    ['ICBKCNBJTY', undefined],
    ['１02161000018', undefined],
  ])('code %s is %s', (code, kind) => expect(bankCodeKind(code)).toBe(kind));
});

describe('a password', () => {
  const person = { name: 'Wang Fang', email: 'wangfang@north.example' };
  const weak = (password: string) => 'password' in checkPassword('password', { ...person, password });

  it.each([
    'password1234',
    'Qwerty123456!',
    'wangfang2026',
    'aaaaaaaaaaaaaaaa',
    'abababababababab',
    'north.example1',
    'Welcome123456',
  ])('is weak when it is guessed first: %s', (password) => expect(weak(password)).toBe(true));

  it.each(['seven brown horses', '黄河入海流更上一层楼', 'T7#kq9!vLw2x'])(
    'is taken otherwise: %s',
    (password) => expect(weak(password)).toBe(false),
  );
});
