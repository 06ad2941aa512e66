/** Builds the web app when its sources, or those of the packages it bundles, have changed. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, fail, say } from './say.mjs';

const STAMP = path.join(ROOT, 'web/build/.seam-built');

export async function ensureWebBuilt() {
  if (fs.existsSync(STAMP) && fs.readFileSync(STAMP, 'utf8') === fingerprint()) return 0;
  return buildWeb();
}

export async function buildWeb() {
  say('Building the web app …');
  const started = Date.now();
  const result = spawnSync(
    path.join(ROOT, 'node_modules/.bin/pnpm'),
    ['--filter', '@seam/web', 'run', 'build'],
    {
      cwd: ROOT,
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${path.join(ROOT, 'node_modules/.bin')}${path.delimiter}${process.env.PATH}`,
      },
    },
  );
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
    fail('The web app could not be built.', result.status ?? 1);
  }
  fs.writeFileSync(STAMP, fingerprint());
  say(`Built in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
  return 0;
}

function fingerprint() {
  const hash = createHash('sha256');
  const roots = [
    'web/src',
    'web/static',
    'web/messages',
    'web/vite.config.ts',
    'web/package.json',
    'pnpm-lock.yaml',
  ];
  for (const name of ['units', 'coal', 'protocol', 'client', 'esign']) roots.push(`packages/${name}/src`);
  for (const root of roots) add(hash, path.join(ROOT, root));
  return hash.digest('hex');
}

function add(hash, place) {
  const stat = fs.statSync(place, { throwIfNoEntry: false });
  if (!stat) return;
  if (stat.isDirectory()) {
    // Made by the build itself.
    if (path.basename(place) === 'paraglide') return;
    for (const name of fs.readdirSync(place).sort()) add(hash, path.join(place, name));
  } else if (!place.endsWith('.test.ts')) {
    hash.update(path.relative(ROOT, place));
    hash.update(fs.readFileSync(place));
  }
}
