/** A part of a bench in a process of its own, so that its time on the processor is its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export type Child = {
  /** @throws what the child threw. */
  ask<T>(question: object): Promise<T>;
  stop(): Promise<void>;
};

type Answer = { id: number; value?: unknown; error?: string };

/** Runs a file of server/bench and waits until it listens to questions. */
export async function startChild(
  file: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Child> {
  const child: ChildProcess = fork(path.join(import.meta.dirname, '..', file), args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let asked = 0;
  let ended = false;
  child.on('message', ({ id, value, error }: Answer) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(value);
    else one?.reject(new Error(`${file}: ${error}`));
  });
  child.once('exit', (code, signal) => {
    ended = true;
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended with ${code ?? signal}`));
  });
  const ask = async <T>(question: object): Promise<T> => {
    asked += 1;
    const id = asked;
    return new Promise<T>((resolve, reject) => {
      if (ended) return reject(new Error(`${file} has ended`));
      waiting.set(id, { resolve: (value) => resolve(value as T), reject });
      child.send({ id, question });
    });
  };
  await ask({ do: 'ready' });
  return {
    ask,
    async stop() {
      if (ended) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** The child's side: answers each question by its `do`. Ends with its parent. */
export function answer(answers: Record<string, (question: never) => unknown>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ id, question }: { id: number; question: { do: string } }) => {
    const respond = async (): Promise<unknown> =>
      question.do === 'ready' ? true : answers[question.do]?.(question as never);
    respond().then(
      (value) => process.send?.({ id, value }),
      (error: unknown) => process.send?.({ id, error: (error as Error).stack ?? String(error) }),
    );
  });
}

/** Microseconds this process has been on a processor. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
