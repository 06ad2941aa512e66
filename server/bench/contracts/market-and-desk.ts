/**
 * One process that runs a market and signs contracts, as the exchange does: the auction's engine and sockets,
 * and beside them the routes of signing, the press and the authorities, on the same database.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Holder, SigningDesk } from '../../src/contracts/testing/signing-desk.ts';
import { openDatabase } from '../../src/platform/db.ts';
import { answer } from '../support/child.ts';
import { startSeam } from '../live/seam-server.ts';

const [url = ''] = process.argv.slice(2);
const place = await startSeam(url);
const sql = await openDatabase(url, { max: 10 });
const desk = await SigningDesk.open({ db: { url, sql, close: () => sql.end({ timeout: 2 }) } });
const seller = await desk.certify('seller');
const buyer = await desk.certify('buyer');
const issued: string[] = [];

answer({
  place: () => place,
  /** Contracts with their documents, ready to be signed. */
  async issue({ contracts }: { contracts: number }) {
    for (let i = 0; i < contracts; i += 1) issued.push(await desk.newContract());
  },
  /** Signed by both parties and the centre, archived to B-LTA, bound; and how late the event loop came to be. */
  async sign({ contracts }: { contracts: number }) {
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    const started = performance.now();
    for (const contractId of issued.splice(0, contracts)) {
      await sign('seller', contractId, seller);
      await sign('buyer', contractId, buyer);
      await desk.settle();
      const { state } = await desk.view(contractId);
      if (state !== 'binding') throw new Error(`the contract is ${state}`);
    }
    loop.disable();
    return { ms: performance.now() - started, loopMaxMs: loop.max / 1e6 };
  },
});

async function sign(side: 'seller' | 'buyer', contractId: string, holder: Holder): Promise<void> {
  const done = await desk.signed(side, contractId, holder);
  if (done.status !== 200) throw new Error(`not signed: ${done.code}`);
}
