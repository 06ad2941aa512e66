import { expect, test } from 'vitest';
import { formFields, readSession } from './read-session.ts';
import { SESSION_ROWS, suggestedDay } from './session-rows.ts';

function typed(rows: readonly (Record<string, string> | null)[]): FormData {
  const data = new FormData();
  rows.forEach((row, n) => {
    for (const [name, value] of Object.entries(row ?? {})) data.set(`session.${n}.${name}`, value);
    data.set(`session.${n}.startsAt.zone`, 'Asia/Shanghai');
  });
  return data;
}

test('lines without a time are left out, and refusals still find their line', () => {
  const { session, lines } = readSession(
    typed([
      { phase: 'call', startsAt: '2026-12-01T09:00', noCancelSeconds: '5', randomEndSeconds: '20' },
      null,
      { phase: 'closed', startsAt: '2026-12-01T17:00' },
    ]),
  );
  expect(session).toEqual([
    { phase: 'call', startsAt: '2026-12-01T01:00:00.000Z', noCancelSeconds: 5, randomEndSeconds: 20 },
    { phase: 'closed', startsAt: '2026-12-01T09:00:00.000Z' },
  ]);
  expect(lines).toEqual([0, 2]);
  expect(
    formFields({ 'session.1.startsAt': 'invalid', 'session.0.noCancelMs': 'out_of_range' }, lines),
  ).toEqual({
    'session.2.startsAt': 'invalid',
    'session.0.noCancelSeconds': 'out_of_range',
  });
});

test('only calls bar cancels and end at random', () => {
  const { session } = readSession(
    typed([
      { phase: 'continuous', startsAt: '2026-12-01T09:00', noCancelSeconds: '5', randomEndSeconds: '20' },
    ]),
  );
  expect(session).toEqual([{ phase: 'continuous', startsAt: '2026-12-01T01:00:00.000Z' }]);
});

test('what the market calls its terms is shown beside the inputs of this form', () => {
  expect(formFields({ 'collar.softBasisPoints': 'out_of_range', tickSize: 'not_positive' }, [])).toEqual({
    softCollarPercent: 'out_of_range',
    tickSize: 'not_positive',
  });
  expect(formFields(undefined, [])).toEqual({});
});

test('the suggested day is in order, ends closed and has room in the form', () => {
  const day = suggestedDay(Date.parse('2026-12-01T00:00:30Z'));
  const times = day.map(({ startsAt }) => startsAt);
  expect(times).toEqual(times.toSorted());
  expect(times[0]).toBe('2026-12-01T00:06:00.000Z');
  expect(day.at(-1)?.phase).toBe('closed');
  expect(day.length).toBeLessThanOrEqual(SESSION_ROWS);
});
