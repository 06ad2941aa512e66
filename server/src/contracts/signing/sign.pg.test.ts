import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Authenticator } from '../../members/step-up/testing/authenticator.ts';
import { type Holder, PUBLIC_URL, SigningDesk, away, signatureOver } from '../testing/signing-desk.ts';

const MINUTE = 60_000;
const DAY = 24 * 3600_000;

let desk: SigningDesk;
let seller: Holder;
let buyer: Holder;
beforeAll(async () => {
  desk = await SigningDesk.open();
  [seller, buyer] = [await desk.certify('seller'), await desk.certify('buyer')];
});
beforeEach(() => {
  desk.beforeStamp = undefined;
});
afterAll(async () => desk.close());

const sessionState = async (id: string): Promise<string> => {
  const [row] = await desk.sql<{ state: string }[]>`select state from signing_session where id = ${id}`;
  return row!.state;
};

describe('a session', () => {
  it('A12 409 contract.not_your_turn for the buyer before the seller has signed', async () => {
    const contractId = await desk.newContract();
    await desk.prove('buyer');
    expect(await desk.openSession('buyer', contractId, buyer)).toMatchObject({
      status: 409,
      code: 'contract.not_your_turn',
    });
  });

  it('A13 404 for a contract that does not exist, and for one of other companies', async () => {
    const contractId = await desk.newContract();
    await desk.prove('seller');
    const unknown = await desk.openSession('seller', '01890000-0000-7000-8000-000000000000', seller);
    expect(unknown).toMatchObject({ status: 404, code: 'resource.not_found' });
    const foreign = await desk.call('stranger', 'POST', `/v1/contracts/${contractId}/signing-sessions`, {
      certificateSerial: seller.serial,
    });
    expect(foreign).toMatchObject({ status: 404, code: 'resource.not_found' });
    for (const url of ['', '/document', '/evidence.zip'])
      expect(await desk.call('stranger', 'GET', `/v1/contracts/${contractId}${url}`)).toMatchObject({
        status: 404,
      });
  });

  it('403 step_up.required without a proof of the last five minutes', async () => {
    const contractId = await desk.newContract();
    await desk.prove('seller');
    desk.clock.turn(6 * MINUTE);
    expect(await desk.openSession('seller', contractId, seller)).toMatchObject({
      status: 403,
      code: 'step_up.required',
    });
    await desk.prove('seller');
    expect(await desk.openSession('seller', contractId, seller)).toMatchObject({ status: 201 });
  });

  it('A24 403 certificate.revoked, 409 for a certificate of somebody else, 403 for an expired one', async () => {
    const contractId = await desk.newContract();
    const [gone, old] = [
      await desk.certify('seller'),
      await desk.certify('seller', {
        notBefore: desk.clock.now().getTime() - 2 * DAY,
        notAfter: desk.clock.now().getTime() - DAY,
      }),
    ];
    await desk.revoke(gone);
    await desk.prove('seller');
    const codes = [];
    for (const holder of [gone, buyer, old])
      codes.push((await desk.openSession('seller', contractId, holder)).code);
    expect(codes).toEqual(['certificate.revoked', 'certificate.missing', 'certificate.expired']);
  });

  it('403 member.limit_exceeded beyond what the person may sign for, also when that was lowered meanwhile', async () => {
    const contractId = await desk.newContract();
    const limit = async (of: Record<string, string>) =>
      desk.sql`update person set commit_limits = ${desk.sql.json(of)} where id = 'seller-person'`;
    await desk.prove('seller');
    const [row] = await desk.sql<{ value: string }[]>`
      select round((terms::json->>'pricePerTonne')::numeric * (terms::json->>'quantityKg')::numeric / 1000)::text as value
        from contract where id = ${contractId}`;
    const exactly = row!.value;
    try {
      for (const of of [{ CNY: String(BigInt(exactly) - 1n) }, { USD: exactly }]) {
        await limit(of);
        expect(await desk.openSession('seller', contractId, seller)).toMatchObject({
          status: 403,
          code: 'member.limit_exceeded',
        });
      }
      await limit({ CNY: exactly });
      const { session, signature } = await desk.sign('seller', contractId, seller);
      await limit({ CNY: '1' });
      const late = await desk.hand('seller', session.id, signature);
      expect(late).toMatchObject({ status: 403, code: 'member.limit_exceeded' });
      expect(await sessionState(session.id)).toBe('open');
    } finally {
      await limit({});
    }
  });

  it('A25 422 contract.font_missing_glyph for a name that cannot be drawn', async () => {
    const other = await SigningDesk.open({
      ports: {
        namesOf: async (_connection, ids) =>
          new Map(ids.map((id) => [id, { name: 'Coal \u{1F9CA} Co', nameZh: null }])),
      },
    });
    const contractId = await other.newContract();
    await other.prove('seller');
    expect(await other.openSession('seller', contractId, await other.certify('seller'))).toMatchObject({
      status: 422,
      code: 'contract.font_missing_glyph',
    });
    await other.close();
  });
});

