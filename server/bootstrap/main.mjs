/**
 * What `npm start`, `npm test` and `npm run …` call first. Plain JavaScript for any Node from 20 on,
 * because the project's own Node is not there before the first install.
 *
 * Brings what is missing (packages, the web build, programs that tests need), then hands over to the
 * project's Node. Everything it says goes to standard error, so that `--json` output stays clean.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureInstalled } from './install.mjs';
import { ROOT, fail } from './say.mjs';
import { ensureTestTools } from './test-tools.mjs';
import { buildWeb, ensureWebBuilt } from './web-build.mjs';

const [command, ...rest] = process.argv.slice(2);
const NODE = path.join(ROOT, 'node_modules/.bin/node');
/**
 * MB of each half of the young generation. A hot auction makes some 200 MB of short-lived objects a second:
 * in the default 16 MB many of them are copied twice before they die (half as many bids a second again).
 */
const NODE_FLAGS = ['--max-semi-space-size=64'];
const bin = (name) => path.join(ROOT, 'node_modules/.bin', name);

const commands = {
  async start() {
    await ensureWebBuilt();
    return run(NODE, [...NODE_FLAGS, 'server/src/main.ts', ...rest]);
  },
  async seam() {
    return run(NODE, [...NODE_FLAGS, 'server/src/cli/main.ts', ...rest]);
  },
  async build() {
    return buildWeb();
  },
  async test() {
    ensureTestTools();
    await ensureWebBuilt();
    return run(bin('vitest'), ['run', ...rest]);
  },
  async check() {
    const steps = [
      ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
      ['lint', bin('oxlint'), ['--type-aware', '--deny-warnings']],
      ['types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
      ['svelte-check', bin('pnpm'), ['--filter', '@seam/web', 'run', '--silent', 'check']],
      ['borders', bin('depcruise'), ['--config', '.dependency-cruiser.cjs', 'packages', 'server', 'web/src']],
      ['dead code', bin('knip'), []],
      ['pure tests', bin('vitest'), ['run', '--project', 'pure']],
    ];
    for (const [name, program, args] of steps) {
      process.stderr.write(`\n— ${name}\n`);
      const code = await run(program, args);
      if (code !== 0) fail(`check stopped at: ${name}`, code);
    }
    return 0;
  },
};

const action = commands[command];
if (!action) fail(`unknown command ${command}; one of ${Object.keys(commands).join(', ')}`);
await ensureInstalled();
process.exitCode = await action();

/** Runs in the foreground with our signals passed on, and gives back the exit code. */
function run(program, args) {
  return new Promise((resolve, reject) => {
    const env = {
      // What a process has compiled the next one reads: a start takes a third less of the processor.
      NODE_COMPILE_CACHE: path.join(ROOT, 'node_modules/.cache/node'),
      ...process.env,
      PATH: `${path.join(ROOT, 'node_modules/.bin')}${path.delimiter}${process.env.PATH}`,
    };
    const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit', env });
    // The terminal sends Ctrl-C to the whole group; a lone kill reaches only us and must be passed on.
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', () => {});
    process.on('SIGTERM', pass);
    process.on('SIGHUP', pass);
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}
