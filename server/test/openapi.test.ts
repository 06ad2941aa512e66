import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OPENAPI_FILE } from '../src/cli/openapi.ts';
import { describeApi } from '../src/platform/openapi.ts';

describe('openapi.json', () => {
  it('is what the routes say (npm run -s seam -- openapi --write brings it up to date)', async () => {
    expect(JSON.parse(fs.readFileSync(OPENAPI_FILE, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(await describeApi())),
    );
  });
});
