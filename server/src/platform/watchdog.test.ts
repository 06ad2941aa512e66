import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, it } from 'vitest';
import { HEAP_FULL_EXIT_CODE } from './watchdog.ts';

/** A process of its own that starts the watchdog and then does `what`. */
async function run(
  what: string,
  { nodeOptions = [], stallMs = 500 }: { nodeOptions?: string[]; stallMs?: number } = {},
): Promise<{ code: number | null; signal: string | null; said: string }> {
  const script = `import { startWatchdog } from ${JSON.stringify(path.join(import.meta.dirname, 'watchdog.ts'))};
    const stop = startWatchdog({ stallMs: ${stallMs} });
    const turns = (n) => new Promise((resolve) => setTimeout(resolve, n * 250));
    await turns(3);
    ${what}`;
  const child = spawn(process.execPath, [...nodeOptions, '--input-type=module', '--eval', script]);
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return { code, signal, said };
}

it('a loop that does not turn is ended from outside', async () => {
  const { signal, said } = await run('for (;;);');
  expect(signal).toBe('SIGKILL');
  expect(said).toMatch(/its loop has been stuck for \d+ ms/);
});

it('a loop that waits inside one call is given longer, and is ended too', async () => {
  const wait = (ms: number) => `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${ms});`;
  expect(await run(wait(1_000), { stallMs: 250 })).toEqual({ code: 0, signal: null, said: '' });
  const { signal, said } = await run(wait(60_000), { stallMs: 250 });
  expect(signal).toBe('SIGKILL');
  expect(said).toMatch(/stuck for \d+ ms/);
});

it('a process that is busy but turns, or that has stopped the watchdog, is left alone', async () => {
  const busy =
    'for (let i = 0; i < 20; i += 1) { const end = Date.now() + 100; while (Date.now() < end); await turns(0); }';
  const stuckUnwatched = 'await stop(); const end = Date.now() + 1500; while (Date.now() < end);';
  expect(await run(busy)).toEqual({ code: 0, signal: null, said: '' });
  expect(await run(stuckUnwatched)).toEqual({ code: 0, signal: null, said: '' });
});

it('a heap that fills up ends the process before V8 does, garbage does not', async () => {
  const small = ['--max-old-space-size=64', '--max-semi-space-size=1'];
  const fill = (keep: boolean) =>
    `const kept = []; for (let i = 0; i < 400; i += 1) {
       const piece = Array.from({ length: 5000 }, (_, n) => ({ n, i }));
       ${keep ? 'kept.push(piece);' : ''} await turns(0.04); }`;
  const full = await run(fill(true), { nodeOptions: small });
  expect(full.said).toContain('the heap is fuller than 85 %');
  expect(full.code).toBe(HEAP_FULL_EXIT_CODE);
  expect(await run(fill(false), { nodeOptions: small })).toEqual({ code: 0, signal: null, said: '' });
});
