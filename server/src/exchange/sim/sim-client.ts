/** Somebody with commands: sends each with one id until the market has answered for good. */
import type { Outcome, Recorded, Submission } from '../types.ts';
import type { SimEngine } from './sim-engine.ts';
import type { World } from './world.ts';

export class SimClient {
  readonly name: string;
  /** Commands without an outcome. */
  waiting = 0;
  resent = 0;
  readonly #world: World;
  readonly #engines: readonly SimEngine[];
  /** Where the last answer came from. */
  #to = 0;

  constructor(world: World, engines: readonly SimEngine[], name: string) {
    this.#world = world;
    this.#engines = engines;
    this.name = name;
  }

  /** Resolves with the one outcome; in between the client retries, asks others, and waits. */
  async command(submission: Submission): Promise<Recorded> {
    const { clock, random, checker } = this.#world;
    this.waiting += 1;
    for (let attempt = 0; ; attempt += 1) {
      if (attempt > 0) this.resent += 1;
      const outcome = await this.#attempt(submission);
      if (outcome && outcome.status !== 'refused') {
        this.waiting -= 1;
        return outcome;
      }
      if (outcome?.code === 'cmd_id_reused')
        checker.fail('P4 an id belongs to its command', `${submission.cmdId} refused as used`);
      // Silence, or somebody who does not lead: perhaps another one does.
      this.#to = random.below(this.#engines.length);
      await clock.pause(random.between(5, Math.min(outcome?.retryAfterMs ?? 50, 300)));
    }
  }

  /** One sending of it; undefined when no answer came in time. */
  #attempt(submission: Submission): Promise<Outcome | undefined> {
    const { clock, random } = this.#world;
    return new Promise((resolve) => {
      clock.after(random.between(200, 1_500), () => resolve(undefined));
      this.post(submission, resolve);
      // Now and then two at once, to two engines.
      if (random.chance(0.03)) this.post(submission, resolve, random.below(this.#engines.length));
    });
  }

  /** Sends and forgets, unless `reply` is told. */
  post(submission: Submission, reply: (outcome: Outcome) => void, to = this.#to): void {
    const { net } = this.#world;
    const engine = this.#engines[to];
    if (!engine) return;
    const { name } = engine.machine;
    net.send('clients', name, () =>
      engine.receive(submission, (outcome) => net.send(name, 'clients', () => reply(outcome))),
    );
  }
}
