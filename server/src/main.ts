/**
 * Starts one process of the exchange: reads the configuration, brings up what it needs in order, and
 * says each step. Every reason not to start is one line and exit code 1.
 */
import { readConfig } from './platform/config.ts';
import { startProgress } from './platform/progress.ts';
import { Shutdown } from './platform/shutdown.ts';
import { StartError } from './platform/start-error.ts';
import { startWatchdog } from './platform/watchdog.ts';

const shutdown = new Shutdown();
const complain = (name: string, error: unknown): void => {
  process.stderr.write(
    `${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
};

try {
  const config = readConfig(process.env);
  shutdown.install(complain);
  // Loaded only now: a wrong setting is said at once, not after everything has been read.
  const { startSeam } = await import('./start.ts');
  const banner = await startSeam(config, shutdown, startProgress());
  // The long work of the start is done: from here on a loop that does not turn is a fault.
  shutdown.add('watchdog', startWatchdog());
  process.stdout.write(`${banner}\n`);
} catch (error) {
  const line = error instanceof StartError ? error.message : undefined;
  if (line) process.stderr.write(`Seam cannot start: ${line}\n`);
  else complain('Seam cannot start', error);
  await shutdown.run(complain);
  process.exit(1);
}
