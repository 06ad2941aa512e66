import { afterEach, describe, expect, it } from 'vitest';
import { sampleTerms } from '../evidence/sample-terms.ts';
import type { jobs } from './jobs.ts';
import { type Press, type PressOptions, openPress } from './press.ts';
import { zip } from './zip.ts';

let press: Press | undefined;
afterEach(async () => press?.close());
/** A press that is asked for nothing that is kept never goes to its database. */
const open = (options: Partial<PressOptions>): Press => {
  press = openPress({ databaseUrl: 'postgres://nowhere.invalid/none', threads: 1, ...options });
  return press;
};
/** A thread of a few lines. */
const thread = (code: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort as p } from 'node:worker_threads';${code}`)}`,
  );
const ANSWER = "p.on('message', ({ id, input }) => p.postMessage({ id, ok: true, value: input }));";
const { terms } = sampleTerms(new Date('2026-11-24T09:00:00.000Z'));
const order: Parameters<typeof jobs.render>[0] = [terms, 'http://seam.test'];

describe('the press', () => {
  it('does a job in a thread, tells what a job threw, and does the next one', async () => {
    const url = (of: string): string => JSON.stringify(new URL(of, import.meta.url).href);
    const render = `import { serveJobs } from ${url('../../platform/thread-jobs.ts')};
      import { Fault } from ${url('../../platform/fault.ts')};
      serveJobs({ async render([terms, to]) {
        if (to === '') throw new Fault('contract.font_missing_glyph', 'of nothing');
        return { termsJson: terms.number, bytes: new Uint8Array([to.length]) }; } });`;
    const own = open({ thread: thread(render) });
    await expect(own.run('render', [terms, ''])).rejects.toMatchObject({
      code: 'contract.font_missing_glyph',
    });
    const done = { termsJson: terms.number, bytes: new Uint8Array([5]) };
    expect(await own.run('render', [terms, 'there'])).toEqual(done);
  });

  it('runs a job again whose thread died, once: then 503 service.unavailable', async () => {
    const once = `import fs from 'node:fs'; p.on('message', ({ id, input }) => {
      if (!fs.existsSync(input[1])) { fs.writeFileSync(input[1], ''); process.exit(1); }
      p.postMessage({ id, ok: true, value: 'done' }); });`;
    const mark = `/tmp/seam-press-${process.pid}-${Math.random()}`;
    const answer = await open({ thread: thread(once) }).run('render', [terms, mark]);
    expect(answer).toBe('done');
    await press!.close();
    const dying = open({ thread: thread("p.on('message', () => process.exit(1));") });
    await expect(dying.run('render', order)).rejects.toMatchObject({ code: 'service.unavailable' });
  });

  it('ends a thread that is stuck, and the jobs behind it are done', async () => {
    const stuck = open({ jobMs: 50, thread: thread("p.on('message', () => { for (;;); });") });
    await expect(stuck.run('render', order)).rejects.toMatchObject({ code: 'service.unavailable' });
  });

  it('503 contract.press_busy when its queue is full, with the time to wait', async () => {
    const busy = open({ waitingMax: 1, thread: thread(ANSWER) });
    const [first, second] = [busy.run('render', order), busy.run('render', order)];
    await expect(busy.run('render', order)).rejects.toMatchObject({
      code: 'contract.press_busy',
      retryAfterMs: expect.any(Number),
    });
    await Promise.all([first, second]);
  });

  it('closed, refuses what is new and ends what waits', async () => {
    const own = open({ thread: thread("p.on('message', () => {});") });
    const pending = [own.run('render', order), own.run('render', order)].map(async (job) =>
      job.catch((error: { code: string }) => error.code),
    );
    await own.close();
    expect(await Promise.all(pending)).toEqual(['service.unavailable', 'service.unavailable']);
    await expect(own.run('render', order)).rejects.toMatchObject({ code: 'service.unavailable' });
  });

  it.skipIf(process.platform !== 'linux')('yields the processor to everybody else', async () => {
    const nice = `import fs from 'node:fs'; await import(${JSON.stringify(new URL('./thread.ts', import.meta.url).href)});
      const said = fs.readFileSync('/proc/thread-self/stat', 'utf8').split(') ')[1].split(' ')[16];
      p.removeAllListeners('message'); p.on('message', ({ id }) => p.postMessage({ id, ok: true, value: said }));`;
    expect(await open({ thread: thread(nice) }).run('render', order)).toBe('19');
  });
});

describe('a package', () => {
  it('refuses a name that leads out of its folder, or twice the same', () => {
    for (const name of ['../a', '/a', 'a/../b', 'A\\b', ''])
      expect(() => zip([{ name, bytes: new Uint8Array() }])).toThrow('no name');
    const twice = { name: 'a', bytes: new Uint8Array() };
    expect(() => zip([twice, twice])).toThrow('no name');
  });
});
