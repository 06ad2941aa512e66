import { describe, expect, it } from 'vitest';
import { TOLERANCE_S, sign, verifyCallback } from './signature.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const other = 'another-secret-of-enough-length';
const body = Buffer.from('{"test": 2432232314}');
const at = new Date(1_614_265_330_000);
const headers = sign({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at, body, secret });
const verify = (
  changed: Record<string, string | undefined>,
  now = at,
  bytes: Uint8Array = body,
  secrets = [secret],
) => verifyCallback({ ...headers, ...changed }, bytes, secrets, now);

describe('a signature', () => {
  it('is the one of the Standard Webhooks specification', () => {
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
  it('is accepted from any valid key and among several signatures, for key changes', () => {
    expect(verify({})).toEqual({ ok: true, id: headers['webhook-id'], sentAt: at });
    expect(verify({}, at, body, [other, secret])).toMatchObject({ ok: true });
    expect(verify({ 'webhook-signature': `v1,AAAA v1a,xyz ${headers['webhook-signature']}` })).toMatchObject({
      ok: true,
    });
  });
  it('K1 is refused for another body, id, time, key or scheme', () => {
    const refused = { ok: false, code: 'bank.signature_invalid' };
    expect(verify({}, at, Buffer.from('{"test": 2432232315}'))).toEqual(refused);
    expect(verify({}, at, Buffer.alloc(0))).toEqual(refused);
    expect(verify({ 'webhook-id': 'msg_other' })).toEqual(refused);
    expect(verify({ 'webhook-timestamp': '1614265331' })).toEqual(refused);
    expect(verify({}, at, body, [other])).toEqual(refused);
    expect(verify({}, at, body, [])).toEqual(refused);
    for (const text of [
      '',
      'v1,',
      'v1',
      headers['webhook-signature'].slice(3),
      headers['webhook-signature'].replace('v1', 'v2'),
    ]) {
      expect(verify({ 'webhook-signature': text })).toEqual(refused);
    }
    expect(verify({ 'webhook-timestamp': '1e9' })).toEqual(refused);
    expect(verify({ 'webhook-id': 'a\r\nb' })).toEqual(refused);
  });
  it('without its headers is missing', () => {
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
      expect(verify({ [name]: undefined })).toEqual({ ok: false, code: 'bank.signature_missing' });
    }
  });
  it('K2 is stale five minutes away in either direction, and not before', () => {
    const shifted = (seconds: number) => verify({}, new Date(at.getTime() + seconds * 1000));
    expect(shifted(TOLERANCE_S)).toMatchObject({ ok: true });
    expect(shifted(-TOLERANCE_S)).toMatchObject({ ok: true });
    expect(shifted(TOLERANCE_S + 1)).toEqual({ ok: false, code: 'bank.timestamp_stale' });
    expect(shifted(-TOLERANCE_S - 1)).toEqual({ ok: false, code: 'bank.timestamp_stale' });
  });
  it('cannot be made with a short secret', () => {
    expect(() => sign({ id: 'a', at, body, secret: 'short' })).toThrow(RangeError);
    expect(() => verify({}, at, body, [''])).toThrow(RangeError);
  });
});
