/**
 * A real Chromium for tests: the system's where there is one, else the one that npm brings.
 */
import { accessSync, constants } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Nothing but loopback is reached: the browser's own calls home only cost time. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch(await options());
}

/** A browser that keeps its profile in `directory`, as a person's own does. */
export async function launchProfile(directory: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(directory, await options());
}

async function options(): Promise<{ executablePath: string; args: string[] }> {
  const system = process.env['CHROMIUM_PATH'] ?? SYSTEM.find(executable);
  if (system) return { executablePath: system, args: QUIET };
  const { default: bundled } = await import('@sparticuz/chromium');
  return { executablePath: await bundled.executablePath(), args: [...bundled.args, ...QUIET] };
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
