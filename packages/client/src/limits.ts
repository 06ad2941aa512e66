/** Every bound of the client, with its reason. Milliseconds. */

/** Three heartbeats missed: what is shown may no longer be what is. */
export const STALE_AFTER_MS = 3_000;
/** Silent for this long the line is given up; between the two it may still speak again. */
export const DROP_AFTER_MS = 4_500;
/** How often the silence of a line is looked at. */
export const WATCH_EVERY_MS = 500;
/** A server that does not greet by then will not. */
export const WELCOME_PATIENCE_MS = 5_000;

/** Even the luckiest client waits this long: twenty tries a second at most. */
export const BACKOFF_LEAST_MS = 50;

/** First bound of the random pause before the next attempt; it doubles up to the ceiling. */
export const BACKOFF_FIRST_MS = 250;
export const BACKOFF_CEILING_MS = 10_000;
/** A line that stood this long starts again at the first bound: short ones would reconnect in a loop. */
export const STEADY_AFTER_MS = 10_000;

/** Round trips the server's clock is taken from. */
export const CLOCK_SAMPLES = 5;
/** Apart, so that the samples do not share one bad moment of the network. */
export const PING_BURST_EVERY_MS = 400;
export const PING_EVERY_MS = 10_000;
/** Clocks that part by more than this, beyond the round trip, did not drift: one of them was set. */
export const CLOCK_JUMP_MS = 500;
/** A heartbeat this far off asks for a new measurement. */
export const CLOCK_SUSPECT_MS = 1_500;

/** A subscription not answered by then is asked for again, from the beginning. */
export const RESYNC_PATIENCE_MS = 3_000;
/** An answer to a command takes milliseconds; after this the same one is sent again with the same id. */
export const ANSWER_PATIENCE_MS = 3_000;
/** A command still without an answer after this is called unknown: its sender has to look, not to wait. */
export const COMMAND_PATIENCE_MS = 30_000;
/** Pause before asking again with the same id. */
export const SAME_ID_PAUSE_MS = 500;

/** An HTTP call that takes longer is given up; its outcome is then not known. */
export const HTTP_PATIENCE_MS = 15_000;
