/**
 * Programs of others that the tests check our work with. As root on Debian they are installed; elsewhere
 * the missing ones are named. Tests that need them fail without: a skipped check is no check.
 */
import { spawnSync } from 'node:child_process';
import { say } from './say.mjs';

const TOOLS = {
  pdfsig: 'poppler-utils',
  pdftotext: 'poppler-utils',
  certutil: 'libnss3-tools',
  openssl: 'openssl',
  qpdf: 'qpdf',
  mutool: 'mupdf-tools',
  'redis-server': 'redis-server',
  xmllint: 'libxml2-utils',
  glpsol: 'glpk-utils',
};
/** Shared libraries of the Chromium that comes from npm, where no system Chromium is present. */
const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'];

export function ensureTestTools() {
  const missing = Object.keys(TOOLS).filter((name) => !present(name));
  const packages = [...new Set(missing.map((name) => TOOLS[name]))];
  if (!CHROMIUM.some(present)) packages.push('libnss3', 'libnspr4', 'fonts-noto-cjk');
  if (packages.length === 0) return;
  const debianRoot = process.getuid?.() === 0 && present('apt-get');
  if (!debianRoot) {
    say(
      `Missing for the tests: ${missing.join(', ')}. On Debian or Ubuntu: apt-get install ${packages.join(' ')}`,
    );
    return;
  }
  say(`Installing what the tests need: ${packages.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 2], env });
  const result = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    stdio: ['ignore', 'ignore', 2],
    env,
  });
  if (result.status !== 0) say('apt-get did not succeed; tests that need these programs will fail.');
}

function present(name) {
  return spawnSync('/bin/sh', ['-c', `command -v "$0" >/dev/null`, name]).status === 0;
}