describe('a signature', () => {
  it('A14 422 signature.invalid by another key, A15 over other attributes, A16 empty; nothing changes', async () => {
    const contractId = await desk.newContract();
    const { session } = await desk.sign('seller', contractId, seller);
    const foreign = await signatureOver(session, { ...seller, signer: buyer.signer });
    const other = await signatureOver({ ...session, digest: '00'.repeat(32) }, seller);
    for (const wrong of [foreign, other, 'AAAA'])
      expect(await desk.hand('seller', session.id, wrong)).toMatchObject({
        status: 422,
        code: 'signature.invalid',
      });
    expect(await desk.hand('seller', session.id, '')).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(await desk.revisions(contractId)).toBe(1);
    expect(await sessionState(session.id)).toBe('open');
  });

  it('A17 404 in a session of somebody else, 422 with a signature of another session', async () => {
    const [one, two] = [await desk.newContract(), await desk.newContract()];
    const a = await desk.sign('seller', one, seller);
    const b = await desk.sign('seller', two, seller);
    expect(await desk.hand('buyer', a.session.id, a.signature)).toMatchObject({
      status: 404,
      code: 'signing_session.unknown',
    });
    expect(await desk.hand('seller', a.session.id, b.signature)).toMatchObject({ code: 'signature.invalid' });
  });

  it('A18 200 when it is good, A19 409 when it is handed in again, A21 409 to sign twice', async () => {
    const contractId = await desk.newContract();
    const { session, signature } = await desk.sign('seller', contractId, seller);
    const done = await desk.hand('seller', session.id, signature, { clientBundleSha256: 'ab'.repeat(32) });
    expect(done).toMatchObject({ status: 200, body: { state: 'seller_signed', level: 'B-T' } });
    expect(await desk.hand('seller', session.id, signature)).toMatchObject({
      status: 409,
      code: 'signing_session.used',
    });
    expect(await desk.openSession('seller', contractId, seller)).toMatchObject({
      status: 409,
      code: 'contract.already_signed',
    });
    const [kept] = await desk.sql`select proof_kind, ip, client_bundle_sha256, proof_at is not null as proved
      from contract_signature where contract_id = ${contractId}`;
    expect(kept).toEqual({
      proof_kind: 'password',
      ip: '127.0.0.1',
      client_bundle_sha256: 'ab'.repeat(32),
      proved: true,
    });
  });

  it('A20 409 contract.stale_revision when the base is no longer the newest', async () => {
    const contractId = await desk.newContract();
    const late = await desk.sign('seller', contractId, seller);
    expect(await desk.signed('seller', contractId, seller)).toMatchObject({ status: 200 });
    expect(await desk.hand('seller', late.session.id, late.signature)).toMatchObject({
      status: 409,
      code: 'contract.stale_revision',
    });
  });

  it('A22 410 signing_session.expired after ten minutes', async () => {
    const contractId = await desk.newContract();
    const { session, signature } = await desk.sign('seller', contractId, seller);
    desk.clock.turn(10 * MINUTE + 1000);
    expect(await desk.hand('seller', session.id, signature)).toMatchObject({
      status: 410,
      code: 'signing_session.expired',
    });
  });

  it('A23 403 certificate.revoked between opening and handing in', async () => {
    const contractId = await desk.newContract();
    const holder = await desk.certify('seller');
    const { session, signature } = await desk.sign('seller', contractId, holder);
    await desk.revoke(holder);
    expect(await desk.hand('seller', session.id, signature)).toMatchObject({
      status: 403,
      code: 'certificate.revoked',
    });
    expect(await desk.revisions(contractId)).toBe(1);
  });

  it('A23 dropped when the certificate is revoked while the timestamp is waited for', async () => {
    const contractId = await desk.newContract();
    const holder = await desk.certify('seller');
    const { session, signature } = await desk.sign('seller', contractId, holder);
    desk.beforeStamp = async () => desk.revoke(holder);
    expect(await desk.hand('seller', session.id, signature)).toMatchObject({ code: 'certificate.revoked' });
    expect(await sessionState(session.id)).toBe('dropped');
    expect(await desk.revisions(contractId)).toBe(1);
    desk.beforeStamp = undefined;
    expect(await desk.signed('seller', contractId, seller)).toMatchObject({ status: 200 });
  });
});

