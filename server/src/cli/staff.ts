/** Makes a person of the centre. The password comes by environment, so that no shell history keeps it. */
import { parseArgs } from 'node:util';
import { createStaff } from '../members/public.ts';
import { withDatabase } from './with-database.ts';

export async function staff(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { name: { type: 'string' }, email: { type: 'string' } },
  });
  const password = process.env['SEAM_PASSWORD'];
  if (positionals[0] !== 'create' || !values.name || !values.email || !password) {
    process.stderr.write('usage: SEAM_PASSWORD=… seam staff create --name NAME --email EMAIL\n');
    return 2;
  }
  const { name, email } = { name: values.name, email: values.email };
  const id = await withDatabase(async (sql) => createStaff(sql, { name, email, password }));
  process.stdout.write(`${id}\n`);
  return 0;
}
