/** A thread's own connection: made when the first file is asked for, given up when none is for a while. */
import { workerData } from 'node:worker_threads';
import postgres, { type Sql } from 'postgres';

/** What a thread that reads files is started with. */
export type FileThreadData = { readonly databaseUrl: string };

const IDLE_S = 60;

export function threadDatabase(): Sql {
  const { databaseUrl } = workerData as FileThreadData;
  return postgres(databaseUrl, {
    max: 1,
    idle_timeout: IDLE_S,
    connect_timeout: 10,
    onnotice: () => {},
    connection: { application_name: 'seam contract files' },
  });
}
