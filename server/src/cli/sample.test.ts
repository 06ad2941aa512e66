import { verifyContract } from '@seam/esign';
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { sampleContract } from './sample.ts';

it('a sample contract is valid to B-LTA under the root written beside it, and is in its package', async () => {
  const made = await sampleContract(Date.now());
  const report = await verifyContract(made['contract.pdf']!, {
    roots: [made['root.cer']!],
    at: Date.now(),
    requireRevocation: true,
    requireLevel: 'B-LTA',
  });
  expect(report).toMatchObject({ valid: true, level: 'B-LTA', findings: [] });
  const files = unzipSync(made['evidence.zip']!);
  expect(Buffer.from(files['contract.pdf']!).equals(made['contract.pdf']!)).toBe(true);
});
