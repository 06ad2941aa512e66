import { expect, it } from 'vitest';
import { runEnginesChaos } from './engines-chaos.ts';
import { ChaosServer } from './server.ts';

it('engines that are killed, stopped, cut off and robbed of their database lose nothing and sell nothing twice', async () => {
  const server = await ChaosServer.start();
  try {
    const run = { server, name: 'short', variant: 'honest', seconds: 8, seed: 3 } as const;
    const report = await runEnginesChaos({ ...run, bidders: 6, pauseMsMax: 4_000, restartEveryMs: 4_000 });
    expect(report).toMatchObject({
      lost: 0,
      changed: 0,
      doubledCommands: 0,
      soldTwice: 0,
      gaps: 0,
      hashBreaks: 0,
      epochsBack: 0,
      timesBack: 0,
      wrongAwards: 0,
      wrongCloses: 0,
      unanswered: 0,
      halted: 0,
      reexecution: 'equal',
      passed: true,
    });
    expect(report.acknowledged).toBeGreaterThan(10);
    // Four shards, each led once at least: the rest are changes of the leader.
    expect(report.takeovers).toBeGreaterThan(4);
  } finally {
    await server.stop();
  }
});
