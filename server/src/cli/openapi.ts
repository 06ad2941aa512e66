/** The API as OpenAPI 3.1, from the same routes that the server registers. Committed, and compared by a test. */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { describeApi } from '../platform/openapi.ts';

export const OPENAPI_FILE = path.resolve(import.meta.dirname, '../../../packages/protocol/openapi.json');

export async function openapi(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { write: { type: 'boolean' } } });
  const text = `${JSON.stringify(await describeApi(), null, 1)}\n`;
  if (values.write) fs.writeFileSync(OPENAPI_FILE, text);
  else process.stdout.write(text);
  return 0;
}
