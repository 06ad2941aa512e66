import { describe, expect, test } from 'vitest';
import { decimalText, idempotency, instant, localPath, refuse, typed } from './server.ts';

function form(values: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
}

describe('a form', () => {
  test('keeps what was typed when the answer is no', () => {
    const problem = { code: 'x', title: 'No', status: 422 };
    const refused = refuse(problem, form({ name: '山西', price: '1,2' }));
    expect(refused.status).toBe(422);
    expect(refused.data).toEqual({ problem, values: { name: '山西', price: '1,2' } });
  });

  test('never sends a password or a file back', () => {
    const data = form({ email: 'a@b.cn', password: 'x', newPassword: 'y', passphrase: 'z' });
    data.set('licence', new File(['%PDF'], 'licence.pdf'));
    expect(typed(data)).toEqual({ email: 'a@b.cn' });
  });

  test('takes numbers as people type them', () => {
    expect(decimalText(form({ t: ' 1,234.500 ' }), 't')).toBe('1234.500');
    expect(decimalText(form({ t: '１２．５' }), 't')).toBe('12.5');
    expect(decimalText(form({ t: 'many' }), 't')).toBe('many');
  });

  test('turns a local time and its zone into an instant', () => {
    expect(instant(form({ at: '2026-11-23T09:30', 'at.zone': 'Asia/Shanghai' }), 'at')).toBe(
      '2026-11-23T01:30:00.000Z',
    );
    expect(instant(form({ at: '', 'at.zone': 'Asia/Shanghai' }), 'at')).toBeNull();
  });
});

describe('going back after a form', () => {
  test.each(['//evil.test', '/\\evil.test', '/\n/evil.test', 'https://evil.test', '', null])(
    '%s does not leave the site',
    (path) => {
      expect(localPath(path)).toBe('/');
    },
  );
  test('a page of ours is kept with its query', () => {
    expect(localPath('/auctions?state=open#x')).toBe('/auctions?state=open#x');
  });
});

test('a key that is no key is not sent on', () => {
  expect(idempotency(form({ idempotencyKey: 'a b' }))).toEqual({});
  expect(idempotency(form({ idempotencyKey: '0198-abcd.s1.0' }))).toEqual({
    idempotencyKey: '0198-abcd.s1.0',
  });
});
