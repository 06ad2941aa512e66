/** Changes of negotiable parameters: what may be asked for, by whom and when, and the terms they lead to. */
import { canonicalJson } from '@seam/units';
import { ARRANGEMENT, arranged, isRearrangement } from './arrange.ts';
import type { Negotiation, Parameter } from './clause.ts';
import { computedPrice } from './formula-price.ts';
import { type TermsProblemCode, checkTerms } from './parse.ts';
import { setAt, valueAt, withValueAt } from './path.ts';
import type { LibraryTerms } from './terms.ts';
import { clausesOfTerms } from './text.ts';

/** One parameter, whole: what stood there and what shall. */
export type Change = {
  readonly clause: string;
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
};

/** `path` may lead into a parameter, for example to one rate of one rule. */
export type WantedChange = { readonly path: string; readonly to: unknown };

/** How far the money has come: see `Negotiation.amend`. */
export type Stage = 'signing' | 'funding' | 'result' | 'end' | 'over';

export type ChangeProblemCode =
  | TermsProblemCode
  | 'unknown_parameter'
  | 'not_negotiable'
  | 'not_yours'
  | 'too_late'
  | 'unchanged'
  | 'may_only_fall';
export type ChangeProblem = { readonly path: string; readonly code: ChangeProblemCode };

export type Wished =
  | { readonly ok: true; readonly changes: readonly Change[]; readonly terms: LibraryTerms }
  | { readonly ok: false; readonly problems: readonly ChangeProblem[] };

/**
 * @param of.side null asks whether anybody may, as when an agreed change is about to take effect.
 * @returns the changes, one for each parameter, and the terms with them; or why each cannot be.
 */
export function wish(
  terms: LibraryTerms,
  wanted: readonly WantedChange[],
  of: { readonly side: 'seller' | 'buyer' | null; readonly stage: Stage },
): Wished {
  const whole = rearranged(terms, wanted, of.stage);
  if (whole) return whole;
  const problems: ChangeProblem[] = [];
  let changed = terms;
  for (const { path, to } of wanted) {
    const found = parameterAt(terms, path);
    const code = found ? forbidden(found.parameter.negotiation, of) : 'unknown_parameter';
    if (code) problems.push({ path, code });
    const next = code ? undefined : withValueAt(changed, path, to);
    if (!code && next === undefined) problems.push({ path, code: 'unknown_parameter' });
    changed = next ?? changed;
  }
  if (problems.length > 0) return { ok: false, problems };
  const impossible = checkTerms(priced(changed));
  if (impossible.length > 0) return { ok: false, problems: impossible };
  changed = priced(changed);
  if (BigInt(changed.quantityKg) > BigInt(terms.quantityKg))
    return { ok: false, problems: [{ path: 'quantityKg', code: 'may_only_fall' }] };
  const changes = changesBetween(terms, changed);
  if (changes.length === 0) return { ok: false, problems: [{ path: '', code: 'unchanged' }] };
  return { ok: true, changes, terms: changed };
}

/** A wish for another kind of sale, or one such as it was agreed on. */
function rearranged(terms: LibraryTerms, wanted: readonly WantedChange[], stage: Stage): Wished | undefined {
  const [only] = wanted;
  const asked = wanted.length === 1 && only?.path === ARRANGEMENT;
  if (!asked && !isRearrangement(wanted)) return undefined;
  const no = (problems: readonly ChangeProblem[]): Wished => ({ ok: false, problems });
  if (stage !== 'signing') return no([{ path: ARRANGEMENT, code: 'too_late' }]);
  const to = asked ? arranged(terms, only.to) : undefined;
  const changed = to?.terms ?? setAll(terms, wanted);
  const impossible = to?.problems ?? checkTerms(changed);
  if (impossible.length > 0) return no(impossible);
  const changes = changesBetween(terms, changed);
  return changes.length > 0 ? { ok: true, changes, terms: changed } : no([{ path: '', code: 'unchanged' }]);
}

