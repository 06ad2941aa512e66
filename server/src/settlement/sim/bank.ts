/** The demo bank as the simulation runs it: a process that fails by the seed, dies, and is started again. */
import { type OutsideWorld, outsideWorld } from '../../bank-simulator/client.ts';
import type { FaultRates } from '../../bank-simulator/faults.ts';
import { type RunningBank, launchBank } from '../../bank-simulator/launch.ts';
import { freePort } from '../../platform/port.ts';
import { SECRET, simClock, timeFrom } from './settings.ts';

/** Of 10,000 occasions: a fifth of what the bank tells is told twice, late, never, or by somebody else. */
export const RATES: FaultRates = {
  duplicate: 2_000,
  reordered: 2_000,
  lost: 2_000,
  forged: 2_000,
  answer_lost: 300,
  times_out_after_debit: 50,
  not_reached: 300,
  returned: 100,
  wrong_amount: 20,
};

export class Bank {
  readonly url: string;
  readonly world: OutsideWorld;
  crashes = 0;
  readonly #launch: () => Promise<RunningBank>;
  #running: RunningBank | undefined;
  #rates: { seed: number; rates: FaultRates } | undefined;
  #stopped = false;

  private constructor(url: string, world: OutsideWorld, launch: () => Promise<RunningBank>) {
    this.url = url;
    this.world = world;
    this.#launch = launch;
  }

  static async start(of: { databaseUrl: string; callbackUrl: string; startMs: number }): Promise<Bank> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const launch = async (): Promise<RunningBank> =>
      launchBank({
        databaseUrl: of.databaseUrl,
        callbackUrl: of.callbackUrl,
        port,
        secret: SECRET,
        faults: true,
        clock: timeFrom(of.startMs),
      });
    const world = outsideWorld({ url, secret: SECRET, clock: simClock(of.startMs), timeoutMs: 60_000 });
    const bank = new Bank(url, world, launch);
    await bank.#begin();
    return bank;
  }

  async #begin(): Promise<void> {
    const running = await this.#launch();
    this.#running = running;
    void running.exited.then(async () => {
      if (this.#stopped) return;
      this.crashes += 1;
      await this.#begin();
    });
    // A process that was started again knows nothing of its misfortunes.
    if (this.#rates) await this.world.drawFaults(this.#rates.seed + this.crashes, this.#rates.rates);
  }

  async draw(seed: number, rates: FaultRates): Promise<void> {
    this.#rates = { seed, rates };
    await this.world.drawFaults(seed, rates);
  }

  /** What is wrong must be told to be found: while `work` runs nothing that the bank tells is lost or overtaken. */
  async tellingAll(work: () => Promise<unknown>): Promise<void> {
    const usual = this.#rates;
    if (!usual) return;
    try {
      await this.world.drawFaults(usual.seed, { ...usual.rates, lost: 0, reordered: 0 });
      await work();
    } catch {
      // It died over it; tomorrow is another day.
    }
    await this.draw(usual.seed + 1_000, usual.rates).catch(() => {});
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running?.stop();
  }
}

/** Asks again until there is an answer: the bank may be dying at this moment. Only for what may be asked twice. */
export async function persistently<T>(ask: () => Promise<T>, triesMax = 40): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tried >= triesMax) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
