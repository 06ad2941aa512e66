/** Values inside plain JSON, by paths such as `payment.provisionalWithinDays` or `quality.rules.0.per`. */

export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return undefined;
    return (inner as Record<string, unknown>)[key];
  }, value);
}

/** A copy with another value at `path`; undefined when the path leads nowhere in it. */
export function withValueAt<T>(value: T, path: string, to: unknown): T | undefined {
  const [key = '', ...rest] = path.split('.');
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  const inner = (value as Record<string, unknown>)[key];
  const changed = rest.length === 0 ? to : withValueAt(inner, rest.join('.'), to);
  if (changed === undefined) return undefined;
  if (Array.isArray(value)) return value.map((one, at) => (String(at) === key ? changed : one)) as T;
  return { ...value, [key]: changed };
}

/** A copy with `to` at `path`, its objects made where there are none; null takes away what stands there. */
export function setAt<T>(value: T, path: string, to: unknown): T {
  const [key = '', ...rest] = path.split('.');
  const own = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const inner = Object.hasOwn(own, key) ? own[key] : undefined;
  const next = rest.length === 0 ? to : setAt(inner ?? {}, rest.join('.'), to);
  const { [key]: _old, ...others } = own;
  const empty = next === null || (typeof next === 'object' && Object.keys(next).length === 0);
  return (empty ? others : { ...others, [key]: next }) as T;
}

/** Every text, number, boolean, null and empty object in `value`, with its path below `prefix`. */
export function leavesOf(value: unknown, prefix = ''): { path: string; value: unknown }[] {
  // An empty object says something too: that it is there.
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    return [{ path: prefix, value }];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, prefix === '' ? key : `${prefix}.${key}`),
  );
}
