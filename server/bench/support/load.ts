/** Two ways to load something: always so many under way, or so many a second whatever happens. */

/** Keeps `outstanding` calls of `once` under way for `ms`. @returns how many ended, a second. */
export async function closedLoop(
  once: () => Promise<void>,
  outstanding: number,
  ms: number,
): Promise<number> {
  const started = performance.now();
  const end = started + ms;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      await once();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: outstanding }, worker));
  return (done * 1000) / (performance.now() - started);
}

export type OpenLoop = { readonly times: number[]; readonly failed: number; readonly perSecond: number };

/**
 * Starts `perSecond` calls a second for `ms`, on time whether or not the earlier ones have ended.
 * @returns ms from when each should have started until it ended: waiting for its turn counts.
 */
export async function openLoop(
  once: () => Promise<boolean>,
  perSecond: number,
  ms: number,
): Promise<OpenLoop> {
  const started = performance.now();
  const total = Math.round((perSecond * ms) / 1000);
  // Room made beforehand: what measures must not keep the collector busy with what it remembers.
  const took = new Float64Array(total);
  const all = Promise.withResolvers<void>();
  let good = 0;
  let failed = 0;
  for (let begun = 0; begun < total;) {
    const due = Math.min(total, Math.ceil(((performance.now() - started) * perSecond) / 1000));
    for (; begun < due; begun += 1) {
      const at = started + (begun * 1000) / perSecond;
      once().then((isGood) => {
        if (isGood) took[good++] = performance.now() - at;
        else failed += 1;
        if (good + failed === total) all.resolve();
      }, all.reject);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await all.promise;
  const times = [...took.subarray(0, good)];
  return { times, failed, perSecond: (good * 1000) / (performance.now() - started) };
}
