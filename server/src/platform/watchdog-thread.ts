/**
 * The watchdog's own thread. What counts is the processor time that the loop has spent without a beat, not
 * time: a machine that slept, or had no processor to give, finds the loop as far as it was. Where the system
 * does not tell (Linux does), and for a loop that waits inside one call for ever, turns of this thread count.
 */
import fs from 'node:fs';
import { workerData } from 'node:worker_threads';
import { say } from './watchdog.ts';

type Given = { readonly beats: Int32Array; readonly beatMs: number; readonly stallMs: number };

/** A loop that waits and burns nothing is given this many times as long: the disk may be what is slow. */
const WAITING_TIMES = 10;

const { beats, beatMs, stallMs } = workerData as Given;
const silence = new Int32Array(new SharedArrayBuffer(4));
let seen = Atomics.load(beats, 0);
let missed = 0;
let spentAtBeat = spentMs();
for (;;) {
  Atomics.wait(silence, 0, 0, beatMs);
  const now = Atomics.load(beats, 0);
  const spent = spentMs();
  if (now !== seen) spentAtBeat = spent;
  missed = now === seen ? missed + 1 : 0;
  seen = now;
  const silentMs = missed * beatMs;
  const burntMs = spent === undefined || spentAtBeat === undefined ? silentMs : spent - spentAtBeat;
  if ((silentMs > stallMs && burntMs > stallMs) || silentMs > stallMs * WAITING_TIMES) {
    say(`its loop has been stuck for ${silentMs} ms, ${Math.round(burntMs)} ms of them computing`);
    // A thread can end itself only; the signal ends the process whatever its loop is doing.
    process.kill(process.pid, 'SIGKILL');
  }
}

/** Processor time of the main thread in ms, whose number is the process's own. */
function spentMs(): number | undefined {
  try {
    const [ns] = fs.readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return Number(ns) / 1e6;
  } catch {
    return undefined;
  }
}
