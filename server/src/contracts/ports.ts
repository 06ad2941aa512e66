/** What contracts need of other slices; deps.ts binds each to their public functions. */
import type { Connection } from '../platform/db.ts';
import type { CertifiedPersonOf } from './pki/certified-person.ts';
import type { ContractTerms, GoodsTerms, PartyTerms } from './terms.ts';

/** Where a market's journal says that the price of a sale was found; undefined where no market found it. */
export type JournalEntryOf = (
  connection: Connection,
  sale: { readonly originKind: string; readonly originId: string; readonly originKey: string },
) => Promise<{ shard: number; seq: bigint; hash: Uint8Array } | undefined>;

/** What a fee rule may name of a sale. */
export type SaleForFee = {
  readonly sellerId: string;
  readonly buyerId: string;
  /** Where the price was found, and the id of that auction, listing, request or order book. */
  readonly market: string;
  readonly originId: string;
  readonly coalRank: string;
  readonly deliveryTerm: string;
  readonly currency: string;
};

export type ContractPorts = {
  /** A company as certified, with the account it is paid to in this currency. */
  readonly partyOf: (connection: Connection, organisationId: string, currency: string) => Promise<PartyTerms>;
  readonly certifiedPersonOf: CertifiedPersonOf;
  readonly namesOf: (
    connection: Connection,
    organisationIds: readonly string[],
  ) => Promise<ReadonlyMap<string, { name: string; nameZh: string | null }>>;
  readonly personNamesOf: (
    connection: Connection,
    personIds: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>;
  /** What the listing promised in `version`, or as it stands now: frozen into the terms. */
  readonly goodsOf: (
    connection: Connection,
    listingId: string,
    version?: number | null,
  ) => Promise<GoodsTerms>;
  /** What the exchange charges for this sale by its rules at `at`: frozen into the terms. */
  readonly feesOf: (connection: Connection, sale: SaleForFee, at: Date) => Promise<ContractTerms['fees']>;
};
