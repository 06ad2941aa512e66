/** Work with the root's key, brought from its safe: a new list of revoked authorities, once a year. */
import path from 'node:path';
import { openKeyVault, publishRootList, readRootKey } from '../contracts/public.ts';
import { readConfig } from '../platform/config.ts';
import { StartError } from '../platform/start-error.ts';
import { withDatabase } from './with-database.ts';

export async function pki(args: string[]): Promise<number> {
  if (args.length !== 1 || args[0] !== 'root-crl') {
    process.stderr.write('usage: seam pki root-crl\n');
    return 2;
  }
  const config = readConfig(process.env);
  const directory = path.join(config.dataDir, 'pki');
  const signer = readRootKey(directory, openKeyVault({ directory, key: config.pkiKey }));
  if (!signer) throw new StartError(`bring the root's key back first: ${directory}/root.key.sealed`);
  const list = await withDatabase(async (sql) => {
    const [row] = await sql<{ certificate: Buffer }[]>`select certificate from authority where role = 'root'`;
    if (!row) throw new StartError('there is no root yet: start the exchange once');
    const root = new Uint8Array(row.certificate);
    return sql.begin(async (tx) => publishRootList(tx, { root, signer, now: new Date() }));
  });
  process.stdout.write(`root.crl number ${list.number}, next update ${list.nextUpdate.toISOString()}\n`);
  return 0;
}
