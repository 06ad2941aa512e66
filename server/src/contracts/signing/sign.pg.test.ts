import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SigningDesk } from '../testing/signing-desk.ts';

let desk: SigningDesk;
beforeAll(async () => {
  desk = await SigningDesk.open();
});
afterAll(async () => desk.close());

describe('a contract', () => {
  it('A18 is signed by both, sealed, archived to B-LTA, and only then binds', async () => {
    const contractId = await desk.bound();
    const view = await desk.view(contractId);
    expect(view).toMatchObject({ state: 'binding', level: 'B-LTA', waitsFor: null, timestampPending: null });
  });
});
