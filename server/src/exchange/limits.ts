/** Every bound of the hot path, with the sum that gave it. Bytes, entries, milliseconds as named. */

/** One append: measured best near 500, where the disk and the engine take equally long; 2 to 5 ms. */
export const BATCH_ENTRIES_MAX = 500;
export const BATCH_BYTES_MAX = 256 * 1024;

/** Commands waiting per shard, 10 MB at most. At 20,000/s the last one waits 0.4 s; more is refused. */
export const QUEUE_COMMANDS_MAX = 8_000;
/** What an overloaded gateway is told to wait: half of what a full queue takes to drain. */
export const OVERLOAD_RETRY_AFTER_MS = 250;
/** A leader that is lost comes back in about a second (reconnect, takeover, replay of the tail). */
export const NOT_LEADING_RETRY_AFTER_MS = 1_000;

/** A leader that says nothing for this long may be replaced; heartbeats come three times as often. */
export const LEASE_TTL_MS = 3_000;
/** An append is normally 1–20 ms. After this its fate is unknown and a new epoch decides it. */
export const APPEND_STALL_MS = 5_000;
/** A session waiting for the shard row gives up and tries again: somebody is stuck holding it. */
export const LOCK_TIMEOUT_MS = 1_000;
export const CONNECT_TIMEOUT_S = 5;
/** A command that found no leader for this long is refused: its sender sees a dead button by now. */
export const COMMAND_PATIENCE_MS = 5_000;
/** Pauses between attempts to lead: first, and the ceiling of the doubling. */
export const RETRY_FIRST_MS = 50;
export const RETRY_CEILING_MS = 1_000;

/** A clock read over a slower call is not an anchor: the market's time could be off by half of it. */
export const CLOCK_CALL_MAX_MS = 500;
/** Host and database clock may differ by this much before a host may not lead. */
export const CLOCK_OFFSET_MAX_MS = 250;
/** Wall and monotonic clock may part by this much while leading: more means that one of them jumped. */
export const CLOCK_DRIFT_MAX_MS = 500;

/** Replay runs at 150,000 entries/s or more, so a tail of this length costs under two seconds. */
export const SNAPSHOT_EVERY_ENTRIES = 250_000;
export const SNAPSHOTS_KEPT = 3;
/** Read at once from the journal, 5 MB of bids; more than an append holds, so that a page is never empty. */
export const JOURNAL_PAGE_ENTRIES = 8_192;
/** Command ids read at once before a snapshot: half a megabyte. */
export const COMMANDS_PAGE_ENTRIES = 65_536;

/** Entries kept in memory for retries; older ones are read from the journal. */
export const RECENT_ENTRIES = 10_000;

/** One transaction of the SQL views; small enough to be redone at no cost. */
export const PROJECTION_BATCH_ENTRIES = 200;
/** Committed entries waiting for the SQL views; above, they are read back from the journal instead. */
export const PROJECTION_QUEUE_ENTRIES = 10_000;
export const PROJECTION_WAIT_MS = 10_000;

/** Ended auctions stay in the live view for a week of the market's own time; older ones are read from SQL. */
export const ENDED_AUCTION_KEPT_MS = 7 * 86_400_000;

/** Frames of one topic are merged for this long after a first one that leaves at once. */
export const FANOUT_TICK_MS = 20;
/**
 * With many readers for longer: a write takes 5 to 8 µs, so 50 of them in each ms would be a third of a core.
 * A thousand readers are still told every 20 ms, five thousand every 100.
 */
export const FANOUT_READERS_PER_MS = 50;
export const FANOUT_TICK_MAX_MS = 100;
/** Frames kept per topic for clients that come back: at 50 a second 20 s, with bids now and then hours. */
export const FANOUT_RING_FRAMES = 1_000;
/** A reader this far behind gets only the newest state; this far, and it is cut off at once. */
export const READER_BEHIND_BYTES = 256 * 1024;
export const READER_CUT_BYTES = 1024 * 1024;
/** Nor may it stay behind: by then its prices are too old to bid on. */
export const READER_BEHIND_MS = 5_000;
/** How often readers that fell behind are looked at again. */
export const READER_RECHECK_MS = 100;

/** Bids of one login session: nobody types five a second; a robot may for four seconds. */
export const BID_RATE = { burst: 20, perSecond: 5 };
/** All frames of one connection: a page that opens fifty auctions at once fits. */
export const FRAME_RATE = { burst: 100, perSecond: 20 };
/** A connection that goes on after this many refusals in a row is closed: it does not listen. */
export const REFUSALS_IN_A_ROW_MAX = 100;
/** Auctions one connection may watch: more than any page shows. */
export const TOPICS_PER_CONNECTION_MAX = 200;
/** Sockets of one person: two browsers, a phone, some tabs. The oldest gives way. */
export const SOCKETS_PER_PERSON_MAX = 8;
/** Sockets of one network address: an office behind one router. */
export const SOCKETS_PER_ADDRESS_MAX = 200;
export const HEARTBEAT_MS = 1_000;
/** A silent line is asked twice before it is cut. */
export const SOCKET_PING_MS = 20_000;
export const SOCKET_DEAD_MS = 60_000;
/** A login session that ended elsewhere loses its sockets after this at the latest. */
export const SESSION_RECHECK_MS = 30_000;
/** A client frame is an object of plain fields, or a batch of 50 of them: what is deeper or wider is no frame of ours. */
export const FRAME_DEPTH_MAX = 4;
export const FRAME_KEYS_MAX = 512;