describe('without a timestamp authority', () => {
  it('X1 503, the revision unchanged and the signature kept; it is completed by itself', async () => {
    const contractId = await desk.newContract();
    const { session, signature } = await desk.sign('seller', contractId, seller);
    desk.beforeStamp = away;
    expect(await desk.hand('seller', session.id, signature)).toMatchObject({
      status: 503,
      code: 'contract.timestamp_unavailable',
    });
    expect(await desk.view(contractId)).toMatchObject({ state: 'issued', timestampPending: 'seller' });
    expect(await desk.revisions(contractId)).toBe(1);
    // However often it is tried in vain, it is never given up.
    for (let n = 0; n < 14; n++) await desk.work({ all: true });
    expect(await sessionState(session.id)).toBe('signed_waiting');
    const [parked] = await desk.sql`select count(*)::int as n from outbox where parked_at is not null`;
    expect(parked).toEqual({ n: 0 });
    desk.beforeStamp = undefined;
    await desk.work({ all: true });
    expect(await desk.view(contractId)).toMatchObject({ state: 'seller_signed', timestampPending: null });
  });

  it('X1 the same call again completes it, and once more says the same', async () => {
    const contractId = await desk.newContract();
    const { session, signature } = await desk.sign('seller', contractId, seller);
    desk.beforeStamp = away;
    await desk.hand('seller', session.id, signature);
    desk.beforeStamp = undefined;
    for (let n = 0; n < 2; n++)
      expect(await desk.hand('seller', session.id, signature)).toMatchObject({
        status: 200,
        body: { state: 'seller_signed' },
      });
    expect(await desk.revisions(contractId)).toBe(2);
  });

  it('no second signature is taken on the same base, and no deadline undoes what both have signed', async () => {
    const contractId = await desk.newContract();
    await desk.signed('seller', contractId, seller);
    const [a, b] = [await desk.sign('buyer', contractId, buyer), await desk.sign('buyer', contractId, buyer)];
    desk.beforeStamp = away;
    expect(await desk.hand('buyer', a.session.id, a.signature)).toMatchObject({ status: 503 });
    expect(await desk.hand('buyer', b.session.id, b.signature)).toMatchObject({
      status: 409,
      code: 'contract.stale_revision',
    });
    const declined = await desk.call('seller', 'POST', `/v1/contracts/${contractId}/decline`, {
      reason: 'too late',
    });
    expect(declined.code).toBe('contract.not_open');
    desk.clock.turn(4 * DAY);
    await desk.work({ all: true });
    expect(await desk.view(contractId)).toMatchObject({ state: 'seller_signed', timestampPending: 'buyer' });
  });

  it('a process that died after the token and before the commit loses nothing', async () => {
    const contractId = await desk.newContract();
    const { session, signature } = await desk.sign('seller', contractId, seller);
    // What is left of it: the kept signature and its work. The token went down with the process.
    desk.beforeStamp = () => {
      throw new Error('killed');
    };
    expect((await desk.hand('seller', session.id, signature)).status).toBe(500);
    desk.beforeStamp = undefined;
    await desk.work({ all: true });
    expect(await desk.view(contractId)).toMatchObject({ state: 'seller_signed' });
  });
});

