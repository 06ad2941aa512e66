import { afterEach, describe, expect, it, vi } from 'vitest';
import { Shutdown } from './shutdown.ts';

afterEach(() => void vi.useRealTimers());

describe('a shutdown', () => {
  it('ends everything in reverse, once, although a step fails and another never ends', async () => {
    vi.useFakeTimers();
    const ended: string[] = [];
    const complaints: string[] = [];
    const shutdown = new Shutdown();
    shutdown.add('database', () => void ended.push('database'));
    shutdown.add('hanging', async () => new Promise<void>(() => {}));
    shutdown.add('failing', () => Promise.reject(new Error('no')));
    shutdown.add('web', () => void ended.push('web'));
    const both = Promise.all([1, 2].map(async () => shutdown.run((name) => void complaints.push(name))));
    await vi.runAllTimersAsync();
    await both;
    expect(ended).toEqual(['web', 'database']);
    expect(complaints).toEqual(['failing', 'hanging']);
  });
});
