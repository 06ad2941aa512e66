/** What reading a file of coal receipts gives (eia923.ts). */
import type { Assay, CoalRank, Place, TransportMode } from '@seam/coal';
import type { Kilograms, Minor } from '@seam/units';
import type { CsvProblem } from './csv-records.ts';
import type { MineType, Purchase } from './eia923-codes.ts';

export type EiaReceipt = {
  readonly kind: 'loaded';
  readonly line: number;
  /** `eia923:` and 64 hex digits; `contentSha` is the same hash as bytes. */
  readonly key: string;
  readonly contentSha: Uint8Array;
  /** `key` is equal for spellings that differ in case, punctuation or legal form only. */
  readonly company: { readonly key: string; readonly name: string };
  readonly mine: EiaMine;
  readonly buyer: {
    readonly operatorId: string;
    readonly operator: string;
    readonly plantId: string;
    readonly plant: string;
    readonly state: string;
  };
  readonly listing: {
    readonly rank: CoalRank;
    /** YYYY-MM of delivery. */
    readonly month: string;
    readonly quantity: Kilograms;
    readonly assay: Assay;
    /** As the form has it, million Btu per short ton as received. */
    readonly heatTyped: string;
    /** US cents per tonne delivered; null where the law withholds it. */
    readonly pricePerTonne: Minor | null;
    readonly currency: 'USD';
    readonly transport: TransportMode;
    readonly secondaryTransport: TransportMode | null;
    readonly purchase: Purchase;
    /** YYYY-MM. */
    readonly contractExpiry: string | null;
  };
};

export type EiaMine = {
  /** `msha:` and the number, or `name:COUNTRY:NAME` for a mine outside the United States. */
  readonly key: string;
  readonly mshaId: string | null;
  readonly name: string;
  /** ISO 3166-1. */
  readonly country: string;
  /** Two letters, for mines in the United States. */
  readonly state: string | null;
  readonly countyFips: string | null;
  readonly place: Place | null;
  readonly type: MineType | null;
};

export type EiaRefusalCode =
  /** The file is not this form: nothing of it is read. */
  | 'header'
  | CsvProblem
  | 'columns'
  | 'control_characters'
  | 'missing'
  | 'number'
  | 'period'
  | 'not_coal'
  | 'rank'
  | 'transport'
  | 'purchase_type'
  | 'mine_type'
  | 'mine_id'
  | 'mine_state'
  | 'coordinates'
  | 'quantity'
  | 'quality'
  | 'price'
  | 'duplicate';

export type EiaRefusal = {
  readonly kind: 'refused';
  readonly line: number;
  readonly code: EiaRefusalCode;
  readonly reason: string;
};