describe('two at once', () => {
  it('X2 on one base: one 200, one 409, one revision', async () => {
    const contractId = await desk.newContract();
    const both = [
      await desk.sign('seller', contractId, seller),
      await desk.sign('seller', contractId, seller),
    ];
    const answers = await Promise.all(
      both.map(async ({ session, signature }) => desk.hand('seller', session.id, signature)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)!.code).toBe('contract.stale_revision');
    expect(await desk.revisions(contractId)).toBe(2);
  });

  it('the same signature twice is one revision', async () => {
    const contractId = await desk.newContract();
    const { session, signature } = await desk.sign('seller', contractId, seller);
    const answers = await Promise.all([1, 2, 3].map(async () => desk.hand('seller', session.id, signature)));
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(await desk.revisions(contractId)).toBe(2);
  });
});

describe('a passkey', () => {
  it('signs instead of the password, for this document and certificate alone', async () => {
    const device = new Authenticator(PUBLIC_URL);
    await desk.prove('seller');
    const begun = await desk.call('seller', 'POST', '/v1/passkeys/creation');
    const made = { label: 'Telephone', ...device.create(begun.body.challenge) };
    expect(await desk.call('seller', 'POST', '/v1/passkeys', made)).toMatchObject({ status: 201 });
    const contractId = await desk.newContract();
    desk.clock.turn(6 * MINUTE);
    const opened = await desk.openSession('seller', contractId, seller, { proof: 'passkey' });
    expect(opened.status).toBe(201);
    const { id, digest, passkey } = opened.body;
    const challenge = createHash('sha256')
      .update(id)
      .update(Buffer.from(digest, 'hex'))
      .update(createHash('sha256').update(seller.certificate).digest())
      .digest();
    expect(passkey).toMatchObject({
      challenge: challenge.toString('base64url'),
      credentialIds: [device.credentialId],
    });
    const signature = await signatureOver(opened.body, seller);
    expect(await desk.hand('seller', id, signature)).toMatchObject({ code: 'signature.proof_missing' });
    const foreign = device.answer(createHash('sha256').update('another document').digest());
    expect(await desk.hand('seller', id, signature, { passkey: foreign })).toMatchObject({
      code: 'passkey.refused',
    });
    const absent = device.answer(challenge, { verified: false });
    expect(await desk.hand('seller', id, signature, { passkey: absent })).toMatchObject({
      code: 'passkey.refused',
    });
    const done = await desk.hand('seller', id, signature, { passkey: device.answer(challenge) });
    expect(done.body).toMatchObject({ state: 'seller_signed' });
    expect(done.body.revisions[1]).toMatchObject({ kind: 'sig_seller', proof: 'passkey' });
  });
});

describe('the end of a contract', () => {
  it('lapses when it is not signed in time, and says who did not sign', async () => {
    const [neither, one] = [await desk.newContract(), await desk.newContract()];
    await desk.signed('seller', one, seller);
    desk.clock.turn(3 * DAY + MINUTE);
    await desk.work({ all: true });
    expect(await desk.view(neither)).toMatchObject({
      state: 'voided',
      voided: { cause: 'lapsed', by: 'seller' },
    });
    expect(await desk.view(one)).toMatchObject({ state: 'voided', voided: { cause: 'lapsed', by: 'buyer' } });
    expect(await desk.sql`select 1 from outbox where effect_key = ${`contract:${one}:voided`}`).toHaveLength(
      1,
    );
  });

  it('is not ours to lapse where the market keeps the deadline of an award', async () => {
    const contractId = await desk.newContract({ originKey: 'auction:a1:award:1', originKind: 'auction' });
    desk.clock.turn(3 * DAY + MINUTE);
    await desk.work({ all: true });
    expect(await desk.view(contractId)).toMatchObject({ state: 'issued' });
  });

  it('is refused by the centre with two of its people, before its own signature', async () => {
    const contractId = await desk.newContract();
    const url = `/v1/staff/contracts/${contractId}/refusal`;
    const reason = 'The lot was sold twice.';
    expect(await desk.call('staff', 'POST', `${url}/decision`, { decision: 'confirm' })).toMatchObject({
      code: 'contract.refusal_none',
    });
    expect((await desk.call('staff', 'POST', url, { reason })).body).toMatchObject({ refusal: { reason } });
    expect((await desk.call('colleague', 'POST', url, { reason })).code).toBe('contract.refusal_open');
    const alone = await desk.call('staff', 'POST', `${url}/decision`, { decision: 'confirm' });
    expect(alone.code).toBe('contract.refusal_second_person');
    await desk.signed('seller', contractId, seller);
    await desk.signed('buyer', contractId, buyer);
    await desk.settle();
    // Its seal waits for the decision.
    expect(await desk.view(contractId)).toMatchObject({ state: 'buyer_signed', waitsFor: 'centre' });
    const second = await desk.call('colleague', 'POST', `${url}/decision`, { decision: 'confirm' });
    expect(second.body).toMatchObject({
      state: 'voided',
      voidedReason: reason,
      voided: { cause: 'refused', by: 'centre' },
    });
  });

  it('seals after all when the refusal is withdrawn', async () => {
    const contractId = await desk.newContract();
    const url = `/v1/staff/contracts/${contractId}/refusal`;
    await desk.call('staff', 'POST', url, { reason: 'Wait.' });
    await desk.signed('seller', contractId, seller);
    await desk.signed('buyer', contractId, buyer);
    await desk.settle();
    await desk.call('colleague', 'POST', `${url}/decision`, { decision: 'withdraw' });
    await desk.settle();
    expect(await desk.view(contractId)).toMatchObject({ state: 'binding', level: 'B-LTA' });
    expect((await desk.call('staff', 'POST', url, { reason: 'Too late.' })).code).toBe('contract.not_open');
  });
});

