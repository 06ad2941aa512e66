import { afterEach, describe, expect, it } from 'vitest';
import { type Press, type PressOptions, openPress } from './press.ts';
import { zip } from './zip.ts';

let press: Press | undefined;
afterEach(async () => press?.close());
const open = (options: PressOptions): Press => {
  press = openPress({ threads: 1, ...options });
  return press;
};
/** A thread of a few lines. */
const thread = (code: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort as p } from 'node:worker_threads';${code}`)}`,
  );
const ANSWER = "p.on('message', ({ id, input }) => p.postMessage({ id, ok: true, value: input }));";
const files = { files: [{ name: 'a.txt', bytes: new Uint8Array([1]) }] };

describe('the press', () => {
  it('does a job in a thread, and the same input gives the same bytes', async () => {
    const zipped = await open({}).run('zip', files);
    expect(Buffer.from(zipped)).toEqual(Buffer.from(zip(files.files)));
  });

  it('tells what a job threw, and does the next one', async () => {
    const own = open({});
    await expect(own.run('zip', { files: [{ name: '../escape', bytes: new Uint8Array() }] })).rejects.toThrow(
      'no name for a file of a package',
    );
    expect((await own.run('zip', files)).length).toBeGreaterThan(0);
  });

  it('runs a job again whose thread died, once: then 503 service.unavailable', async () => {
    const once = `import fs from 'node:fs'; p.on('message', ({ id, input }) => {
      if (!fs.existsSync(input.files[0].name)) { fs.writeFileSync(input.files[0].name, ''); process.exit(1); }
      p.postMessage({ id, ok: true, value: 'done' }); });`;
    const mark = `/tmp/seam-press-${process.pid}-${Math.random()}`;
    const answer = await open({ thread: thread(once) }).run('zip', {
      files: [{ name: mark, bytes: new Uint8Array() }],
    });
    expect(answer).toBe('done');
    await press!.close();
    const dying = open({ thread: thread("p.on('message', () => process.exit(1));") });
    await expect(dying.run('zip', files)).rejects.toMatchObject({ code: 'service.unavailable' });
  });

  it('ends a thread that is stuck, and the jobs behind it are done', async () => {
    const stuck = open({ jobMs: 50, thread: thread("p.on('message', () => { for (;;); });") });
    await expect(stuck.run('zip', files)).rejects.toMatchObject({ code: 'service.unavailable' });
  });

  it('503 contract.press_busy when its queue is full, with the time to wait', async () => {
    const busy = open({ waitingMax: 1, thread: thread(ANSWER) });
    const [first, second] = [busy.run('zip', files), busy.run('zip', files)];
    await expect(busy.run('zip', files)).rejects.toMatchObject({
      code: 'contract.press_busy',
      retryAfterMs: expect.any(Number),
    });
    await Promise.all([first, second]);
  });

  it('closed, refuses what is new and ends what waits', async () => {
    const own = open({ thread: thread("p.on('message', () => {});") });
    const pending = [own.run('zip', files), own.run('zip', files)].map(async (job) =>
      job.catch((error: { code: string }) => error.code),
    );
    await own.close();
    expect(await Promise.all(pending)).toEqual(['service.unavailable', 'service.unavailable']);
    await expect(own.run('zip', files)).rejects.toMatchObject({ code: 'service.unavailable' });
  });

  it.skipIf(process.platform !== 'linux')('yields the processor to everybody else', async () => {
    const nice = `import fs from 'node:fs'; await import(${JSON.stringify(new URL('./thread.ts', import.meta.url).href)});
      const said = fs.readFileSync('/proc/thread-self/stat', 'utf8').split(') ')[1].split(' ')[16];
      p.removeAllListeners('message'); p.on('message', ({ id }) => p.postMessage({ id, ok: true, value: said }));`;
    expect(await open({ thread: thread(nice) }).run('zip', files)).toBe('19');
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
