/**
 * Signing in the party's own browser, in two halves.
 *
 * `openDocument` fetches the contract once and checks it: these bytes, by hash and length, are what the
 * person approves. `signContract` takes the exchange's prepared file and signs only if it is those bytes
 * plus one empty place for this signature. The key is unlocked for one use and never leaves the browser.
 */
import type { ContractView, SigningSession } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import type { Problem } from '#lib/api/problem.ts';
import type { Esign } from './crypto.ts';
import { fetchBytes } from './fetch-bytes.ts';
import type { UsableKey } from './my-keys.ts';
import { fetchTrust } from './trust.ts';

type Fetch = typeof globalThis.fetch;

/** What the browser itself found about the file, each by comparing, none by asking. */
export type DocumentCheck = 'unchanged' | 'terms' | 'signatures';
export type OpenDocument = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly passed: readonly DocumentCheck[];
  /** Each makes signing impossible; codes of the verifier or of `DocumentCheck`. */
  readonly failed: readonly { readonly check: DocumentCheck; readonly detail: string }[];
};
export type Opened = { ok: true; document: OpenDocument } | { ok: false; problem: Problem };

type Facts = Pick<ContractView, 'id' | 'terms' | 'revisions' | 'mine'>;

export async function openDocument(
  esign: Esign,
  fetch: Fetch,
  contract: Facts,
  nowMs: number,
): Promise<Opened> {
  const fetched = await fetchBytes(fetch, `/v1/contracts/${contract.id}/document`);
  if (!fetched.ok) return fetched;
  const { bytes } = fetched;
  const sha256 = esign.toHex(await esign.sha256(bytes));
  const passed: DocumentCheck[] = [];
  const failed: { check: DocumentCheck; detail: string }[] = [];
  const judge = (check: DocumentCheck, fault: string | undefined): void => {
    if (fault === undefined) passed.push(check);
    else failed.push({ check, detail: fault });
  };
  const newest = contract.revisions.at(-1);
  judge('unchanged', newest?.sha256 === sha256 ? undefined : `${sha256} ≠ ${newest?.sha256}`);
  const terms = await esign.readTerms(bytes);
  judge('terms', terms !== undefined && terms === contract.terms ? undefined : 'terms.json');
  // The seller signs an unsigned document: there is nothing to verify yet, but its form.
  const trust = await fetchTrust(fetch);
  if (!trust.ok) return trust;
  const report = await esign.verifyContract(bytes, {
    roots: [trust.root],
    crls: trust.crl ? [trust.crl] : [],
    require: contract.mine === 'buyer' ? ['sig_seller'] : [],
    at: nowMs,
  });
  const findings = [...report.findings, ...report.signatures.flatMap((signature) => signature.findings)];
  judge('signatures', findings.length === 0 ? undefined : findings.map(({ code }) => code).join(', '));
  return { ok: true, document: { bytes, sha256, passed, failed } };
}

export type SignStage = 'unlock' | 'prepare' | 'check' | 'send';
export type Signed =
  | { ok: true; contract: ContractView }
  /** The passphrase, or what is stored, does not give the key. */
  | { ok: false; refused: 'key'; code: 'WRONG_PASSPHRASE' | 'ENVELOPE_MALFORMED' }
  /** This browser will not sign what the exchange prepared. */
  | { ok: false; refused: 'check'; code: import('@seam/esign/browser').CheckCode; detail: string }
  | { ok: false; refused: 'problem'; problem: Problem };

export type SignInput = {
  readonly contractId: string;
  readonly document: OpenDocument;
  readonly key: UsableKey;
  readonly passphrase: string;
  readonly field: 'sig_seller' | 'sig_buyer';
  readonly onstage?: (stage: SignStage) => void;
};

export async function signContract(esign: Esign, fetch: Fetch, input: SignInput): Promise<Signed> {
  const { key, document } = input;
  input.onstage?.('unlock');
  const unlocked = await unlock(esign, input);
  if (!unlocked.ok) return unlocked;

  input.onstage?.('prepare');
  const opened = await call<SigningSession>(
    fetch,
    'POST',
    `/v1/contracts/${input.contractId}/signing-sessions`,
    {
      body: { certificateSerial: key.certificate.serial },
    },
  );
  if (!opened.ok) return { ok: false, refused: 'problem', problem: opened.problem };
  const session = opened.data;
  const prepared = await fetchBytes(fetch, `/v1/signing-sessions/${session.id}/document`);
  if (!prepared.ok) return { ok: false, refused: 'problem', problem: prepared.problem };

  input.onstage?.('check');
  const signed = await esign.signPrepared({
    prepared: prepared.bytes,
    approved: { sha256: document.sha256, length: document.bytes.length },
    // The person's own side, not what the session says: a session for another field is refused here.
    field: input.field,
    certificate: esign.fromBase64(key.certificate.certificate),
    spki: unlocked.spki,
    key: unlocked.key,
  });
  if (!signed.ok) return { ok: false, refused: 'check', code: signed.code, detail: signed.detail };

  input.onstage?.('send');
  const sent = await call<ContractView>(fetch, 'POST', `/v1/signing-sessions/${session.id}/signature`, {
    body: { signature: esign.toBase64(signed.signature) },
    // An answer lost on the way is asked for again with the same signature.
    idempotencyKey: `sign-${session.id}`,
  });
  return sent.ok
    ? { ok: true, contract: sent.data }
    : { ok: false, refused: 'problem', problem: sent.problem };
}

async function unlock(esign: Esign, { key, passphrase }: SignInput) {
  const parsed = esign.parseEnvelope(key.stored.envelope);
  if (!parsed.ok) return { ok: false, refused: 'key', code: 'ENVELOPE_MALFORMED' } as const;
  const unlocked = await esign.unlockKey(parsed.envelope, passphrase);
  if (unlocked.ok) return unlocked;
  const code = unlocked.code === 'ENVELOPE_MALFORMED' ? unlocked.code : 'WRONG_PASSPHRASE';
  return { ok: false, refused: 'key', code } as const;
}
