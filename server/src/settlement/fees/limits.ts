const DAY_MS = 24 * 3600_000;
/** Members may comment on a proposed fee for so long before anybody can confirm it. */
export const COMMENT_MS = 7 * DAY_MS;
/** From the proposal to the first contract that pays by it: the comment period and as long again to prepare. */
export const NOTICE_MS = 14 * DAY_MS;
/** Of one rule; a company says what it has to say in less. */
export const COMMENTS_MAX = 500;
