import path from 'node:path';

export const ROOT = path.resolve(
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
  '../..',
);
/** The same version as in package.json; needed here before anything is installed. */
export const PNPM = 'pnpm@12.21.0';

export function say(line) {
  process.stderr.write(`${line}\n`);
}

export function fail(line, code = 1) {
  say(line);
  process.exit(code);
}
