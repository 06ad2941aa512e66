/** Installs the pinned packages when they are missing or the lock file has changed. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { PNPM, ROOT, fail, say } from './say.mjs';

const STAMP = path.join(ROOT, 'node_modules/.seam-installed');

export async function ensureInstalled() {
  const wanted = fingerprint();
  if (fs.existsSync(STAMP) && fs.readFileSync(STAMP, 'utf8') === wanted) return;
  say('Installing packages (first start takes a minute) …');
  const started = Date.now();
  const result = spawnSync('npx', ['-y', PNPM, 'install', '--frozen-lockfile'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.error)
    fail(`npx could not be run: ${result.error.message}. Seam needs Node 20 or newer with npm.`);
  if (result.status !== 0) fail('Installing packages failed; the lines above say why.', result.status ?? 1);
  fs.writeFileSync(STAMP, wanted);
  say(`Installed in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
}

function fingerprint() {
  const hash = createHash('sha256');
  const folders = ['packages'].flatMap((folder) =>
    fs.readdirSync(path.join(ROOT, folder)).map((name) => path.join(folder, name)),
  );
  for (const folder of ['.', 'server', 'web', ...folders]) {
    const file = path.join(ROOT, folder, 'package.json');
    if (fs.existsSync(file)) hash.update(fs.readFileSync(file));
  }
  for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml'])
    hash.update(fs.readFileSync(path.join(ROOT, name)));
  return hash.digest('hex');
}
