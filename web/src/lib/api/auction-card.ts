/** What a list shows of an auction: the part of `GET /v1/auctions` that the start page needs. */
export type AuctionCard = {
  id: string;
  title: string;
  state: string;
  currency: string;
  /** Tonnes. */
  quantity: string;
  startPrice: string;
  /** Null before the first bid. */
  bestPrice: string | null;
  bidCount: number;
  opensAt: string;
  closesAt: string;
};
