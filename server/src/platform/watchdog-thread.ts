/**
 * The watchdog's own thread. It counts turns of its own clock without a beat, not time: a machine that
 * slept, or had no processor to give to either thread, finds both as far as they were.
 */
import { workerData } from 'node:worker_threads';
import { say } from './watchdog.ts';

type Given = { readonly beats: Int32Array; readonly beatMs: number; readonly missedMax: number };

const { beats, beatMs, missedMax } = workerData as Given;
const silence = new Int32Array(new SharedArrayBuffer(4));
let seen = Atomics.load(beats, 0);
let missed = 0;
for (;;) {
  Atomics.wait(silence, 0, 0, beatMs);
  const now = Atomics.load(beats, 0);
  missed = now === seen ? missed + 1 : 0;
  seen = now;
  if (missed > missedMax) {
    say(`its loop has been stuck for ${missed * beatMs} ms`);
    // A thread can end itself only; the signal ends the process whatever its loop is doing.
    process.kill(process.pid, 'SIGKILL');
  }
}
