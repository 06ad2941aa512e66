/** The bank as settlement sees it. One adapter speaks HTTP; another bank is another adapter. */
import type { BankCode } from './iso20022/pain001.ts';

export type OwnAccount = {
  readonly number: string;
  readonly holderName: string;
  readonly currency: string;
  readonly bank: BankCode;
};

/** A key of the bank: SPKI in base64, and until when what it signed counts; null: no end is known. */
export type OfferedKey = { readonly publicKey: string; readonly validUntil: string | null };

export type CertificationRequest = {
  /** Comes back in the answer. Asking again with the same id changes nothing. */
  readonly requestId: string;
  readonly accountNumber: string;
  readonly bank: BankCode;
  readonly holderName: string;
  readonly legalId: string;
  readonly currency: string;
  /** What was certified, signed by the centre; base64 each. The signature is detached, SHA-256. */
  readonly assertion?: { readonly payload: string; readonly signature: string; readonly certificate: string };
};

/**
 * Every method throws a Fault when the bank does not answer or answers nonsense. After a fault of
 * `sendPayment` the outcome is unknown, not "not sent".
 */
export type BankPort = {
  /**
   * Hands over a pain.001 and gives back the bank's pain.002. The bank executes each EndToEndId once:
   * sending it again returns the status of the first time.
   */
  sendPayment(pain001: string): Promise<Uint8Array>;
  /** pain.002 about one payment, or null when the bank has never seen it. */
  paymentStatus(endToEndId: string): Promise<Uint8Array | null>;
  /** The answer comes later as a signed callback. */
  submitCertification(request: CertificationRequest): Promise<void>;
  /** camt.053, or null when there is no such statement yet. */
  fetchStatement(query: { account: string; sequence: number }): Promise<Uint8Array | null>;
  /**
   * Tells the bank our public keys and learns its own: in a call and an answer that the shared secret signs.
   * @param ours SPKI, base64; the bank trusts these and no others from now on.
   */
  exchangeKeys(ours: readonly string[]): Promise<readonly OfferedKey[]>;
  /** The exchange's accounts, one per currency. */
  ownAccounts(): Promise<readonly OwnAccount[]>;
};
