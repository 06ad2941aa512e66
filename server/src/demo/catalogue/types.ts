/**
 * What the demo exchange is furnished with. Companies are invented and say so in their names; mines,
 * ports, power stations and typical qualities are real and public.
 *
 * Facts were written down from general knowledge of the trade: published grades of producers, U.S. Energy
 * Information Administration figures, and the Global Energy Monitor trackers (mine and plant locations;
 * Global Energy Monitor, CC BY 4.0). Coordinates are rounded to 0.01°, qualities are typical, prices are
 * of the right order and no quotation.
 */
import type { CoalRank, Assay, Limit, TransportMode } from '@seam/coal';
import type { Currency, Kilograms, Minor } from '@seam/units';

export type Named = { readonly key: string; readonly name: string; readonly nameZh: string };
export type Located = { readonly country: string; readonly latitude: number; readonly longitude: number };

export type DemoCompany = Named & {
  readonly demo: true;
  /** ISO 3166-1. */
  readonly country: string;
  /** Credit code in China, LEI elsewhere: valid check characters, issued to nobody. */
  readonly legalId: string;
  readonly address: string;
  readonly addressZh: string;
  /** The money it is paid in and pays with. */
  readonly currency: Currency;
};
export type DemoProducer = DemoCompany & { readonly kind: 'producer' };
export type DemoBuyer = DemoCompany & {
  readonly kind: 'buyer' | 'trader';
  /** Keys of places where it takes coal. */
  readonly plants: readonly string[];
};

export type DemoMine = Named & Located & { readonly region: string; readonly regionZh: string };
export type DemoPlace = Named & Located & { readonly kind: 'port' | 'station' | 'plant' };

export type DemoLot = {
  readonly key: string;
  readonly producer: string;
  readonly mine: string;
  /** Key of the place of loading; null is the mouth of the mine. */
  readonly loadPlace: string | null;
  /** Key of the place named in the delivery term; null is the place of loading. */
  readonly deliveryPlace: string | null;
  readonly deliveryTerm: 'ex_mine' | 'fob' | 'fca' | 'cif' | 'cfr' | 'for_rail';
  readonly transport: TransportMode;
  readonly rank: CoalRank;
  readonly assay: Assay;
  /** The calorific value as the seller writes it. */
  readonly heatTyped: { readonly value: string; readonly unit: 'kcal/kg' | 'kcal20/kg' | 'Btu/lb' | 'MJ/kg' };
  readonly quantity: Kilograms;
  readonly sale: 'fixed_price' | 'auction';
  /** Minor units per tonne: the price, or where bidding starts. */
  readonly price: Minor;
  readonly currency: Currency;
  /** Loading window in days after the day of seeding, both included. */
  readonly windowDays: readonly [from: number, to: number];
};

export type DemoRequest = {
  readonly key: string;
  readonly buyer: string;
  /** Key of one of the buyer's places. */
  readonly plant: string;
  readonly limits: readonly Limit[];
  readonly ranks: readonly CoalRank[];
  readonly quantity: Kilograms;
  readonly minimumQuantity: Kilograms;
  readonly ceiling: {
    readonly price: Minor;
    readonly currency: Currency;
    readonly at: 'delivered' | 'listed';
  };
  readonly windowDays: readonly [from: number, to: number];
};

/** One country or region of the catalogue. */
export type DemoRegion = {
  readonly producers: readonly DemoProducer[];
  readonly mines: readonly DemoMine[];
  readonly places: readonly DemoPlace[];
  readonly lots: readonly DemoLot[];
};
