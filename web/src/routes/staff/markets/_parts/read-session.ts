/** The calendar as a form sends it: one line for each phase, lines without a time left out. */
import type { SessionPhase } from '@seam/protocol';
import { instant, text } from '#lib/form/server.ts';
import { SESSION_ROWS } from './session-rows.ts';

const PHASES = ['closed', 'pre_open', 'call', 'continuous', 'pre_close'] as const;

/** @returns the phases, and of each which line of the form it was: fields of a refusal name the phase. */
export function readSession(data: FormData): { session: SessionPhase[]; lines: number[] } {
  const session: SessionPhase[] = [];
  const lines: number[] = [];
  for (let n = 0; n < SESSION_ROWS; n += 1) {
    const name = `session.${n}`;
    const startsAt = instant(data, `${name}.startsAt`);
    const phase = PHASES.find((one) => one === text(data, `${name}.phase`));
    if (startsAt === null || phase === undefined) continue;
    const seconds = (field: string): number | undefined => {
      const typed = Number(text(data, `${name}.${field}`));
      return phase === 'call' && Number.isInteger(typed) && typed > 0 ? typed : undefined;
    };
    const [noCancelSeconds, randomEndSeconds] = [seconds('noCancelSeconds'), seconds('randomEndSeconds')];
    session.push({
      phase,
      startsAt,
      ...(noCancelSeconds !== undefined && { noCancelSeconds }),
      ...(randomEndSeconds !== undefined && { randomEndSeconds }),
    });
    lines.push(n);
  }
  return { session, lines };
}

/** Names of the market's own terms, as this form calls them. */
const FIELDS: Readonly<Record<string, string>> = {
  instrumentId: 'id',
  gradeId: 'grade',
  specificationId: 'specification',
  'collar.hardBasisPoints': 'hardCollarPercent',
  'collar.softBasisPoints': 'softCollarPercent',
  maximumOrderNotional: 'maximumOrderValue',
  'volatility.basisPoints': 'volatilityPercent',
  'volatility.windowMs': 'volatilityWindowSeconds',
  'volatility.callMs': 'volatilityCallSeconds',
  reopeningCallMs: 'reopeningCallSeconds',
};
const PHASE_FIELDS: Readonly<Record<string, string>> = {
  noCancelMs: 'noCancelSeconds',
  'randomEnd.windowMs': 'randomEndSeconds',
};

/** Fields of a refusal, under the names of the inputs. */
export function formFields(
  fields: Readonly<Record<string, string>> | undefined,
  lines: readonly number[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields ?? {}).map(([name, code]) => {
      const phase = /^session\.(\d+)\.(.+)$/.exec(name.replaceAll('/', '.'));
      if (!phase) return [FIELDS[name] ?? name, code];
      const [, index = '0', field = ''] = phase;
      return [`session.${lines[Number(index)] ?? index}.${PHASE_FIELDS[field] ?? field}`, code];
    }),
  );
}
