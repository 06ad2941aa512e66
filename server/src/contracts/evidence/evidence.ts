/** What is kept for a contract and goes into its evidence package. */
import type { ContractReport, SignatureField } from '@seam/esign';

export type PackagedSignature = {
  readonly field: SignatureField;
  readonly revision: number;
  readonly cms: Uint8Array;
  /** The bare signature, as it stands in the CMS; what the token stamps. */
  readonly value: Uint8Array;
  readonly token: Uint8Array;
  readonly stampedAt: Date;
  readonly handedInAt: Date;
  readonly certificate: Uint8Array;
  readonly certificateSerial: string;
  /** Null for the centre's seal, and for what was signed outside of a session. */
  readonly session: {
    readonly id: string;
    readonly person: string | null;
    readonly proof: string;
    readonly proofAt: Date | null;
    readonly assertion: unknown;
    readonly clientBundleSha256: string | null;
  } | null;
};

export type LogLine = {
  readonly seq: number;
  readonly serial: string;
  readonly leafHash: string;
  readonly previousChainHash: string;
  readonly chainHash: string;
};

export type Evidence = {
  readonly number: string;
  readonly contractId: string;
  readonly terms: string;
  /** From the issued document on; the last is the contract as it binds. */
  readonly revisions: readonly { readonly n: number; readonly kind: string; readonly file: Uint8Array }[];
  readonly signatures: readonly PackagedSignature[];
  readonly documentToken: Uint8Array;
  readonly archivedAt: Date;
  readonly report: ContractReport;
  readonly root: Uint8Array;
  /** The issuing authority, and what else is between the parties and the root. */
  readonly chain: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  /** One for each signature, in its order, then those of other certificates. */
  readonly ocspResponses: readonly Uint8Array[];
  readonly log: readonly LogLine[];
  readonly origin: {
    readonly kind: string;
    readonly id: string;
    readonly journal: { readonly shard: number; readonly seq: string; readonly hash: string } | null;
  };
};

/** The answers on the signers come first, in the order of their signatures. */
export function answerName({ signatures }: Pick<Evidence, 'signatures'>, n: number): string {
  return `${signatures[n]?.field ?? `other-${n}`}.ocsp`;
}
