/** A life as a row of steps: those before `current` are done. */
import type { Step } from '#lib/ui/step.ts';

export function stepsUpTo(labels: readonly string[], current: number): Step[] {
  const last = labels.length - 1;
  return labels.map((label, place) => ({
    id: String(place),
    label,
    state:
      place < current || (place === last && current === last)
        ? 'done'
        : place === current
          ? 'current'
          : 'todo',
  }));
}
