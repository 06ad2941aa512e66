/** Functions that are straight between known points: where they cross zero, and what they are in between. */
import { type Rational, add, compare, divide, multiply, rational, subtract } from '../exact/rational.ts';

export type Line = (x: Rational) => Rational | undefined;

/** In rising order, each once. */
export function sortedOnce(points: readonly Rational[]): readonly Rational[] {
  const sorted = points.toSorted(compare);
  return sorted.filter((x, index) => index === 0 || compare(x, sorted[index - 1] ?? x) !== 0);
}

/** Several lines at once, so that what they share is computed once; always as many, in one order. */
export type Bundle = (x: Rational) => readonly (Rational | undefined)[];

/** `points` with the places in between where two of the lines, straight in between, meet. */
export function withMeetings(points: readonly Rational[], bundle: Bundle): readonly Rational[] {
  const found = points.slice(1).flatMap((end, index) => meetings(points[index] ?? end, end, bundle));
  return sortedOnce([...points, ...found]);
}

function meetings(start: Rational, end: Rational, bundle: Bundle): readonly Rational[] {
  const third = divide(subtract(end, start), rational(3));
  const left = add(start, third);
  const [before, after] = [bundle(left), bundle(subtract(end, third))];
  const distances = (values: readonly (Rational | undefined)[]): readonly (Rational | undefined)[] =>
    values.flatMap((one, index) =>
      values.slice(index + 1).map((other) => one && other && subtract(one, other)),
    );
  const later = distances(after);
  return distances(before).flatMap((a, index) => {
    const b = later[index];
    if (!a || !b || compare(a, b) === 0) return [];
    const x = add(left, multiply(a, divide(third, subtract(a, b))));
    return compare(start, x) < 0 && compare(x, end) < 0 ? [x] : [];
  });
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
