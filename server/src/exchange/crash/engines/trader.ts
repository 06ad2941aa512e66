/**
 * Somebody who trades on whichever engine leads: sends a command with one id to one engine after the other
 * until there is an answer, and remembers every answer as it was given.
 */
import type { Outcome, Recorded, Submission } from '../../types.ts';

/** An answer that said: this is in the journal. */
export type Told = {
  readonly actor: string;
  readonly cmdId: string;
  readonly shard: number;
  readonly seq: number;
  readonly at: number;
  readonly status: Recorded['status'];
};

type Options = {
  /** Where engines listen now. */
  readonly ports: () => readonly number[];
  readonly random: () => number;
};

const PATIENCE_MS = { least: 200, most: 1_200 };
const PAUSE_MS = 15;

export class Trader {
  readonly told: Told[] = [];
  /** Commands sent more than once. */
  retried = 0;
  readonly #options: Options;
  #port: number | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** @returns undefined when `over` says so before there was an answer. */
  async command(submission: Submission, over: () => boolean): Promise<Recorded | undefined> {
    for (let sent = 1; !over(); sent += 1) {
      if (sent === 2) this.retried += 1;
      const outcome = await this.#send(submission);
      if (outcome && outcome.status !== 'refused') {
        const { shard, seq, at, status } = outcome;
        this.told.push({ actor: submission.actor, cmdId: submission.cmdId, shard, seq, at, status });
        return outcome;
      }
      this.#port = undefined;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return undefined;
  }

  async #send(submission: Submission): Promise<Outcome | undefined> {
    const { ports, random } = this.#options;
    const all = ports();
    const port = this.#port ?? all[Math.floor(random() * all.length)];
    if (port === undefined) return undefined;
    const patience = PATIENCE_MS.least + random() * (PATIENCE_MS.most - PATIENCE_MS.least);
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body: JSON.stringify(submission),
        signal: AbortSignal.timeout(Math.round(patience)),
      });
      if (answer.ok) {
        this.#port = port;
        return (await answer.json()) as Outcome;
      }
    } catch (error) {
      // Killed, paused or gone: the next one is asked. What is neither is a mistake of ours.
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    }
    return undefined;
  }
}
