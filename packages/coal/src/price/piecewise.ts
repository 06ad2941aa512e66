/** Functions that are straight between known points: where they cross zero, and what they are in between. */
import { type Rational, add, compare, divide, multiply, rational, subtract } from '../exact/rational.ts';

export type Line = (x: Rational) => Rational | undefined;

/** In rising order, each once. */
export function sortedOnce(points: readonly Rational[]): readonly Rational[] {
  const sorted = points.toSorted(compare);
  return sorted.filter((x, index) => index === 0 || compare(x, sorted[index - 1] ?? x) !== 0);
}

/** `points` with the places in between where one of `lines`, straight in between, is zero. */
export function withCrossings(points: readonly Rational[], lines: readonly Line[]): readonly Rational[] {
  const found = points.slice(1).flatMap((end, index) => {
    const start = points[index] ?? end;
    return lines.flatMap((line) => crossing(start, end, line) ?? []);
  });
  return sortedOnce([...points, ...found]);
}

function crossing(start: Rational, end: Rational, line: Line): Rational | undefined {
  const ends = endsOf(start, end, line);
  if (!ends) return undefined;
  const [a, b] = ends;
  if (compare(a, b) === 0) return undefined;
  const x = subtract(start, multiply(a, divide(subtract(end, start), subtract(b, a))));
  return compare(start, x) < 0 && compare(x, end) < 0 ? x : undefined;
}

/** The limits of `line` at both ends of the open interval, from inside. */
export function endsOf(
  start: Rational,
  end: Rational,
  line: Line,
): readonly [start: Rational, end: Rational] | undefined {
  const third = divide(subtract(end, start), rational(3));
  const [a, b] = [line(add(start, third)), line(subtract(end, third))];
  if (!a || !b) return undefined;
  const rise = subtract(b, a);
  return [subtract(a, rise), add(b, rise)];
}

/** The differences of every two of `lines`. */
export function differences(lines: readonly Line[]): readonly Line[] {
  return lines.flatMap((one, index) =>
    lines.slice(index + 1).map((other): Line => (x) => {
      const [left, right] = [one(x), other(x)];
      return left && right && subtract(left, right);
    }),
  );
}
