/** Limits of this slice, each with its reason. */

/** Talks one company keeps open: a trading desk follows some dozens at once. */
export const OPEN_MAX = 200;
/** Entries of one talk: weeks of daily messages, and still one page to load. */
export const ENTRIES_MAX = 500;
/** Offers of one talk: after so many rounds people telephone. */
export const OFFERS_MAX = 60;
/** Files of one talk, and all of them together: certificates, drawings, tables. */
export const FILES_MAX = 40;
export const FILES_BYTES_MAX = 40 * 1024 * 1024;
/** An offer stands for a minute at least, so that it can be read, and for 60 days at most. */
export const VALID_MIN_MS = 60_000;
export const VALID_MAX_MS = 60 * 24 * 3600_000;
/** A pair of eyes waits for news no longer than any proxy keeps a request open. */
export const NEWS_WAIT_MS = 20_000;
/** Requests that wait for news: in one process, and of one person with its open windows. */
export const WAITING_MAX = 2_000;
export const WAITING_PER_PERSON_MAX = 8;
/** Silence after which a talk ends: a month, the longest that prices of coal are talked about. */
export const IDLE_MS = 30 * 24 * 3600_000;
/** Of a list: a working day's page. */
export const LIST_MAX = 200;
/** A stated reason opens the files of a talk to its inspector for a working day. */
export const INSPECTION_HOURS = 12;
