/**
 * What goes into the engine and what comes out. Everything here is plain JSON: a command and its
 * events are written to the journal as they are, and replayed from it years later.
 *
 * Prices are ticks, quantities are lots, money is a decimal string of minor units ("12600000"),
 * times are milliseconds since the epoch. Ids are opaque strings made outside.
 */
import type { Instant } from '@seam/units';
import type { FrameCommand, FrameEvent, FrameRejection } from './auction/types.ts';
import type {
  ClockCommand,
  ClockEvent,
  ClockRejection,
  ClockRoom,
  ClockTerms,
} from './formats/clock/types.ts';
import type {
  DutchHybridCommand,
  DutchHybridEvent,
  DutchHybridRejection,
  DutchHybridRoom,
  DutchHybridTerms,
} from './formats/dutch-hybrid/types.ts';
import type {
  AcceptPrice,
  DutchEvent,
  DutchRejection,
  DutchRoom,
  DutchTerms,
} from './formats/dutch/types.ts';
import type {
  EnglishCommand,
  EnglishEvent,
  EnglishRejection,
  EnglishRoom,
  EnglishTerms,
} from './formats/english/types.ts';
import type { ReverseOpenFormat } from './formats/reverse-open/types.ts';
import type { ReverseRoundsFormat } from './formats/reverse-rounds/types.ts';
import type { SealedBidFormat } from './formats/sealed-bid/types.ts';
import type { MarketCommand, MarketEvent, MarketRejection, StampedMarketCommand } from './market/types.ts';

/** Each format in one line: its terms, what it remembers, what it takes, tells and refuses. */
type Formats = {
  clock: {
    terms: ClockTerms;
    room: ClockRoom;
    command: ClockCommand;
    event: ClockEvent;
    rejection: ClockRejection;
  };
  dutch: {
    terms: DutchTerms;
    room: DutchRoom;
    command: AcceptPrice;
    event: DutchEvent;
    rejection: DutchRejection;
  };
  dutch_hybrid: {
    terms: DutchHybridTerms;
    room: DutchHybridRoom;
    command: DutchHybridCommand;
    event: DutchHybridEvent;
    rejection: DutchHybridRejection;
  };
  english: {
    terms: EnglishTerms;
    room: EnglishRoom;
    command: EnglishCommand;
    event: EnglishEvent;
    rejection: EnglishRejection;
  };
  reverse_open: ReverseOpenFormat;
  reverse_rounds: ReverseRoundsFormat;
  sealed_bid: SealedBidFormat;
};

export type FormatName = keyof Formats;
export type TermsOf<Name extends FormatName> = Formats[Name]['terms'];
/** What a format remembers of one auction: plain JSON, written into the snapshot as it is. */
export type RoomOf<Name extends FormatName> = Formats[Name]['room'];
export type AuctionTerms = TermsOf<FormatName>;

/** What a bidder may send, by any format. */
export type BidCommandBody = Formats[FormatName]['command'];
type AuctionCommandBody = FrameCommand<AuctionTerms> | BidCommandBody;
/** What a gateway hands in; the host adds the stamp. */
export type CommandBody = AuctionCommandBody | MarketCommand;
type Stamp = { readonly seq: number; readonly at: Instant };
export type AuctionCommand = AuctionCommandBody & Stamp;
export type Command = AuctionCommand | StampedMarketCommand;

export type AuctionRejection = FrameRejection | Formats[FormatName]['rejection'];
export type Rejection = AuctionRejection | MarketRejection;

/** What a format alone can say; everything else is the frame's. */
export type FormatEvent = Formats[FormatName]['event'];
export type AuctionEvent = FrameEvent<AuctionTerms, Rejection> | FormatEvent;
export type Event = AuctionEvent | MarketEvent;

export type {
  AuctionState,
  Award,
  BidSecurityRule,
  CommonTerms,
  DailyStop,
  MinorText,
  SoftClose,
  UnsoldReason,
  Visibility,
} from './auction/types.ts';
export type * from './auction/awarding/types.ts';
export type * from './auction/catalogue/types.ts';
export type { ClockTerms } from './formats/clock/types.ts';
export type { DutchHybridTerms, HybridPhase } from './formats/dutch-hybrid/types.ts';
export type { DutchTerms } from './formats/dutch/types.ts';
export type { EnglishEvent, EnglishTerms, Standing } from './formats/english/types.ts';
export type * from './formats/reverse-open/types.ts';
export type * from './formats/reverse-rounds/types.ts';
export type * from './formats/sealed-bid/types.ts';
export type * from './market/terms-types.ts';
export type * from './market/types.ts';
export type * from './scoring/types.ts';
