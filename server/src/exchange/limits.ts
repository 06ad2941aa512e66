/** Every bound of the hot path, with the sum that gave it. Bytes, entries, milliseconds as named. */

/** One append: measured best near 200–1,000; small enough that a commit stays under 10 ms on a slow disk. */
export const BATCH_ENTRIES_MAX = 200;
export const BATCH_BYTES_MAX = 256 * 1024;

/** Commands waiting per shard. At 5,000/s on a slow machine the last one waits 0.4 s; more is refused. */
export const QUEUE_COMMANDS_MAX = 2_000;
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

/** Host and database clock may differ by this much before a host may not lead. */
export const CLOCK_OFFSET_MAX_MS = 250;
/** Wall and monotonic clock may part by this much while leading: more means that one of them jumped. */
export const CLOCK_DRIFT_MAX_MS = 500;

/** Replay runs at 60,000 entries/s or more, so a tail of this length costs under a second. */
export const SNAPSHOT_EVERY_ENTRIES = 50_000;
export const SNAPSHOTS_KEPT = 3;
/** Rows fetched at once while reading the journal: at 4 KB a body this is 8 MB. */
export const JOURNAL_PAGE_ENTRIES = 2_000;

/** Outcomes kept in memory for retries; older ones are read from the journal. */
export const RECENT_OUTCOMES_MAX = 10_000;

/** One transaction of the SQL views; small enough to be redone at no cost. */
export const PROJECTION_BATCH_ENTRIES = 200;
/** Committed entries waiting for the SQL views; above, they are read back from the journal instead. */
export const PROJECTION_QUEUE_ENTRIES = 10_000;
export const PROJECTION_WAIT_MS = 10_000;

/** Ended auctions stay in the live view for a week of the market's own time; older ones are read from SQL. */
export const ENDED_AUCTION_KEPT_MS = 7 * 86_400_000;

/** Frames of one topic are merged for this long after a first one that leaves at once. */
export const FANOUT_TICK_MS = 20;
/** Frames kept per topic for clients that come back: at 50 a second 20 s, with bids now and then hours. */
export const FANOUT_RING_FRAMES = 1_000;
/** A reader this far behind gets only the newest state; this far, and it is cut off. */
export const READER_BEHIND_BYTES = 256 * 1024;
export const READER_CUT_BYTES = 1024 * 1024;
/** How often readers that fell behind are looked at again. */
export const READER_RECHECK_MS = 100;
