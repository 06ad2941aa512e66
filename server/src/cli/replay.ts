/** Replays records of other markets, to see that what we compute is what they saw. */
import * as auctions from './replay/auctions/index.ts';
import { ReplayError } from './replay/error.ts';
import * as orders from './replay/orders.ts';
import * as reports from './replay/reports.ts';

/** Each gives 0 when done, 2 when not understood. */
const replays: Record<string, { run: (args: string[]) => Promise<number>; usage: string }> = {
  orders: { run: orders.replayOrders, usage: orders.USAGE },
  reports: { run: reports.replayReports, usage: reports.USAGE },
  auctions: { run: auctions.replayAuctions, usage: auctions.USAGE },
};

export async function replay(args: string[]): Promise<number> {
  const [name = '', ...rest] = args;
  try {
    const code = Object.hasOwn(replays, name) ? await replays[name]!.run(rest) : 2;
    if (code === 2) process.stderr.write(usage());
    return code;
  } catch (error) {
    if (error instanceof ReplayError) process.stderr.write(`seam replay: ${error.message}\n`);
    else if (isMisuse(error)) process.stderr.write(`seam replay: ${error.message}\n${usage()}`);
    else throw error;
    return isMisuse(error) ? 2 : 1;
  }
}

/** An option that parseArgs does not know. */
function isMisuse(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

function usage(): string {
  const lines = Object.values(replays).map(({ usage }) => `  seam replay ${usage}\n`);
  return `usage:\n${lines.join('')}`;
}
