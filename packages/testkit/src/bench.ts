/**
 * Measures one thing beside others, fairly on a noisy machine: the sides take turns within every round,
 * and what counts is the ratio inside a round, never a figure of one round against one of another.
 */

/** `run` is one round and returns operations per second, or whatever value is measured. */
export type Side = { readonly name: string; readonly run: () => number | Promise<number> };

type Spread = { readonly median: number; readonly min: number; readonly max: number };

export type Comparison = {
  readonly bench: string;
  readonly unit: string;
  readonly rounds: number;
  readonly sides: Record<string, { median: number; min: number; max: number; rounds: number[] }>;
  /** How many times better the subject is than each peer, per round. */
  readonly ratios: Record<string, { median: number; min: number; max: number }>;
  readonly facts: Record<string, unknown>;
};

const ROUNDS = 5;

/**
 * Runs every side once a round; each round begins with another side, so that none is always first.
 * @param options.better `more` (default): a ratio is subject over peer; `less`: peer over subject.
 * @throws RangeError when a side measured nothing that is a number above zero.
 */
export async function compare(options: {
  bench: string;
  unit: string;
  subject: Side;
  peers: readonly Side[];
  rounds?: number;
  facts?: Record<string, unknown>;
  better?: 'more' | 'less';
}): Promise<Comparison> {
  const { bench, unit, subject, peers, rounds = ROUNDS, facts = {}, better = 'more' } = options;
  const sides = [subject, ...peers];
  const measured = new Map<Side, number[]>(sides.map((side) => [side, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < sides.length; turn += 1) {
      const side = sides[(round + turn) % sides.length]!;
      const value = await side.run();
      if (!(value > 0) || !Number.isFinite(value))
        throw new RangeError(`${bench}: ${side.name} measured ${value} ${unit}`);
      measured.get(side)!.push(value);
      process.stderr.write(`${bench} ${round + 1}/${rounds} ${side.name}: ${short(value)} ${unit}\n`);
    }
  }
  const own = measured.get(subject)!;
  const ratioOf = (peer: Side): number[] =>
    measured
      .get(peer)!
      .map((value, round) => (better === 'more' ? own[round]! / value : value / own[round]!));
  return {
    bench,
    unit,
    rounds,
    sides: Object.fromEntries(
      sides.map((side) => {
        const values = measured.get(side)!;
        return [side.name, { ...spread(values), rounds: values }];
      }),
    ),
    ratios: Object.fromEntries(peers.map((peer) => [peer.name, spread(ratioOf(peer))])),
    facts,
  };
}

/**
 * The exponent of cost against size: 0 when size does not matter, 1 when cost grows as size does.
 * The slope of a least-squares line through the logarithms.
 * @throws RangeError on fewer than two different sizes.
 */
export function growth(points: readonly { size: number; cost: number }[]): number {
  const xs = points.map(({ size }) => Math.log(size));
  const ys = points.map(({ cost }) => Math.log(cost));
  const x = mean(xs);
  const y = mean(ys);
  const across = xs.reduce((sum, each) => sum + (each - x) ** 2, 0);
  if (across === 0) throw new RangeError('growth needs two sizes');
  return xs.reduce((sum, each, index) => sum + (each - x) * (ys[index]! - y), 0) / across;
}

/** Writes to standard output: a line of JSON, or a table for people. */
export function print(comparison: Comparison, { json }: { json: boolean }): void {
  process.stdout.write(json ? `${JSON.stringify(comparison)}\n` : table(comparison));
}

function table({ bench, unit, rounds, sides, ratios, facts }: Comparison): string {
  const lines = [`${bench} · ${rounds} rounds`];
  for (const [name, side] of Object.entries(sides)) {
    const range = `${short(side.median).padStart(12)} ${unit}  (${short(side.min)} to ${short(side.max)})`;
    const ratio = ratios[name];
    const beside = ratio
      ? `  ratio ${short(ratio.median)}x (${short(ratio.min)} to ${short(ratio.max)})`
      : '';
    lines.push(`  ${name.padEnd(24)} ${range}${beside}`);
  }
  for (const [name, value] of Object.entries(facts)) lines.push(`  ${name}: ${fact(value)}`);
  return `${lines.join('\n')}\n`;
}

function fact(value: unknown): string {
  if (typeof value === 'number') return short(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Three figures are as many as a noisy machine can tell apart. */
function short(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return Number(value.toPrecision(3)).toString();
}
