/** What the environment says about mail; a wrong value ends the start with one line. */
import { StartError } from './start-error.ts';

export type MailConfig = { readonly smtpUrl: string; readonly mailFrom: string };

const ADDRESS = /^[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;[\]\\]+$/;

/** @returns undefined when no mail is wanted. @throws StartError naming the variable and what it must be. */
export function readMailConfig(env: NodeJS.ProcessEnv): MailConfig | undefined {
  const smtpUrl = env['SMTP_URL'];
  const mailFrom = env['MAIL_FROM'];
  if (!smtpUrl) {
    if (mailFrom) throw new StartError('MAIL_FROM needs SMTP_URL, the server that takes the mail');
    return undefined;
  }
  const url = URL.parse(smtpUrl);
  // The value is not repeated: it may hold a password.
  if (!url || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '')
    throw new StartError(
      'SMTP_URL must be smtp://[user:password@]host[:port], or smtps:// for TLS from the start',
    );
  if (!mailFrom) throw new StartError('MAIL_FROM must name the sender when SMTP_URL is set');
  const address = /^[^<>\r\n]*<([^<>]*)>$/.exec(mailFrom)?.[1] ?? mailFrom;
  if (!ADDRESS.test(address) || /[\r\n]/.test(mailFrom))
    throw new StartError(`MAIL_FROM must be name@host or Name <name@host>, not "${mailFrom}"`);
  return { smtpUrl, mailFrom };
}
