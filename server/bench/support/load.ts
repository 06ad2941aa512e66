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
  const times: number[] = [];
  const total = Math.round((perSecond * ms) / 1000);
  const calls: Promise<void>[] = [];
  let failed = 0;
  for (let begun = 0; begun < total;) {
    const due = Math.min(total, Math.ceil(((performance.now() - started) * perSecond) / 1000));
    for (; begun < due; begun += 1) {
      const at = started + (begun * 1000) / perSecond;
      calls.push(
        once().then((good) => {
          if (good) times.push(performance.now() - at);
          else failed += 1;
        }),
      );
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(calls);
  return { times, failed, perSecond: (times.length * 1000) / (performance.now() - started) };
}
