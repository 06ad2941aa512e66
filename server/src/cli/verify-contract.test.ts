import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { toPem } from '@seam/esign';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sampleContract } from './sample.ts';
import { verify } from './verify.ts';

let folder = '';
const file = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-verify-'));
  const made = await sampleContract(Date.now());
  const contract = made['contract.pdf']!;
  const changed = new Uint8Array(contract);
  changed[5_000]! ^= 1;
  const stranger = await sampleContract(Date.now());
  const contents = {
    'contract.pdf': contract,
    'changed.pdf': changed,
    'root.cer': made['root.cer']!,
    'root.pem': toPem('CERTIFICATE', made['root.cer']!),
    'other-root.cer': stranger['root.cer']!,
    'text.txt': 'no certificate, no contract',
  };
  for (const [name, content] of Object.entries(contents)) fs.writeFileSync(file(name), content);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

it.each([
  ['contract.pdf', 'root.cer', 0, []],
  ['contract.pdf', 'root.pem', 0, []],
  ['changed.pdf', 'root.cer', 1, ['DIGEST_MISMATCH']],
  ['contract.pdf', 'other-root.cer', 1, ['CERT_SIGNATURE_INVALID']],
  ['text.txt', 'root.cer', 1, ['NOT_EXCHANGE_PROFILE']],
])('verify contract %s under %s ends with %i and the codes %o', async (contract, root, status, codes) => {
  const done = await seam('contract', file(contract), '--root', file(root), '--json');
  expect(done.status, done.stderr).toBe(status);
  const report = JSON.parse(done.stdout) as {
    valid: boolean;
    findings: { code: string }[];
    signatures: { findings: { code: string }[] }[];
  };
  const found = [...report.findings, ...report.signatures.flatMap(({ findings }) => findings)];
  expect(report.valid).toBe(status === 0);
  expect(found.map(({ code }) => code)).toEqual(expect.arrayContaining(codes));
  if (status === 0) expect(found).toEqual([]);
});

it.each([
  ['no root', ['contract.pdf'], 'usage'],
  ['a root that is none', ['contract.pdf', 'text.txt'], 'is no certificate'],
  ['a file that is not there', ['nothing.pdf', 'root.cer'], 'cannot be read'],
])('verify contract with %s ends with 2 and says why', async (_, [contract, root], says) => {
  const done = await seam('contract', file(contract!), ...(root ? ['--root', file(root)] : []));
  expect(done).toMatchObject({ status: 2, stdout: '' });
  expect(done.stderr).toContain(says);
});

/** What the command prints and ends with. */
async function seam(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((to) =>
    vi.spyOn(process[to], 'write').mockImplementation((text) => {
      printed[to] += String(text);
      return true;
    }),
  );
  try {
    const status = await verify(args);
    return { status, ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
