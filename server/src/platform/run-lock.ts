/** One Seam per data directory: two would share a PostgreSQL that the first to end stops. */
import fs from 'node:fs';
import path from 'node:path';
import { StartError } from './start-error.ts';

/** @returns the function that gives the lock back. @throws StartError while another process runs here. */
export function takeRunLock(dataDir: string): () => void {
  fs.mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, 'seam.pid');
  const other = Number(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : 0);
  if (other > 0 && other !== process.pid && isSeam(other)) {
    throw new StartError(`Seam already runs on ${dataDir} (process ${other}); stop it, or set SEAM_DATA_DIR`);
  }
  fs.writeFileSync(file, String(process.pid));
  return () => fs.rmSync(file, { force: true });
}

/** A pid left by a killed run may since belong to another program. */
function isSeam(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return (
      process.platform !== 'linux' ||
      fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('server/src/main.ts')
    );
  } catch {
    return false;
  }
}
