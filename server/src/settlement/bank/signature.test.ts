import { describe, expect, it } from 'vitest';
import { publicKeyOf, publicText, signingKey } from './keys.ts';
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
) => verifyCallback({ ...headers, ...changed }, bytes, { secrets }, now);

describe('a signature', () => {
  it('is the one of the Standard Webhooks specification', () => {
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
  it('is accepted from any valid key and among several signatures, for key changes', () => {
    expect(verify({})).toEqual({ ok: true, id: headers['webhook-id'], sentAt: at, by: 'secret' });
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

describe('a signature with a private key', () => {
  const [old, fresh, stranger] = [1, 2, 3].map((byte) => signingKey(new Uint8Array(32).fill(byte)));
  const publicKeys = [old!, fresh!].map((key) => publicKeyOf(publicText(key))!);
  const signedBy = (...keys: (typeof old)[]) =>
    sign({ id: 'evt_1', at, body, keys: keys.map((key) => key!) });
  const check = (signed: object, more: { now?: Date; bytes?: Uint8Array; keys?: typeof publicKeys } = {}) =>
    verifyCallback(
      { ...signed },
      more.bytes ?? body,
      { publicKeys: more.keys ?? publicKeys },
      more.now ?? at,
    );
  const refused = { ok: false, code: 'bank.signature_invalid' };

  it('is the one of RFC 8032 for its seed, and is named by its key', () => {
    // Section 7.1, test 1: the public key of this seed.
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    const given = publicText(signingKey(seed));
    expect(Buffer.from(given, 'base64').subarray(12).toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
    expect(signedBy(old)['webhook-key-id']).toBe(old!.id);
  });

  it('is taken from every active key, and while keys change from either of two', () => {
    for (const signed of [signedBy(old), signedBy(fresh), signedBy(stranger, fresh)])
      expect(check(signed)).toMatchObject({ ok: true, by: 'key' });
    expect(check(signedBy(old, fresh), { keys: [publicKeys[0]!] })).toMatchObject({ ok: true });
    expect(check(signedBy(old, fresh), { keys: [publicKeys[1]!] })).toMatchObject({ ok: true });
  });

  it('K1 of a stranger or a withdrawn key, over other bytes, or named as another is refused', () => {
    expect(check(signedBy(stranger))).toEqual(refused);
    expect(check({ ...signedBy(stranger), 'webhook-key-id': old!.id })).toEqual(refused);
    expect(check(signedBy(old), { keys: [publicKeys[1]!] })).toEqual(refused);
    expect(check(signedBy(old), { bytes: Buffer.from('{}') })).toEqual(refused);
    expect(check({ ...signedBy(old), 'webhook-id': 'evt_2' })).toEqual(refused);
    for (const text of ['v1a,', 'v1a,AAAA', signedBy(old)['webhook-signature'].replace('v1a', 'v1')])
      expect(check({ ...signedBy(old), 'webhook-signature': text })).toEqual(refused);
    expect(check(signedBy(old), { keys: [] })).toEqual(refused);
  });

  it('K2 is stale five minutes away', () => {
    expect(check(signedBy(old), { now: new Date(at.getTime() + 301_000) })).toEqual({
      ok: false,
      code: 'bank.timestamp_stale',
    });
  });

  it('beside a secret needs only one of both to fit', () => {
    const both = sign({ id: 'evt_1', at, body, secret, keys: [old!] });
    const by = (keys: Parameters<typeof verifyCallback>[2]) => verifyCallback({ ...both }, body, keys, at);
    expect(by({ secrets: [secret] })).toMatchObject({ by: 'secret' });
    expect(by({ secrets: [other], publicKeys })).toMatchObject({ by: 'key' });
    expect(by({ secrets: [other] })).toEqual(refused);
  });

  it('is read from nothing but an Ed25519 public key', () => {
    for (const text of ['', 'AAAA', 'not base64 at all', publicText(old!).slice(4)])
      expect(publicKeyOf(text)).toBeUndefined();
    expect(() => signingKey(new Uint8Array(31))).toThrow(RangeError);
  });
});
