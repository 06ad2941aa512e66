/** What the rest of the server may use of mail. */
export type { Letter, Mailer, Sent } from './port.ts';
export { smtpMailer } from './smtp.ts';
export { readStopToken, stopToken } from './stop-links.ts';
