/** What signing is given: the press, the authorities, the clock. It holds no key but may ask for signatures. */
import type { PasskeyAssertion } from '@seam/protocol';
import type { Sql } from 'postgres';
import type { Clock } from '../../platform/clock.ts';
import type { Connection, Tx } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import type { Refusal } from '../../platform/refusal.ts';
import type { CertificateAuthority, RevocationSource, TimestampAuthority } from '../pki/ports.ts';
import type { ContractFiles } from '../files/files.ts';
import type { Press } from '../press/press.ts';

/** Proofs that a person is there, beyond its login. Bound in deps.ts to the members slice. */
export type SignerProof = {
  /** When this login gave its password last, if that still counts. */
  freshProof(connection: Connection, principal: Principal, now: Date): Promise<Date | undefined>;
  /** Null where passkeys are not offered at all. */
  readonly rpId: string | null;
  credentialIdsOf(connection: Connection, personId: string): Promise<string[]>;
  /** Why this person may not bind its company to so much (minor units); undefined when it may. */
  mayCommit(
    connection: Connection,
    of: { readonly personId: string; readonly value: bigint; readonly currency: string },
  ): Promise<Refusal | undefined>;
  assertPasskey(
    tx: Tx,
    input: { personId: string; challenge: Uint8Array; assertion: PasskeyAssertion; now: Date },
  ): Promise<Refusal | { passkeyId: string }>;
};

/** The centre's own seal; where its key is kept is the authorities' business. */
export type CentreSigner = {
  readonly certificate: Uint8Array;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
};

export type SigningDeps = {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly press: Press;
  readonly files: ContractFiles;
  readonly authority: Pick<CertificateAuthority, 'root' | 'chain'>;
  readonly tsa: TimestampAuthority;
};

export type SealingDeps = SigningDeps & {
  readonly revocation: RevocationSource;
  readonly centre: CentreSigner;
};