/** The formula decides where there is one: nobody states its result. */
function priced(terms: LibraryTerms): LibraryTerms {
  try {
    const price = computedPrice(terms);
    return price === undefined ? terms : { ...terms, pricePerTonne: String(price) };
  } catch {
    // What is no number there is found by the check that follows.
    return terms;
  }
}

function parameterAt(
  terms: LibraryTerms,
  path: string,
): { clause: string; parameter: Parameter } | undefined {
  for (const clause of clausesOfTerms(terms)) {
    const parameter = clause.parameters.find((one) => path === one.path || path.startsWith(`${one.path}.`));
    if (parameter) return { clause: clause.id, parameter };
  }
  return undefined;
}

function forbidden(
  { before, amend }: Negotiation,
  { side, stage }: { readonly side: 'seller' | 'buyer' | null; readonly stage: Stage },
): ChangeProblemCode | undefined {
  if (stage === 'signing') {
    if (before === 'nobody') return 'not_negotiable';
    return before === 'either' || side === null || before === side ? undefined : 'not_yours';
  }
  if (amend === 'never') return 'not_negotiable';
  return mayAmend(amend, stage) ? undefined : 'too_late';
}

const LATER: Record<Exclude<Stage, 'signing'>, number> = { funding: 0, result: 1, end: 2, over: 3 };

/** Whether what is safe until `amend` is still safe at `stage`. */
export function mayAmend(amend: Negotiation['amend'], stage: Exclude<Stage, 'signing'>): boolean {
  return amend !== 'never' && stage !== 'over' && LATER[stage] <= LATER[amend];
}

/** Every parameter that differs, in the order of the clauses. Null: it did not stand there, or no longer does. */
export function changesBetween(from: LibraryTerms, to: LibraryTerms): Change[] {
  const [before, after] = [clausesOfTerms(from), clausesOfTerms(to)];
  const changes = after.flatMap((clause) =>
    clause.parameters.flatMap(({ path }): Change[] => {
      const [old = null, next] = [valueAt(from, path), valueAt(to, path)];
      return canonicalJson(old) === canonicalJson(next)
        ? []
        : [{ clause: clause.id, path, from: old, to: next }];
    }),
  );
  const gone = before.flatMap((clause) =>
    clause.parameters
      .filter(({ path }) => valueAt(to, path) === undefined)
      .map(({ path }): Change => ({ clause: clause.id, path, from: valueAt(from, path), to: null })),
  );
  const other = canonicalJson(from.template) !== canonicalJson(to.template);
  const template = { clause: 'template', path: 'template', from: from.template, to: to.template };
  return [...(other ? [template] : []), ...changes, ...gone];
}

/** @returns undefined when what stands in `terms` is not what the changes start from. */
export function applyChanges(terms: LibraryTerms, changes: readonly Change[]): LibraryTerms | undefined {
  let changed: LibraryTerms | undefined = terms;
  for (const { path, from, to } of changes) {
    const now = valueAt(terms, path) ?? null;
    if (canonicalJson(now) !== canonicalJson(from)) return undefined;
    if (from === null || to === null) changed = changed && setAt(changed, path, to);
    else changed = changed && withValueAt(changed, path, to);
  }
  return changed;
}

const setAll = (terms: LibraryTerms, wanted: readonly WantedChange[]): LibraryTerms =>
  wanted.reduce((changed, { path, to }) => setAt(changed, path, to), terms);

/** The next version before anybody is bound: another document, which names the one it replaces. */
export function nextVersion(
  terms: LibraryTerms,
  of: {
    readonly changes: readonly Change[];
    readonly supersedes: NonNullable<LibraryTerms['supersedes']>;
    readonly issuedAt: Date;
  },
): LibraryTerms | undefined {
  const changed = applyChanges(terms, of.changes);
  return (
    changed && {
      ...changed,
      version: terms.version + 1,
      supersedes: of.supersedes,
      issuedAt: of.issuedAt.toISOString(),
    }
  );
}
