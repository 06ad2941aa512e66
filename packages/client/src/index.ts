export { type AuctionCommand, type AuctionSettled, type AuctionTicket } from './auction-commands.ts';
export { type Bid, type BidOutcome, type BidSettled, type BidTicket } from './bids.ts';
export { type OrderCommand, type OrderSettled, type OrderTicket } from './orders.ts';
export {
  type CallInput,
  type CallResult,
  type Client,
  type ClientOptions,
  type Value,
  createClient,
} from './http.ts';
export { type EndReason, type LinkState, type WebSocketLike } from './link.ts';
export {
  type BookState,
  BookMirror,
  type MineState,
  MineMirror,
  type OrdersState,
  OrdersMirror,
  type StatusState,
  StatusMirror,
  type TradesState,
  TradesMirror,
} from './market-mirrors.ts';
export { type Applied, type AuctionFrame, AuctionMirror, type AuctionState } from './mirror.ts';
export {
  type LiveSocket,
  type SocketOptions,
  type SocketStatus,
  type WebSocketConstructor,
  openSocket,
  randomId,
} from './socket.ts';
export { type KeyPart, type Shares, createKeyPart, openWith, publicKeyOf, sealTo } from './split-key.ts';
export { type Time, systemTime } from './time.ts';
export { type TopicListener, type TopicName, type TopicUpdate } from './topics.ts';
