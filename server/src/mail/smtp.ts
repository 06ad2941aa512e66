/**
 * Mail through an SMTP server. A letter is handed over once and its answer waited for; where the answer got
 * lost the letter goes again under the same Message-ID, which is as near to exactly once as SMTP comes.
 */
import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Mailer } from './port.ts';

export type SmtpOptions = {
  /** `smtp://` (upgraded by STARTTLS where the server offers it) or `smtps://`, with user and password inside. */
  readonly url: string;
  /** `name@host` or `Name <name@host>`. */
  readonly from: string;
  /** A server that says nothing for so long is taken for down; far less than the lease of the work. */
  readonly patienceMs?: number;
};

const PATIENCE_MS = 15_000;
const ANSWER_MAX = 300;

export function smtpMailer({ url, from, patienceMs = PATIENCE_MS }: SmtpOptions): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    dnsTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const host = /@([^>\s]+)>?$/.exec(from)?.[1] ?? 'localhost';
  return {
    async send({ to, key, subject, text, html, stopOnceUrl }) {
      const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          html,
          messageId: `<${name}@${host}>`,
          headers: {
            'Auto-Submitted': 'auto-generated',
            // Mail programs post to nothing but https.
            ...(stopOnceUrl?.startsWith('https:') && {
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            }),
          },
          ...(stopOnceUrl !== undefined && { list: { unsubscribe: stopOnceUrl } }),
        });
        return { sent: true };
      } catch (error) {
        const refused = refusedForGood(error);
        if (refused !== undefined) return { refused };
        throw error;
      }
    },
  };
}

/** What the server said when it will never take this letter: its address or its content is wrong, not the hour. */
function refusedForGood(error: unknown): string | undefined {
  const { code, responseCode, response } = error as {
    code?: string;
    responseCode?: number;
    response?: string;
  };
  const isOfLetter = code === 'EENVELOPE' || code === 'EMESSAGE';
  if (!isOfLetter || (responseCode ?? 0) < 500) return undefined;
  return (response ?? String(responseCode)).slice(0, ANSWER_MAX);
}
