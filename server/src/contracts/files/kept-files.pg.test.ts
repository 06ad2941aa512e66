import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Holder, SigningDesk } from '../testing/signing-desk.ts';
import { type KeptFiles, type RevisionFile, appendedTo, keptFiles } from './kept-files.ts';

let desk: SigningDesk;
let seller: Holder;
let contractId: string;
beforeAll(async () => {
  desk = await SigningDesk.open();
  contractId = await desk.bound();
  seller = await desk.certify('seller');
});
afterAll(async () => desk.close());

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const text = (of: string): Uint8Array => new Uint8Array(Buffer.from(of));
const fresh = (max?: number): KeptFiles => keptFiles(desk.sql, max);

type Row = RevisionFile & { kind: string; whole: number | null; appended: number | null };
const rows = async (id: string): Promise<Row[]> =>
  desk.sql<Row[]>`select contract_id as "contractId", n, kind, encode(sha256, 'hex') as sha256,
    length(file) as whole, length(appended) as appended from contract_revision where contract_id = ${id} order by n`;

/** A contract as it was kept when every revision was kept whole. */
async function keptWhole(id: string): Promise<string> {
  const to = await desk.newContract();
  const [issued] = await rows(to);
  let file: Uint8Array = await fresh().revision(issued!);
  for (const [index, kind] of ['sig_seller', 'sig_buyer'].entries()) {
    file = Buffer.concat([file, text(`${kind} of ${id}`)]);
    await desk.sql`insert into contract_revision (contract_id, n, kind, sha256, prev_sha256, file)
      values (${to}, ${index + 1}, ${kind}, ${Buffer.from(hash(file), 'hex')}, ${Buffer.alloc(32)}, ${file})`;
  }
  return to;
}

describe('what is kept of a contract', () => {
  it('is its first document, and of each step what it appends', async () => {
    const kept = await rows(contractId);
    expect(kept.map(({ kind, whole }) => [kind, whole !== null])).toEqual([
      ['issued', true],
      ['sig_seller', false],
      ['sig_buyer', false],
      ['sig_centre', false],
      ['dss', false],
      ['document_timestamp', false],
    ]);
    let length = 0;
    for (const row of kept) {
      const file = await fresh().revision(row);
      length += row.whole ?? row.appended!;
      expect([hash(file), file.length]).toEqual([row.sha256, length]);
    }
    // All six together are kept in less than two whole ones would take.
    expect(length).toBeLessThan(2 * kept[0]!.whole!);
  });

  it('is downloaded whole, at every step', async () => {
    for (const { n, sha256 } of await rows(contractId)) {
      const got = await desk.call('seller', 'GET', `/v1/contracts/${contractId}/document?revision=${n}`);
      expect(hash(got.raw)).toBe(sha256);
    }
  });

  it('goes on from a revision that was once kept whole', async () => {
    const id = await keptWhole(contractId);
    const last = (await rows(id)).at(-1)!;
    const whole = await fresh().revision(last);
    const next = Buffer.concat([whole, text(', and a seal')]);
    await desk.sql`insert into contract_revision (contract_id, n, kind, sha256, prev_sha256, appended)
      values (${id}, 3, 'sig_centre', ${Buffer.from(hash(next), 'hex')}, ${Buffer.from(last.sha256, 'hex')},
        ${appendedTo(whole, next)})`;
    for (const row of await rows(id)) expect(hash(await fresh().revision(row))).toBe(row.sha256);
  });

  it('is refused by the database both ways at once, in neither way, and as the appendix of no document', async () => {
    const id = await desk.newContract();
    const insert = async (n: number, kind: string, file: string | null, appended: string | null) =>
      desk.sql`insert into contract_revision (contract_id, n, kind, sha256, prev_sha256, file, appended)
        values (${id}, ${n}, ${kind}, sha256('x'), ${n === 0 ? null : 'x'}::text::bytea, ${file}::text::bytea, ${appended}::text::bytea)`;
    const refused = { code: '23514' };
    await expect(insert(1, 'sig_seller', 'a', 'b')).rejects.toMatchObject(refused);
    await expect(insert(1, 'sig_seller', null, null)).rejects.toMatchObject(refused);
    await desk.sql`update contract set version = 2 where id = ${id}`;
    await expect(insert(1, 'issued', null, 'b')).rejects.toMatchObject(refused);
  });

  it('is not given out when it is not what was hashed', async () => {
    const [issued, signed] = await rows(contractId);
    await expect(fresh().revision({ ...signed!, sha256: issued!.sha256 })).rejects.toThrow(
      'is not the file that was hashed',
    );
    await expect(
      fresh().revision({ ...issued!, contractId: '0'.repeat(8) + issued!.contractId.slice(8) }),
    ).rejects.toThrow('is not the file that was hashed');
  });

  it('is read once while it is remembered, and no more is remembered than was allowed', async () => {
    const [first, second, third] = (await rows(contractId)) as [Row, Row, Row];
    const files = fresh(2);
    const [one, two] = [await files.revision(first), await files.revision(second)];
    expect(await files.revision(first)).toBe(one);
    // The one that was asked for longest ago makes room.
    await files.revision(third);
    expect(await files.revision(first)).toBe(one);
    const again = await files.revision(second);
    expect(again).not.toBe(two);
    expect(hash(again)).toBe(second.sha256);
  });
});

describe('a document prepared for a signature', () => {
  it('is kept as what it appends to its base, and downloaded whole', async () => {
    const id = await desk.newContract();
    const { session } = await desk.sign('seller', id, seller);
    const [row] = await desk.sql<{ prepared: Buffer | null; appended: Buffer }[]>`
      select prepared, appended from signing_session where id = ${session.id}`;
    const [issued] = await rows(id);
    const base = await fresh().revision(issued!);
    const whole = Buffer.concat([base, row!.appended]);
    expect(row!.prepared).toBeNull();
    const got = await desk.call('seller', 'GET', `/v1/signing-sessions/${session.id}/document`);
    expect(Buffer.from(got.raw).equals(whole)).toBe(true);
  });

  it('of a session that kept it whole is read and signed as it is', async () => {
    const id = await desk.newContract();
    const { session, signature } = await desk.sign('seller', id, seller);
    const { bytes } = await fresh().prepared({ sessionId: session.id });
    await desk.sql`update signing_session set prepared = ${bytes}, appended = null where id = ${session.id}`;
    const got = await desk.call('seller', 'GET', `/v1/signing-sessions/${session.id}/document`);
    expect(Buffer.from(got.raw).equals(bytes)).toBe(true);
    expect((await desk.hand('seller', session.id, signature)).status).toBe(200);
    const signed = (await rows(id))[1]!;
    expect(hash(await fresh().revision(signed))).toBe(signed.sha256);
  });

  it('appends, or is an error of ours', () => {
    expect(appendedTo(text('ab'), text('abc'))).toEqual(text('c'));
    expect(() => appendedTo(text('ab'), text('xbc'))).toThrow('only appends');
    expect(() => appendedTo(text('ab'), text('a'))).toThrow('only appends');
  });
});
