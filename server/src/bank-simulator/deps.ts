/** What the parts of the demo bank share. */
import type { Sql, TransactionSql } from 'postgres';
import type { Clock } from '../platform/clock.ts';
import type { Misfortunes } from './faults.ts';

export type Tx = TransactionSql;
export type BankSimulatorDeps = {
  readonly sql: Sql;
  readonly clock: Clock;
  /** Signs what we send and verifies what the exchange sends. */
  readonly secret: string;
  /** Where events are pushed to. */
  readonly callbackUrl: string;
  /** Called after each commit that wrote an event. */
  readonly wake: () => void;
  readonly misfortunes: Misfortunes;
  readonly statements: StatementForm;
  readonly log: { warn(fields: object, message: string): void };
};

/** In which form statements are pushed; both can be fetched. */
export const STATEMENT_FORMS = ['camt.053', 'mt940'] as const;
export type StatementForm = (typeof STATEMENT_FORMS)[number];

/** The bank as a financial institution: our own invention, as `TEST` banks are. */
export const BANK_BIC = 'SEAMCNB1XXX';
export const EXCHANGE_NAME = 'Seam Coal Exchange Client Funds';
/** The exchange is a customer like others, with the legal identity it opened its accounts under. */
export const EXCHANGE_LEGAL_ID = 'SEAM-EXCHANGE';