describe('before a contract binds', () => {
  it('the database takes no settlement, no delivery order, no payout, and no binding without an archive', async () => {
    const contractId = await desk.newContract();
    await desk.signed('seller', contractId, seller);
    await desk.signed('buyer', contractId, buyer);
    const { sql } = desk;
    await expect(
      sql`update contract set state = 'binding', bound_at = now() where id = ${contractId}`,
    ).rejects.toMatchObject({ code: 'CX010' });
    await expect(sql`insert into settlement (contract_id, seller_id, buyer_id, currency, state, provisional_amount,
        provisional_due_at) values (${contractId}, 'seller', 'buyer', 'CNY', 'provisional_due', 1, now())`).rejects.toMatchObject(
      { code: 'CX011' },
    );
    await expect(sql`insert into delivery_order (id, contract_id, seller_id, buyer_id, quantity_kg, valid_from, valid_to)
      values (${contractId}, ${contractId}, 'seller', 'buyer', 1, now(), now())`).rejects.toMatchObject({
      code: 'CX011',
    });
    await expect(sql`insert into payment (id, obligation_key, end_to_end_id, org_id, source, amount, currency,
        creditor_name, creditor_account, creditor_bank_code_kind, creditor_bank_code, remittance, created_by,
        approvals_required, created_at, status, rank, changed_at)
      values (${contractId}, ${`payout:${contractId}`}, ${'A'.repeat(26)}, 'seller', 'payable', 1, 'CNY', 'n', 'a', 'bic',
        'b', 'r', 'system', 0, now(), 'created', 0, now())`).rejects.toMatchObject({ code: 'CX011' });
    expect(await desk.call('seller', 'GET', `/v1/contracts/${contractId}/evidence.zip`)).toMatchObject({
      code: 'contract.not_binding',
    });
    await desk.settle();
    expect(await desk.view(contractId)).toMatchObject({ state: 'binding' });
    expect(
      await sql`select 1 from outbox where effect_key = ${`settlement:${contractId}:open`}`,
    ).toHaveLength(1);
  });

  it('the archive waits for a timestamp authority that is away, and nothing is settled meanwhile', async () => {
    const contractId = await desk.newContract();
    await desk.signed('seller', contractId, seller);
    await desk.signed('buyer', contractId, buyer);
    desk.beforeStamp = away;
    for (let n = 0; n < 3; n++) await desk.work({ all: true });
    expect(await desk.view(contractId)).toMatchObject({ state: 'buyer_signed' });
    expect(
      await desk.sql`select 1 from outbox where effect_key = ${`settlement:${contractId}:open`}`,
    ).toHaveLength(0);
    desk.beforeStamp = undefined;
    for (let n = 0; n < 3; n++) await desk.work({ all: true });
    expect(await desk.view(contractId)).toMatchObject({ state: 'binding', level: 'B-LTA' });
  });
});
