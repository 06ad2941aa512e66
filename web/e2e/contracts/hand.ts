/** A person's hand: it types as people type, and its clicks are counted. */
import type { Locator } from 'playwright-core';

/** About 300 characters a minute. */
const KEY_MS = 200;

export class Hand {
  clicks = 0;
  #startedMs = Date.now();

  async click(what: Locator): Promise<void> {
    this.clicks += 1;
    await what.click();
  }

  async type(into: Locator, text: string): Promise<void> {
    await this.click(into);
    await into.pressSequentially(text, { delay: KEY_MS });
  }

  seconds(): number {
    return (Date.now() - this.#startedMs) / 1000;
  }
}
