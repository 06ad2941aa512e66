export type Rate = { readonly burst: number; readonly perSecond: number };

/** So many at once, so many a second, and how long to wait for the next. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perMs: number;
  #tokens: number;
  #atMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.#burst = rate.burst;
    this.#perMs = rate.perSecond / 1000;
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  /**
   * @param cost tokens taken at once. More than fit the bucket are taken when it is full, and owed: whoever
   *   sends much at once waits the longer afterwards.
   * @returns 0 when they were taken, else the ms until there are enough.
   */
  take(nowMs: number, cost = 1): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#atMs) * this.#perMs);
    this.#atMs = nowMs;
    const least = Math.min(cost, this.#burst);
    if (this.#tokens < least) return Math.ceil((least - this.#tokens) / this.#perMs);
    this.#tokens -= cost;
    return 0;
  }
}
