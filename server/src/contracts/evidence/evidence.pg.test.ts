import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { verifyContract } from '@seam/esign';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SigningDesk } from '../testing/signing-desk.ts';

let desk: SigningDesk;
let contractId: string;
let folder: string;
let files: Record<string, Uint8Array>;
let zipped: Buffer;
beforeAll(async () => {
  desk = await SigningDesk.open();
  contractId = await desk.bound();
  const got = await desk.call('buyer', 'GET', `/v1/contracts/${contractId}/evidence.zip`);
  if (got.status !== 200)
    throw new Error(JSON.stringify([got.body, await desk.view(contractId)]).slice(0, 600));
  zipped = got.raw;
  files = unzipSync(new Uint8Array(zipped));
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-evidence-'));
  for (const [name, bytes] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), bytes);
  }
});
afterAll(async () => {
  await desk.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const text = (name: string): string => Buffer.from(files[name]!).toString('utf8');

describe('the evidence package', () => {
  it('is the same for both parties and staff, byte by byte, every time', async () => {
    for (const who of ['seller', 'buyer', 'staff'] as const) {
      const again = await desk.call(who, 'GET', `/v1/contracts/${contractId}/evidence.zip`);
      expect(createHash('sha256').update(again.raw).digest('hex')).toBe(
        createHash('sha256').update(zipped).digest('hex'),
      );
    }
  });

  it('proves the contract by outside tools alone: every command of its README, in its folder', () => {
    const blocks = [...text('README.md').matchAll(/```sh\n(.*?)```/gs)].map(([, code]) => code!);
    expect(blocks).toHaveLength(7);
    const said = execFileSync('sh', ['-e', '-c', `exec 2>&1\n${blocks.join('\n')}`], {
      cwd: folder,
      encoding: 'utf8',
    });
    const count = (of: string): number => said.split(of).length - 1;
    expect(count('CAdES Verification successful')).toBe(3);
    expect(count('Verification: OK')).toBe(4);
    expect(count('Response verify OK')).toBeGreaterThanOrEqual(3);
    expect(count(': good')).toBe(3);
    // Five files by their sums, three certificates by their path and both lists.
    expect(count('.pem: OK')).toBe(5 + 3);
    expect(count('Signature is Valid')).toBe(3);
    expect(count('Certificate is Trusted')).toBe(3);
    expect(said).toContain('No syntax or stream encoding errors found');
  });

  it('holds the contract at level B-LTA, which verifies under the root beside it', async () => {
    const report = await verifyContract(files['contract.pdf']!, {
      roots: [files['root.cer']!],
      at: Date.now(),
      requireRevocation: true,
      requireLevel: 'B-LTA',
    });
    expect(report).toMatchObject({ valid: true, level: 'B-LTA', findings: [] });
    expect(JSON.parse(text('report.json'))).toMatchObject({ valid: true, level: 'B-LTA' });
    const [row] = await desk.sql<{ sha: Buffer; terms: string }[]>`select final_sha256 as sha, terms
      from contract_archive join contract on id = contract_id where contract_id = ${contractId}`;
    expect(createHash('sha256').update(files['contract.pdf']!).digest('hex')).toBe(row!.sha.toString('hex'));
    expect(text('terms.json')).toBe(row!.terms);
  });

  it('says how each signer proved to be there, and where its certificates stand in the log', () => {
    const facts = JSON.parse(text('sessions.json'));
    expect(facts).toMatchObject([
      { field: 'sig_seller', session: { person: '王伟', proof: 'password' } },
      { field: 'sig_buyer', session: { person: 'Anna de Vries', proof: 'password' } },
      { field: 'sig_centre', session: null },
    ]);
    expect(text('sessions.json')).not.toContain('127.0.0.1');
    for (const line of JSON.parse(text('certificate-log.json'))) {
      const chain = createHash('sha256')
        .update(Buffer.from(line.previousChainHash, 'hex'))
        .update(Buffer.from(line.leafHash, 'hex'))
        .digest('hex');
      expect(line.chainHash).toBe(chain);
    }
    expect(JSON.parse(text('certificate-log.json'))).toHaveLength(3);
  });
});
