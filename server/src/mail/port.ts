/** How the exchange writes to people outside: one letter at a time, through whatever carries mail. */

export type Letter = {
  readonly to: string;
  /** Names the letter for ever: the same key is the same Message-ID, so a reader's program shows a repeat once. */
  readonly key: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /**
   * Where a mail program stops such letters by one POST without a login (RFC 8058), and where a reader who
   * follows it is shown how; what belongs to a membership cannot be stopped.
   */
  readonly stopOnceUrl?: string;
};

/** `refused`: for good, and with what words; trying again would not help. */
export type Sent = { readonly sent: true } | { readonly refused: string };

export type Mailer = {
  /** @throws when nothing can be said of the letter yet: to be tried again later, with the same key. */
  send(letter: Letter): Promise<Sent>;
};
