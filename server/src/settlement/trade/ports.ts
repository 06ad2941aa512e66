/** What settling a contract needs of others; deps.ts binds it. */
import type { Connection } from '../../platform/db.ts';
import type { BankParty } from '../bank/iso20022/pain001.ts';

export type NamesOf = (
  connection: Connection,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, { name: string; nameZh: string | null }>>;

export type TradePorts = {
  readonly namesOf: NamesOf;
  /** The confirmed account of a company in this currency, as the bank must address it. */
  readonly creditorOf: (
    connection: Connection,
    organisationId: string,
    currency: string,
  ) => Promise<BankParty | undefined>;
};
