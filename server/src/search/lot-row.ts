/** A lot as the index takes it in, and the mines, places and companies that lots speak of. */
import type { Assay, CoalRank, TransportMode } from '@seam/coal';
import type { ListingState } from '@seam/protocol';
import type { Currency } from '@seam/units';

export type LotRow = {
  readonly id: string;
  /** Of the change that wrote it: the same number is the same content. */
  readonly changedXid: string;
  readonly state: ListingState;
  readonly version: number;
  readonly source: string;
  readonly sellerId: string;
  readonly mineId: string;
  readonly deliveryPlaceId: string | null;
  readonly loadPlaceId: string | null;
  readonly coalRank: CoalRank;
  readonly assay: Assay;
  /** Net as received J/g by which the exchange counts landed cost. */
  readonly searchHeat: number | null;
  readonly quantityKg: number;
  readonly remainingKg: number;
  readonly currency: Currency | null;
  /** Minor units per tonne. */
  readonly price: number | null;
  readonly startPrice: number | null;
  readonly saleMethod: string | null;
  readonly deliveryTerm: string | null;
  /** Days since 1970-01-01. */
  readonly windowFrom: number;
  readonly windowTo: number;
  readonly transport: TransportMode;
  readonly flagCount: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
};

/** A mine or a place. */
export type Site = {
  readonly id: string;
  readonly name: string;
  readonly nameZh: string | null;
  readonly country: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** Of a mine; '' of a place. */
  readonly region: string;
  /** As the wire shows it, written once. */
  readonly json: string;
};

export type Seller = { readonly id: string; readonly name: string; readonly nameZh: string | null };
