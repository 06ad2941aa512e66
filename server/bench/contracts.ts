/**
 * Contracts: rendered and signed three times to B-LTA, and verified, beside the same work with node-forge for
 * every RSA signature and every hash of a document; and what a bidder notices while contracts are signed.
 *
 * Options: --rounds 5, --contracts 8 (a round of ours; of the peer's a quarter), --signatures 100 (in all
 * rounds, beside bids), --bids 200 (a second).
 */
import { parseArgs } from 'node:util';
import { type ContractReport, loadFont, verifyContract } from '@seam/esign';
import { type Comparison, compare } from '@seam/testkit/bench';
import { besideBids } from './contracts/beside-bids.ts';
import { type Maths, signedContract } from './contracts/flow.ts';
import { verifiedByForge } from './contracts/forge-verify.ts';
import { type People, createPeople } from './contracts/people.ts';

const CLOCK = 'CPU time of the process with all its threads: what one core can do in a second';

export async function bench(args: string[]): Promise<Comparison[]> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      contracts: { type: 'string', default: '8' },
      signatures: { type: 'string', default: '100' },
      bids: { type: 'string', default: '200' },
    },
  });
  const [rounds, contracts] = [Number(values.rounds), Number(values.contracts)];
  const people = await createPeople(Date.now());
  const fonts = await loadFont();
  let number = 0;
  const sign = (maths: Maths) => signedContract(people, fonts, number++, maths);
  const samples: Record<Maths, Uint8Array> = { native: await sign('native'), forge: await sign('forge') };
  for (const bytes of Object.values(samples)) await mustBeValid(bytes, people);
  for (let warm = 0; warm < 5; warm++) await mustBeValid(await sign('native'), people);
  const facts = {
    clock: CLOCK,
    'bytes of a contract': samples.native.length,
    keys: 'RSA-3072, root RSA-4096',
  };
  const fewer = Math.max(1, Math.round(contracts / 4));
  const signed = await compare({
    bench: 'contracts, rendered and signed three times to B-LTA',
    unit: 'contracts/s',
    subject: { name: 'seam', run: () => rate(contracts, () => sign('native')) },
    peers: [{ name: 'node-forge', run: () => rate(fewer, () => sign('forge')) }],
    rounds,
    facts,
  });
  const verified = await compare({
    bench: 'contracts, verified at B-LTA',
    unit: 'contracts/s',
    subject: { name: 'seam', run: () => rate(contracts * 8, () => mustBeValid(samples.native, people)) },
    peers: [
      {
        name: 'node-forge, mathematics only',
        run: () => rate(contracts, () => mustBeGood(samples.native, people)),
      },
    ],
    rounds,
    facts,
  });
  const [signatures, bidsPerSecond] = [Number(values.signatures), Number(values.bids)];
  return [signed, verified, await besideBids({ rounds, signatures, bidsPerSecond })];
}

async function mustBeValid(bytes: Uint8Array, people: People): Promise<void> {
  const options = { roots: [people.root], at: people.now, requireLevel: 'B-LTA' } as const;
  const report: ContractReport = await verifyContract(bytes, options);
  if (!report.valid) throw new Error(`not valid: ${JSON.stringify(report)}`);
}

async function mustBeGood(bytes: Uint8Array, people: People): Promise<void> {
  if (!verifiedByForge(bytes, people)) throw new Error('forge finds a wrong signature');
}

/** Times of `work` per second of one core. */
async function rate(times: number, work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) await work();
  const { user, system } = process.cpuUsage(before);
  return times / ((user + system) / 1e6);
}
