/**
 * Ends what was started, in reverse order, once: on a signal, when the parent process is gone (npm does
 * not pass signals on), or when the start itself failed half way.
 */
import closeWithGrace from 'close-with-grace';

type Step = { name: string; stop: () => Promise<void> | void };

/** A stuck connection must not keep a stopped server alive; the journal makes an abrupt end safe. */
const GRACE_MS = 20_000;
/** One step that hangs (a Redis that is gone) must not keep the later ones, the database above all, from ending. */
const STEP_MS_MAX = 6_000;
const PARENT_POLL_MS = 500;

export class Shutdown {
  readonly #steps: Step[] = [];
  #stopping: Promise<void> | undefined;

  /** Registers how to stop what has just been started. */
  add(name: string, stop: () => Promise<void> | void): void {
    this.#steps.push({ name, stop });
  }

  async run(onError: (name: string, error: unknown) => void): Promise<void> {
    this.#stopping ??= this.#runSteps(onError);
    return this.#stopping;
  }

  async #runSteps(onError: (name: string, error: unknown) => void): Promise<void> {
    for (const step of this.#steps.toReversed()) {
      try {
        await within(STEP_MS_MAX, step.stop());
      } catch (error) {
        onError(step.name, error);
      }
    }
  }

  /** Listens for signals and for the end of the parent. */
  install(onError: (name: string, error: unknown) => void): void {
    const grace = closeWithGrace({ delay: GRACE_MS, logger: undefined }, async ({ err }) => {
      if (err) onError('fatal', err);
      await this.run(onError);
    });
    // Under npm a lost parent means Ctrl-C or a closed terminal; a supervisor's child lives on.
    if (process.env['SEAM_STOP_WITH_PARENT'] !== '1') return;
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) void grace.close();
    }, PARENT_POLL_MS).unref();
  }
}

/** @throws Error when `work` has not ended after `ms`; it may still end later. */
async function within(ms: number, work: Promise<void> | void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`did not stop within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
