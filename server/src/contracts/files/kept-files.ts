/**
 * The documents of contracts, put together from what is kept of them. A signature changes nothing of a
 * document and appends some thirty kilobytes: a revision keeps what it appends to the one before, a signing
 * session what it appends to the revision it was prepared on.
 *
 * Only threads read them. A quarter of a megabyte of text from the database for every step of a signature
 * had the market's event loop stand still for the collector.
 */
import { createHash } from 'node:crypto';
import type { Sql } from 'postgres';
import { assert } from '../../platform/fault.ts';

/** A revision, and the SHA-256 of its whole file in lower case hexadecimal. */
export type RevisionFile = { readonly contractId: string; readonly n: number; readonly sha256: string };

/** A document with room for a signature, as a session keeps it or as it was just made. */
export type PreparedFile =
  { readonly sessionId: string } | { readonly base: RevisionFile; readonly appended: Uint8Array };

export type KeptFiles = {
  /** @throws an assertion when what is kept is not what was hashed. The caller changes nothing in it. */
  revision(of: RevisionFile): Promise<Uint8Array>;
  prepared(of: PreparedFile): Promise<{ readonly base: Uint8Array; readonly bytes: Uint8Array }>;
  /** What was just made is what the next step begins with. */
  remember(sha256: Uint8Array, bytes: Uint8Array): void;
};

/** A file never changes under its hash: the last ones are kept at hand, eight megabytes or so. */
const REMEMBERED_MAX = 32;

export function keptFiles(sql: Sql, rememberedMax = REMEMBERED_MAX): KeptFiles {
  const remembered = new Map<string, Uint8Array>();
  const remember = (sha256: string, bytes: Uint8Array): Uint8Array => {
    remembered.delete(sha256);
    remembered.set(sha256, bytes);
    if (remembered.size > rememberedMax) remembered.delete(remembered.keys().next().value!);
    return bytes;
  };
  const revision = async (of: RevisionFile): Promise<Uint8Array> => {
    const known = remembered.get(of.sha256);
    return remember(of.sha256, known ?? (await readRevision(sql, of)));
  };
  return {
    revision,
    async prepared(of) {
      const session = 'sessionId' in of ? await readSession(sql, of.sessionId) : of;
      const base = await revision(session.base);
      return { base, bytes: 'whole' in session ? session.whole : joined([base, session.appended]) };
    },
    remember: (sha256, bytes) => void remember(Buffer.from(sha256).toString('hex'), bytes),
  };
}

/** What `whole` has more than `base`, in memory of its own. */
export function appendedTo(base: Uint8Array, whole: Uint8Array): Uint8Array {
  assert(Buffer.from(base).equals(whole.subarray(0, base.length)), 'a revision only appends');
  return new Uint8Array(whole.subarray(base.length));
}

/** From the nearest revision that is kept whole to the one that is asked for. */
async function readRevision(sql: Sql, { contractId, n, sha256 }: RevisionFile): Promise<Uint8Array> {
  const rows = await sql<{ part: Buffer }[]>`
    select coalesce(file, appended) as part from contract_revision
     where contract_id = ${contractId} and n <= ${n} and n >= (
       select max(n) from contract_revision where contract_id = ${contractId} and n <= ${n} and file is not null)
     order by n`;
  const bytes = joined(rows.map(({ part }) => part));
  const hash = createHash('sha256').update(bytes).digest('hex');
  assert(hash === sha256, `revision ${n} of contract ${contractId} is not the file that was hashed`);
  return bytes;
}

type Session = { readonly base: RevisionFile } & ({ appended: Uint8Array } | { whole: Uint8Array });

async function readSession(sql: Sql, id: string): Promise<Session> {
  const [row] = await sql<
    { contractId: string; n: number; sha256: string; appended: Buffer | null; prepared: Buffer | null }[]
  >`
    select r.contract_id as "contractId", r.n, encode(r.sha256, 'hex') as sha256, s.appended, s.prepared
      from signing_session s
      join contract_revision r on r.contract_id = s.contract_id and r.n = s.base_revision
     where s.id = ${id}`;
  assert(row, `signing session ${id} is missing`);
  const { appended, prepared, ...base } = row;
  return appended ? { base, appended } : { base, whole: new Uint8Array(prepared!) };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
