import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../../platform/refusal.ts';
import { assertPasskey, relyingParty } from '../public.ts';
import { PASSWORD, World } from '../test/world.ts';
import { Authenticator } from './testing/authenticator.ts';

const PUBLIC_URL = 'http://seam.test';
const MINUTE = 60_000;

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(async () => world.close());

async function somebody(): Promise<{ personId: string; token: string }> {
  const { input } = await world.register();
  const token = await world.token(input.admin.email);
  const [row] = await world.db.sql<
    { id: string }[]
  >`select id from person where email = ${input.admin.email}`;
  return { personId: row!.id, token };
}

const prove = async (token: string, password = PASSWORD) =>
  world.ask('POST', '/v1/session/step-up', { token, body: { password } });
const state = async (token: string) => (await world.ask('GET', '/v1/session/step-up', { token })).body;

async function withPasskey() {
  const who = await somebody();
  await prove(who.token);
  const device = new Authenticator(PUBLIC_URL);
  const begun = await world.ask('POST', '/v1/passkeys/creation', { token: who.token });
  const added = await world.ask('POST', '/v1/passkeys', {
    token: who.token,
    body: { label: 'Telephone', ...device.create(begun.body['challenge']) },
  });
  expect(added).toMatchObject({ status: 201, body: { label: 'Telephone', lastUsedAt: null } });
  return { ...who, device, id: added.body['id'] as string, begun: begun.body };
}

describe('the password given again', () => {
  it('stands for the person for five minutes of this one login', async () => {
    const { token } = await somebody();
    expect(await state(token)).toMatchObject({ provenUntil: null, passkeysOffered: true, passkeys: 0 });
    expect((await prove(token)).body['provenUntil']).not.toBeNull();
    world.clock.turn(5 * MINUTE - 5_000);
    expect(await state(token)).not.toMatchObject({ provenUntil: null });
    world.clock.turn(10_000);
    expect(await state(token)).toMatchObject({ provenUntil: null });
  });

  it('counts for no other login of the same person', async () => {
    const { input } = await world.register();
    const [a, b] = [await world.token(input.admin.email), await world.token(input.admin.email)];
    await prove(a);
    expect(await state(b)).toMatchObject({ provenUntil: null });
  });

  it('422 member.password_wrong proves nothing, and 429 after eight guesses, even for the right one', async () => {
    const { token } = await somebody();
    for (let n = 0; n < 8; n++)
      expect(await prove(token, 'not this one')).toMatchObject({
        status: 422,
        code: 'member.password_wrong',
      });
    expect(await state(token)).toMatchObject({ provenUntil: null });
    expect(await prove(token)).toMatchObject({ status: 429, code: 'request.rate_limited' });
  });
});

describe('a passkey', () => {
  it('403 step_up.required without the password of the last minutes: to begin, to add and to remove', async () => {
    const { token, id, device } = await withPasskey();
    world.clock.turn(6 * MINUTE);
    const asked = [
      await world.ask('POST', '/v1/passkeys/creation', { token }),
      await world.ask('POST', '/v1/passkeys', { token, body: { label: 'x', ...device.create('abcd') } }),
      await world.app.inject({
        method: 'DELETE',
        url: `/v1/passkeys/${id}`,
        headers: { authorization: `Bearer ${token}` },
      }),
    ];
    expect(asked.map((one) => ('code' in one ? one.code : one.json().code))).toEqual(
      Array(3).fill('step_up.required'),
    );
  });

  it('is made once for one challenge, shown in the list, and gone from it when removed', async () => {
    const { token, id, device, begun } = await withPasskey();
    const again = await world.ask('POST', '/v1/passkeys', {
      token,
      body: { label: 'Copy', ...device.create(begun['challenge']) },
    });
    expect(again).toMatchObject({ status: 422, code: 'passkey.refused' });
    const list = async () => (await world.ask('GET', '/v1/passkeys', { token })).body;
    expect(await list()).toMatchObject({ offered: true, items: [{ id, label: 'Telephone' }] });
    const stranger = await somebody();
    await prove(stranger.token);
    const remove = async (by: string) =>
      world.app.inject({
        method: 'DELETE',
        url: `/v1/passkeys/${id}`,
        headers: { authorization: `Bearer ${by}` },
      });
    expect((await remove(stranger.token)).statusCode).toBe(404);
    expect((await remove(token)).statusCode).toBe(200);
    expect(await list()).toMatchObject({ items: [] });
  });

  it('422 passkey.refused when made for another site or another challenge', async () => {
    const { token } = await somebody();
    await prove(token);
    const begin = async () =>
      (await world.ask('POST', '/v1/passkeys/creation', { token })).body['challenge'] as string;
    const add = async (made: object) =>
      world.ask('POST', '/v1/passkeys', { token, body: { label: 'x', ...made } });
    const foreign = new Authenticator('http://seam.test.evil.example').create(await begin());
    expect(await add(foreign)).toMatchObject({ status: 422, code: 'passkey.refused' });
    await begin();
    const other = new Authenticator(PUBLIC_URL).create(randomBytes(32).toString('base64url'));
    expect(await add(other)).toMatchObject({ status: 422, code: 'passkey.refused' });
    expect(
      await add({ credentialId: 'AAAA', clientDataJson: 'AAAA', attestationObject: 'AAAA' }),
    ).toMatchObject({ status: 422, code: 'passkey.refused' });
  });

  const ask = async (
    who: { personId: string },
    assertion: ReturnType<Authenticator['answer']>,
    challenge: Uint8Array,
  ) => {
    const relying = relyingParty(PUBLIC_URL);
    const { personId } = who;
    const result = await assertPasskey(world.db.sql, relying, {
      personId,
      challenge,
      assertion,
      now: world.clock.now(),
    });
    return isRefusal(result) ? result.refused : 'proven';
  };

  it('proves one challenge, of one person, with the person verified, once', async () => {
    const who = await withPasskey();
    const challenge = randomBytes(32);
    const answer = who.device.answer(challenge);
    expect(await ask(await somebody(), answer, challenge)).toBe('passkey.unknown');
    expect(await ask(who, answer, randomBytes(32))).toBe('passkey.refused');
    expect(await ask(who, answer, challenge)).toBe('proven');
    // The counter has risen: the same answer is a copy.
    expect(await ask(who, answer, challenge)).toBe('passkey.refused');
    expect(await ask(who, who.device.answer(challenge, { verified: false }), challenge)).toBe(
      'passkey.refused',
    );
    expect(await ask(who, who.device.answer(challenge, { origin: 'http://evil.test' }), challenge)).toBe(
      'passkey.refused',
    );
    expect(await ask(who, who.device.answer(challenge), challenge)).toBe('proven');
  });

  it('is not offered by an exchange that is reached by an address', async () => {
    expect(relyingParty('http://127.0.0.1:3000')).toBeUndefined();
    expect(relyingParty('http://[::1]:3000')).toBeUndefined();
    expect(relyingParty('http://localhost:3000')).toEqual({
      id: 'localhost',
      origin: 'http://localhost:3000',
    });
    const answer = new Authenticator(PUBLIC_URL).answer(randomBytes(32));
    const refused = await assertPasskey(world.db.sql, undefined, {
      personId: 'p',
      challenge: randomBytes(32),
      assertion: answer,
      now: new Date(),
    });
    expect(refused).toMatchObject({ refused: 'passkey.not_offered' });
  });
});
