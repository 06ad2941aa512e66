/** Numbers of this slice, with their reasons. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A working day and a late evening; whoever comes back next morning logs in again. */
export const SESSION_IDLE_MS = 12 * HOUR_MS;
/** However busy, a login ends after a week. */
export const SESSION_TOTAL_MS = 7 * 24 * HOUR_MS;
/** Sliding is written at most this often per session: one write in ten minutes, not one per request. */
export const SESSION_SLIDE_EVERY_MS = 10 * MINUTE_MS;

/** People per company: more than any member's trading desk, fewer than fill a page. */
export const PEOPLE_MAX = 50;
export const CERTIFICATION_PAGE_ROWS = 50;

export type AttemptLimit = { readonly kind: string; readonly max: number; readonly windowMs: number };

/** A person mistypes a few times; a guesser gets 32 tries an hour for one account from one address. */
export const LOGIN_PER_ACCOUNT_AND_IP: AttemptLimit = {
  kind: 'login_account_ip',
  max: 8,
  windowMs: 15 * MINUTE_MS,
};
/** One list of stolen passwords tried from one address; an office behind one address stays far below. */
export const LOGIN_PER_IP: AttemptLimit = { kind: 'login_ip', max: 100, windowMs: 15 * MINUTE_MS };
/** Many addresses trying one account. Higher than the first, so that a stranger does not lock an owner out soon. */
export const LOGIN_PER_ACCOUNT: AttemptLimit = { kind: 'login_account', max: 100, windowMs: 15 * MINUTE_MS };
/** Answers tell whether a company or e-mail is registered, so asking is counted; also each costs hashing. */
export const REGISTRATIONS_PER_IP: AttemptLimit = { kind: 'register_ip', max: 40, windowMs: HOUR_MS };
/** The present password asked for by whoever found a screen unlocked. */
export const PASSWORD_CHANGES_PER_PERSON: AttemptLimit = {
  kind: 'password_change',
  max: 8,
  windowMs: 15 * MINUTE_MS,
};

/** The password asked for again counts for so long: time to read a contract's last page and sign it. */
export const STEP_UP_MS = 5 * MINUTE_MS;
/** Whoever sits at somebody else's screen gets no more guesses than at the login. */
export const STEP_UPS_PER_PERSON: AttemptLimit = { kind: 'step_up', max: 8, windowMs: 15 * MINUTE_MS };
/** A telephone, a computer, a spare key, and room. */
export const PASSKEYS_MAX = 10;
export const PASSKEY_CREATION_MS = 5 * MINUTE_MS;

/** Licences of every mine of a large producer, with their renewals. */
export const DOCUMENTS_MAX = 60;
/** A second person is there within a weekend; what was proposed longer ago is no decision any more. */
export const PROPOSAL_MS = 72 * HOUR_MS;
/** Time for the owner of a company whose login was stolen to see that its account was changed. */
export const ACCOUNT_COOL_OFF_MS = 72 * HOUR_MS;
/** The latest of one company: more would not be read. */
export const PROPOSALS_SHOWN = 50;
